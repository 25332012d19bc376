import { FlowError } from '../engine/errors.ts';
import type { FlowBuild } from '../engine/flow-build.ts';
import { type FlowJson, INTERFACE_TYPES } from '../engine/graph.ts';
import type { Mock } from '../mock.ts';
import { withPlainNumbers } from '../numbers.ts';
import { type Call, type Handlers, type JsonResponse, respond } from '../operation.ts';
import { openBuild } from '../runs/build-flow.ts';
import { effectsOf } from '../runs/effects.ts';
import { resultOf } from '../runs/events.ts';
import { keepBuild } from '../runs/records.ts';
import { buildVertex, recordOfResponse } from '../runs/vertex-response.ts';

const BOTH = 'You can only provide one of stop_component_id or start_component_id';

/** The owner of a flow is not checked, as with jobs. */
export const vertexRoutes = {
  sortVertices({ params, query, body, fail }, mock) {
    const { stop_component_id: stop, start_component_id: start } = query;
    try {
      const build = startBuild(mock, params.flow_id, body as FlowJson | null | undefined);
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
      const build = mock.builds.last.get(flowId) ?? startBuild(mock, flowId, undefined);
      const vertex = build.vertex(id);
      if (!vertex) return fail(500, `Vertex ${id} not found`);
      const effects = effectsOf(mock, { user, headers });
      const given = { input_value: inputs?.input_value, files, session: inputs?.session ?? flowId, stream: false };
      const response = resultOf(buildVertex(build, vertex, given, effects, inputs?.client_request_time));
      keepBuild(mock, recordOfResponse(flowId, response, effects));
      return response as JsonResponse<'buildVertex'>;
    } catch (error) {
      if (error instanceof FlowError) return fail(500, error.message);
      throw error;
    }
  },
  streamVertex: ({ params }, { builds }) =>
    respond(
      200,
      { chunks: [...streamOf(builds.last.get(params.flow_id), params), event('close', { message: 'Stream closed' })] },
      EVENT_STREAM,
    ),
} satisfies Handlers;

const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

/** @throws FlowError */
function startBuild(mock: Mock, flowId: string, graph: FlowJson | null | undefined): FlowBuild {
  const data = withPlainNumbers(graph) ?? mock.store.flows.get(flowId)?.data?.value;
  if (!data || Object.keys(data).length === 0) throw new FlowError('Invalid flow ID');
  return openBuild(mock, flowId, data);
}

/** The events of a vertex. No component of the engine streams its result later. */
function streamOf(build: FlowBuild | undefined, { flow_id, vertex_id }: VertexPath): string[] {
  const failure = (error: string) => event('error', { error });
  if (!build) return [failure(`No cache found for ${flow_id}.`)];
  const vertex = build.vertex(vertex_id);
  if (!vertex) return [failure(`Vertex ${vertex_id} not found`)];
  if (!INTERFACE_TYPES.has(vertex.type)) return [failure(`Vertex ${vertex_id} does not support streaming`)];
  const begin = event('message', { message: `Streaming vertex ${vertex_id}` });
  return [begin, failure('This stream has already been closed.')];
}

type VertexPath = Call<'streamVertex'>['params'];

const event = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
