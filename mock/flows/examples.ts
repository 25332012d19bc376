import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFlow, type FlowDescription, type FlowJson } from '../../fixtures/build-flow.ts';
import { ownCatalogue } from '../components/catalogue.ts';
import type { Mock } from '../mock.ts';
import type { FlowRow } from '../store/tables.ts';
import { flowRow } from './rows.ts';

/** A flow with its tags on the page of templates. */
interface ExampleFlow extends FlowDescription {
  tags: string[];
}

const FOLDER = join(import.meta.dirname, '../../fixtures/examples');

/** The size of a node in the editor. Without sizes the editor can't choose its zoom. */
const WIDTH = 320;
const HEIGHTS: Record<string, number> = {
  ChatInput: 204,
  ChatOutput: 166,
  LanguageModelComponent: 552,
  'Prompt Template': 246,
  ConditionalRouter: 560,
};

const loaded = new WeakMap<Mock, Promise<FlowRow[]>>();

/** The example flows of a release. They have no owner, and their project is in no list. Read at the first request. */
export function exampleFlows(mock: Mock): Promise<FlowRow[]> {
  let examples = loaded.get(mock);
  if (!examples) loaded.set(mock, (examples = readExamples(mock)));
  return examples;
}

async function readExamples(mock: Mock): Promise<FlowRow[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.json')).sort();
  const described = await Promise.all(
    names.map(async (name): Promise<ExampleFlow> => JSON.parse(await readFile(join(FOLDER, name), 'utf8'))),
  );
  // Our own catalogue, since a recorded one may lack a component.
  const catalogue = ownCatalogue();
  const flows = described.map(({ tags, ...flow }) => ({ ...withMeasures(buildFlow(flow, catalogue)), tags }));
  const folder_id = mock.clock.uuid();
  return flows.map((flow) =>
    Object.freeze({ ...flowRow(mock, { ...flow, data: flow.data as never, folder_id }, ''), user_id: null }),
  );
}

function withMeasures(flow: FlowJson): FlowJson {
  const nodes = flow.data.nodes.map((node) => ({
    ...node,
    measured: { width: WIDTH, height: HEIGHTS[node.data.type] ?? 200 },
  }));
  return { ...flow, data: { ...flow.data, nodes } };
}
