import type { FlowJson } from '../engine/graph.ts';
import type { Mock } from '../mock.ts';
import { withPlainNumbers } from '../numbers.ts';
import { type Call, type Handlers, type HttpResponse, respond } from '../operation.ts';
import { type BuildRequest, buildFlow } from '../runs/build-flow.ts';
import { eventText } from '../runs/events.ts';
import type { Job } from '../runs/job.ts';
import { clientFlowId } from '../runs/public-flow.ts';
import type { UserRow } from '../store/tables.ts';

type StartCall = Call<'buildFlow'> | Call<'buildPublicFlow'>;
type JobCall = Call<'readBuildEvents'> | Call<'cancelBuild'>;

const NDJSON = { 'content-type': 'application/x-ndjson' };

export const buildRoutes = {
  // The owner of the flow is not checked (BUILD-022).
  buildFlow(call, mock) {
    const { params, user, fail } = call;
    if (!mock.store.flows.get(params.flow_id)) return fail(404, `Flow with id ${params.flow_id} not found`);
    return start(call, mock, params.flow_id, user);
  },
  readBuildEvents(call, mock) {
    const job = requireJob(call, mock);
    return call.query.event_delivery === 'polling'
      ? poll(job, call.signal)
      : respond(200, { chunks: follow(job, call.signal) }, NDJSON);
  },
  cancelBuild(call, mock) {
    requireJob(call, mock).cancel();
    return { success: true, message: 'Flow build cancelled successfully' };
  },
  buildPublicFlow(call, mock) {
    const { params, cookies, fail } = call;
    const client = cookies['client_id'];
    if (!client) return fail(400, 'No client_id cookie found');
    const flow = mock.store.flows.get(params.flow_id);
    const owner = flow?.user_id ? mock.store.users.get(flow.user_id) : undefined;
    if (flow?.access_type !== 'PUBLIC') return fail(403, 'Flow is not public');
    if (!owner) return fail(403, `User not found for public flow ${flow.id}`);
    return start(call, mock, clientFlowId(client, flow.id), owner);
  },
} satisfies Handlers;

function start(
  { query, body, headers, signal }: StartCall,
  mock: Mock,
  flowId: string,
  user: UserRow,
): { job_id: string } | HttpResponse {
  const direct = query.event_delivery === 'direct';
  const request: BuildRequest = {
    flowId,
    data: withPlainNumbers(body?.data) as FlowJson | null | undefined,
    inputs: body?.inputs,
    files: body?.files,
    stop: query.stop_component_id,
    start: query.start_component_id,
    keep: direct && query.log_builds === true,
  };
  const job = mock.builds.jobs.start(mock.background, mock.clock.uuid(), (started) =>
    buildFlow(mock, started, request, { user, headers }),
  );
  return direct ? respond(200, { chunks: follow(job, signal) }, NDJSON) : { job_id: job.id };
}

function requireJob({ params, fail }: JobCall, { builds }: Mock): Job {
  return builds.jobs.get(params.job_id) ?? fail(404, `Job not found: Job queue not found for job_id: ${params.job_id}`);
}

/**
 * The events of a job while they are made. If the reader disconnects before the end, the build is cancelled; the next
 * reader gets the end event.
 */
async function* follow(job: Job, signal: AbortSignal): AsyncGenerator<string> {
  let ended = false;
  try {
    for (let event = await job.next(signal); event !== undefined; event = await job.next(signal)) {
      if (event === null) {
        ended = true;
        return;
      }
      yield event;
    }
  } finally {
    if (!ended && job.state === 'running') {
      job.cancel();
      job.put(END);
    }
  }
}

const END = eventText({ type: 'end', result: undefined });

/**
 * The unread events, or the next one while the client waits. At the end of the stream, each further poll gets the end
 * event.
 */
async function poll(job: Job, signal: AbortSignal): Promise<HttpResponse> {
  const there = job.takeAll();
  const events = there.length > 0 ? there : [await job.next(signal)];
  if (events.includes(null)) job.put(END);
  return respond(200, { bytes: events.filter((event) => typeof event === 'string').join('\n') }, NDJSON);
}
