import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mock } from '../mock.ts';
import type { FlowRow } from '../store/tables.ts';
import { flowRow } from './rows.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/examples');

const loaded = new WeakMap<Mock, Promise<FlowRow[]>>();

/** The flows that come with a release: nobody's, all in one project that nobody lists. Read when they are first asked for. */
export function exampleFlows(mock: Mock): Promise<FlowRow[]> {
  let examples = loaded.get(mock);
  if (!examples) loaded.set(mock, (examples = readExamples(mock)));
  return examples;
}

async function readExamples(mock: Mock): Promise<FlowRow[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.json')).sort();
  const flows = await Promise.all(names.map(async (name) => JSON.parse(await readFile(join(FOLDER, name), 'utf8'))));
  const folder_id = mock.clock.uuid();
  return flows.map((flow) => Object.freeze({ ...flowRow(mock, { ...flow, folder_id }, ''), user_id: null }));
}
