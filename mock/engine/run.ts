import type { Effects } from './effects.ts';
import { FlowError, VertexError } from './errors.ts';
import { type FlowJson, type Graph, graphOf, type Vertex } from './graph.ts';
import { buildRecord, failedBuildRecord, type Result } from './results.ts';
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
  /** Chooses what is shown, from the vertices of the flow; no choice is every output. */
  outputs(vertices: Vertex[]): string[];
  tweaks: Tweaks;
  sessionId: string;
  stream: boolean;
  effects: Effects;
}

export interface RunAnswer {
  session_id: string;
  outputs: { inputs: Record<string, string>; outputs: Result[] }[];
}

/**
 * Runs a flow: builds what hangs together with its chat input or webhook, each vertex once, whatever the number of inputs; stops after each.
 *
 * @throws FlowError when a component fails; what the ones before it left stays
 */
export function* runFlow(options: RunOptions): Generator<void, RunAnswer> {
  const { flow, inputs, sessionId } = options;
  const graph = graphOf(flow.data);
  const results = yield* buildAll(options, graph);
  const chosen = options.outputs(graph.vertices);
  const shown = graph.vertices.filter((vertex) => (chosen.length === 0 ? vertex.isOutput : chosen.includes(vertex.id) || chosen.includes(vertex.displayName)));
  const outputs = shown.flatMap((vertex) => results.get(vertex.id) ?? []);
  const given: Record<string, string>[] = inputs.length === 0 ? [{}] : inputs.map(({ input_value }) => ({ input_value }));
  return { session_id: sessionId, outputs: given.map((each) => ({ inputs: each, outputs })) };
}

function* buildAll(options: RunOptions, graph: Graph): Generator<void, Map<string, Result>> {
  const { flow, effects } = options;
  const builder = new VertexBuilder(flow.id, graph);
  const surroundings = surroundingsOf(options, graph);
  for (const vertex of graph.order) {
    if (builder.isCutOff(vertex)) continue;
    try {
      effects.record.build(buildRecord(flow.id, vertex, builder.build(vertex, surroundings), effects));
    } catch (error) {
      if (!(error instanceof VertexError)) throw error;
      if (graph.order.some(({ isInput, id }) => isInput && id.toLowerCase().includes('webhook')))
        effects.record.build(failedBuildRecord(flow.id, error, effects));
      throw new FlowError(`Error running graph: ${error.message}`);
    }
    yield;
  }
  return builder.results;
}

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
  if (components.length > 0 && !components.includes(vertex.id) && !components.includes(vertex.displayName)) return undefined;
  if (type !== null && type !== 'any' && !vertex.id.toLowerCase().includes(type)) return undefined;
  return input.input_value;
}
