import type { Effects } from './effects.ts';
import { FlowError, VertexError } from './errors.ts';
import type { RunEvent } from './events.ts';
import { type FlowJson, type Graph, graphOf, startOf, type Vertex } from './graph.ts';
import { buildRecord, failedBuildRecord, type Result } from './results.ts';
import { scheduleOf } from './schedule.ts';
import { overridesOf, type Tweaks } from './tweaks.ts';
import { type Surroundings, VertexBuilder } from './vertex-builder.ts';

/** One input of a run. */
export interface RunInput {
  input_value: string;
  /** Which input components get it, by what their ids contain. */
  type: string | null;
  /** Their ids or display names; none for all. */
  components: string[];
}

export interface RunOptions {
  flow: { id: string; data: FlowJson };
  inputs: RunInput[];
  /** The ids or display names of the vertices whose results are wanted; none for every output. */
  outputs(vertices: Vertex[]): string[];
  tweaks: Tweaks;
  sessionId: string;
  /** Whether somebody follows the events: then models speak word by word. */
  stream: boolean;
  effects: Effects;
}

export interface RunResult {
  session_id: string;
  outputs: { inputs: Record<string, string>; outputs: Result[] }[];
}

/**
 * Runs a flow: builds what is connected with its chat input or webhook, each vertex once whatever the inputs are.
 *
 * It goes only as far as its events are read: a reader that stops leaves the rest of the flow unrun.
 *
 * @throws FlowError when a component fails; the results of the vertices before it stay recorded
 */
export function* executeRun(options: RunOptions): Generator<RunEvent, RunResult> {
  const graph = graphOf(options.flow.data);
  const wanted = new Set(options.outputs(graph.vertices));
  if (graph.cycles.size > 0) refuseUnsortable(graph);
  const results = yield* buildVertices(options, graph);
  const isWanted = ({ id, displayName, isOutput }: Vertex) =>
    wanted.size === 0 ? isOutput : wanted.has(id) || wanted.has(displayName);
  const outputs = graph.vertices.filter(isWanted).flatMap(({ id }) => results.get(id) ?? []);
  const inputs = options.inputs.map(({ input_value }): Record<string, string> => ({ input_value }));
  return {
    session_id: options.sessionId,
    outputs: (inputs.length === 0 ? [{}] : inputs).map((each) => ({ inputs: each, outputs })),
  };
}

function* buildVertices(options: RunOptions, graph: Graph): Generator<RunEvent, Map<string, Result>> {
  const { flow, effects } = options;
  const builder = new VertexBuilder(flow.id, graph);
  const surroundings = surroundingsOf(options, graph);
  for (const vertex of graph.order) {
    if (builder.isCutOff(vertex)) continue;
    yield { type: 'vertexStart', vertex };
    try {
      const result = yield* builder.build(vertex, surroundings);
      effects.record.build(buildRecord(flow.id, vertex, result, effects));
      yield { type: 'vertexEnd', vertex, result };
    } catch (error) {
      if (!(error instanceof VertexError)) throw error;
      if (startsAtWebhook(graph)) effects.record.build(failedBuildRecord(flow.id, error, effects));
      throw new FlowError(`Error running graph: ${error.message}`);
    }
  }
  return builder.results;
}

function refuseUnsortable(graph: Graph): void {
  try {
    scheduleOf(graph, { start: startOf(graph)?.id });
  } catch (error) {
    throw error instanceof FlowError ? new FlowError(`Error running graph: ${error.message}`) : error;
  }
}

const startsAtWebhook = ({ order }: Graph): boolean =>
  order.some(({ isInput, id }) => isInput && id.toLowerCase().includes('webhook'));

function surroundingsOf(options: RunOptions, graph: Graph): Surroundings {
  const { sessionId, stream, effects, tweaks, inputs } = options;
  return {
    sessionId,
    stream,
    effects,
    overrides: overridesOf(graph, tweaks, stream),
    given(vertex, field) {
      if (field === 'session_id') return sessionId;
      return field === 'input_value' ? inputOf(vertex, inputs) : undefined;
    },
  };
}

/** The first input alone: later ones come when everything is built (RUN-041). */
function inputOf(vertex: Vertex, [input]: RunInput[]): string | undefined {
  if (!input || !vertex.isInput) return undefined;
  const { components, type } = input;
  if (components.length > 0 && !components.includes(vertex.id) && !components.includes(vertex.displayName))
    return undefined;
  if (type !== null && type !== 'any' && !vertex.id.toLowerCase().includes(type)) return undefined;
  return input.input_value;
}
