import { buildFlow, type Catalogue, type FlowDescription, type FlowJson } from '../../../fixtures/build-flow.ts';
import catalogue from '../../../fixtures/catalogue.json' with { type: 'json' };
import { type Effects, echo } from '../../../mock/engine/effects.ts';
import type { MessageRecord, VertexBuildRecord } from '../../../mock/store/run-records.ts';

/** The data of a flow made of the mock's own components. */
export const dataOf = (flow: FlowDescription): FlowJson['data'] =>
  buildFlow(flow, catalogue as unknown as Catalogue).data;

/** Text inputs by name, connected as `source>target` says. */
export function texts(names: string[], edges: string[] = []): FlowDescription {
  const connections = edges.map((edge) => edge.split('>') as [string, string]);
  return {
    name: 'Texts',
    nodes: names.map((name) => ({ id: idOf(name), type: typeOf(name) })),
    edges: connections.map(([source, target]) => ({
      source: idOf(source),
      output: typeOf(source) === 'TextInput' ? 'text' : 'message',
      target: idOf(target),
      field: 'input_value',
    })),
  };
}

/** `in` and `out` are the chat input and output, all others are text inputs. */
const typeOf = (name: string) => (name === 'in' ? 'ChatInput' : name === 'out' ? 'ChatOutput' : 'TextInput');
export const idOf = (name: string): string => `${typeOf(name)}-${name}`;

export interface Recorded {
  messages: Map<string, MessageRecord>;
  builds: VertexBuildRecord[];
}

/** Effects on nothing but lists; ids count up, and time stands still. */
export function recordingEffects(): { effects: Effects; recorded: Recorded } {
  const recorded: Recorded = { messages: new Map(), builds: [] };
  let count = 0;
  const effects: Effects = {
    now: () => new Date('2026-01-31T12:00:00Z'),
    uuid: () => `id-${++count}`,
    record: {
      message: (row) => void recorded.messages.set(row.id, row),
      completeMessage: (row) => void (recorded.messages.has(row.id) && recorded.messages.set(row.id, row)),
      build: (row) => void recorded.builds.push(row),
    },
    history: () => [...recorded.messages.values()],
    variable: (name) => (name === 'KNOWN' ? 'a value' : undefined),
    missingVariable: (name) => `${name} variable not found.`,
    isImage: () => false,
    complete: echo,
  };
  return { effects, recorded };
}
