import { FlowError } from '../engine/errors.ts';
import type { FlowBuild } from '../engine/flow-build.ts';
import { type FlowJson, INTERFACE_TYPES } from '../engine/graph.ts';
import type { Mock } from '../mock.ts';
import { type Handlers, type JsonAnswer, reply } from '../operation.ts';
import { openBuild } from '../runs/flow-job.ts';
import { effectsOf, keepBuild } from '../runs/run-flow.ts';
import { answerVertex, recordOfAnswer } from '../runs/vertex-answer.ts';

const BOTH = 'You can only provide one of stop_component_id or start_component_id';

/** Whose a flow is nobody looks at, as with jobs. */
export const vertexRoutes = {
  sortVertices({ params, query, body, fail }, mock) {
    const { stop_component_id: stop, start_component_id: start } = query;
    try {
      const build = begin(mock, params.flow_id, body as FlowJson | null | undefined);
      if (stop && start) return fail(500, BOTH);
      const { first, toRun } = build.plan({ stop, start });
      return { ids: first.toSorted(), run_id: mock.clock.uuid(), vertices_to_run: [...toRun] };
    } catch (error) {
      if (error instanceof FlowError) return fail(500, error.message);
      throw error;
    }
  },
  buildVertex({ params, body, user, headers, fail }, mock) {
    const { flow_id: flowId, vertex_id: id } = params;
    const { inputs, files } = body ?? {};
    try {
      const build = mock.builds.last.get(flowId) ?? begin(mock, flowId, undefined);
      const vertex = build.vertex(id);
      if (!vertex) return fail(500, `Vertex ${id} not found`);
      const effects = effectsOf(mock, { user, headers });
      const given = { input_value: inputs?.input_value, files, session: inputs?.session ?? flowId };
      const answer = answerVertex(build, vertex, given, effects, inputs?.client_request_time);
      keepBuild(mock, recordOfAnswer(flowId, answer, effects));
      return answer as JsonAnswer<'buildVertex'>;
    } catch (error) {
      if (error instanceof FlowError) return fail(500, error.message);
      throw error;
    }
  },
  streamVertex: ({ params }, { builds }) =>
    reply(
      200,
      { chunks: [...told(builds.last.get(params.flow_id), params.flow_id, params.vertex_id), event('close', { message: 'Stream closed' })] },
      EVENT_STREAM,
    ),
} satisfies Handlers;

const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

/** @throws FlowError */
function begin(mock: Mock, flowId: string, graph: FlowJson | null | undefined): FlowBuild {
  const data = graph ?? mock.store.flows.get(flowId)?.data;
  if (!data || Object.keys(data).length === 0) throw new FlowError('Invalid flow ID');
  return openBuild(mock, flowId, data);
}

/** No component of the engine leaves anything to be streamed later. */
function told(build: FlowBuild | undefined, flowId: string, vertexId: string): string[] {
  const refused = (error: string) => [event('error', { error })];
  if (!build) return refused(`No cache found for ${flowId}.`);
  const vertex = build.vertex(vertexId);
  if (!vertex) return refused(`Vertex ${vertexId} not found`);
  if (!INTERFACE_TYPES.has(vertex.type)) return refused(`Vertex ${vertexId} does not support streaming`);
  return [event('message', { message: `Streaming vertex ${vertexId}` }), ...refused('This stream has already been closed.')];
}

const event = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
