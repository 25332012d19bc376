import type { Effects } from '../engine/effects.ts';
import { FlowError } from '../engine/errors.ts';
import { FlowBuild } from '../engine/flow-build.ts';
import { type FlowJson, graphOf } from '../engine/graph.ts';
import type { Schedule } from '../engine/schedule.ts';
import type { Mock } from '../mock.ts';
import { isTruthy } from '../python/objects.ts';
import { effectsOf, type RunContext } from './effects.ts';
import { type BuildEvent, eventText } from './events.ts';
import type { Job } from './job.ts';
import { atBuildPace } from './pace.ts';
import { keepBuild } from './records.ts';
import { buildVertex, recordOfResponse, type VertexResponse } from './vertex-response.ts';

/** The request for a build. */
export interface BuildRequest {
  flowId: string;
  /** What to build in the place of what is saved under the id. */
  data?: FlowJson | null | undefined;
  inputs?: BuildRequestInputs | null | undefined;
  files?: string[] | null | undefined;
  stop?: string | null | undefined;
  start?: string | null | undefined;
  /** Whether the builds of its vertices are kept. */
  keep: boolean;
}

interface BuildRequestInputs {
  input_value?: string | null;
  session?: string | null;
  /** In milliseconds. */
  client_request_time?: number | null;
}

/** Builds a flow in a job, whose readers receive the events. */
export async function buildFlow(mock: Mock, job: Job, request: BuildRequest, context: RunContext): Promise<void> {
  let last: BuildEvent['type'] | undefined;
  for await (const event of atBuildPace(mock, executeBuild(mock, request, context), job)) {
    job.put(eventText(event));
    last = event.type;
  }
  // After the failure comes no end: a reader waits on, as on a real server.
  if (last === 'buildFailure') job.finish('failed');
  if (last !== 'end') return;
  job.finish('ended');
  job.put(null);
}

/** Builds a flow vertex by vertex, as far as the events are read; each step is to be a unit of work. */
export function* executeBuild(mock: Mock, request: BuildRequest, context: RunContext): Generator<BuildEvent, void> {
  const { flowId, keep } = request;
  const effects = effectsOf(mock, context);
  const planned = plan(mock, request);
  if (typeof planned === 'string') {
    yield { type: 'buildFailure', message: planned, flowId, at: effects.now() };
    return;
  }
  const { build, schedule } = planned;
  yield { type: 'verticesSorted', ...schedule };
  const responses: VertexResponse[] = [];
  const waiting = [...schedule.first];
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    const response = yield* buildNext(build, id, request, effects);
    responses.push(response);
    waiting.push(...response.next_vertices_ids);
  }
  if (keep) for (const response of responses) keepBuild(mock, recordOfResponse(flowId, response, effects));
  yield { type: 'end', result: undefined };
}

/** The build, and what it begins with; a text says why there is none. */
function plan(mock: Mock, { flowId, data, stop, start }: BuildRequest): Plan | string {
  const graph = data ?? mock.store.flows.get(flowId)?.data?.value;
  if (!graph || (!data && !isTruthy(graph))) return 'Invalid flow ID';
  try {
    const build = openBuild(mock, flowId, graph);
    return { build, schedule: build.plan({ stop, start }) };
  } catch (error) {
    if (error instanceof FlowError) return error.message;
    throw error;
  }
}

interface Plan {
  build: FlowBuild;
  schedule: Schedule;
}

/** A build that begins; the server remembers the last one of each flow. @throws FlowError */
export function openBuild({ builds }: Mock, flowId: string, graph: FlowJson): FlowBuild {
  const build = new FlowBuild(flowId, graphOf(graph), builds.components);
  builds.last.set(flowId, build);
  return build;
}

function* buildNext(
  build: FlowBuild,
  id: string,
  { flowId, inputs, files }: BuildRequest,
  effects: Effects,
): Generator<BuildEvent, VertexResponse> {
  const vertex = build.vertex(id);
  if (!vertex) throw new Error(`The build of ${flowId} has no vertex ${id}`);
  yield { type: 'vertexStart', vertex };
  const given = { input_value: inputs?.input_value, files, session: inputs?.session ?? flowId, stream: true };
  const response = yield* buildVertex(build, vertex, given, effects, inputs?.client_request_time);
  yield { type: 'vertexBuilt', response };
  return response;
}
