import { setImmediate as nextTurn } from 'node:timers/promises';
import { FlowError, InputConflict } from '../engine/errors.ts';
import type { RunResult } from '../engine/run.ts';
import type { Tweaks } from '../engine/tweaks.ts';
import { HttpError, UnhandledError } from '../errors.ts';
import { whyUnwritable } from '../json.ts';
import type { Mock } from '../mock.ts';
import { type Call, type Guards, type Handlers, type JsonResponse, respond } from '../operation.ts';
import { PythonError } from '../python/objects.ts';
import { completeRun, eventText, type StreamEvent, withEnd } from '../runs/events.ts';
import { updateSuggestion, webhookIds } from '../runs/flow-components.ts';
import { atModelPace } from '../runs/pace.ts';
import { type RunRequest, requireFlow, runFlow, runRequest } from '../runs/run-flow.ts';
import type { FlowRow, UserRow } from '../store/tables.ts';
import { isPlainUtf8 } from '../validation/json-encoding.ts';
import { isObject } from '../validation/shape.ts';

type RunCall = Call<'runFlow'> | Call<'runFlowSession'>;

const DEFAULTS: RunRequest = {
  input_value: null,
  input_type: 'chat',
  output_type: 'chat',
  output_component: '',
  tweaks: null,
  session_id: null,
};

/** The flow is looked up before authentication (RUN-008). */
const withFlow = {
  beforeCredential({ params, query }, mock) {
    requireFlow(mock, params.flow_id_or_name, query.get('user_id'));
  },
} satisfies Guards<'runFlow' | 'runFlowAdvanced' | 'runFlowSession' | 'runWebhook'>;

export const runRoutes = {
  runFlow: { ...withFlow, handle: run },
  // The agentic experience is off by default.
  runFlowSession: { ...withFlow, handle: ({ fail }) => fail(404, 'This endpoint is not available') },
  runFlowAdvanced: {
    ...withFlow,
    handle({ params, query, body, user, headers, fail }, mock) {
      const flow = ownFlow(mock, params.flow_id_or_name, query.user_id, user);
      const { inputs, outputs, tweaks, session_id } = body ?? {};
      if (session_id) fail(404, `Session ${session_id} not found`);
      if (flow.data === null) fail(404, `Flow ${flow.id} has no data`);
      const given = inputs ?? [{ components: [], input_value: '', type: 'any' as const }];
      const options = {
        inputs: given.map(({ input_value, type, components }) => ({
          input_value: input_value ?? '',
          type,
          components: components ?? [],
        })),
        tweaks: tweaks ?? {},
        sessionId: flow.id,
        outputs: () => outputs ?? [],
      };
      try {
        const result = completeRun(mock, runFlow(mock, flow, options, { user, headers }));
        return withoutNulls(result) as JsonResponse<'runFlowAdvanced'>;
      } catch (error) {
        if (error instanceof FlowError) return fail(500, error.message);
        throw error;
      }
    },
  },
  runWebhook: {
    ...withFlow,
    handle({ params, query, body, headers, fail }, mock) {
      const flow = requireFlow(mock, params.flow_id_or_name, query.user_id ?? null);
      const owner = webhookUser(mock, flow, headers['x-api-key'] ?? query['x-api-key']);
      if (!body) return fail(400, 'Request body is empty. You should provide a JSON payload containing the flow ID.');
      const tweaks = webhookTweaks(flow, body as string);
      mock.background.run(`webhook of ${flow.id}`, (signal) => runLater(mock, flow, owner, tweaks, signal));
      return { message: 'Task started in the background', status: 'in progress' };
    },
  },
} satisfies Handlers;

function run(call: RunCall, mock: Mock) {
  const { params, query, user, headers } = call;
  const flow = ownFlow(mock, params.flow_id_or_name, query.user_id, user);
  const request = requestOf(call);
  if (query.stream) return respond(200, { chunks: streamRun(mock, flow, request, call) }, EVENT_STREAM);
  try {
    return completeRun(mock, runRequest(mock, flow, request, { user, headers })) as unknown as JsonResponse<'runFlow'>;
  } catch (error) {
    throw httpErrorOf(error, flow, mock);
  }
}

function ownFlow(mock: Mock, idOrName: string, userId: string | null | undefined, user: UserRow): FlowRow {
  const flow = requireFlow(mock, idOrName, userId ?? null);
  if (flow.user_id !== user.id) throw new HttpError(403, 'You do not have permission to run this flow');
  return flow;
}

function httpErrorOf(error: unknown, flow: FlowRow, { spec }: Mock): unknown {
  if (error instanceof InputConflict) return new HttpError(400, error.message);
  if (!(error instanceof FlowError)) return error;
  // A real server derives the status from these words (RUN-028, RUN-036).
  if (error.message.includes('not found')) return new HttpError(404, error.message);
  try {
    const suggestion = updateSuggestion(flow.data?.value ?? null, spec.releases.at(-1) ?? spec.version);
    const body = { message: error.message, traceback: null, description: null, code: null, suggestion };
    return new HttpError(500, JSON.stringify(body));
  } catch (graphError) {
    // The search for outdated components may fail on the graph too.
    return graphError instanceof PythonError ? new UnhandledError(graphError.message) : graphError;
  }
}

const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

/** The event texts of a run. On 1.7 the stream of a failed run just ends (RUN-033). */
function streamRun(
  mock: Mock,
  flow: FlowRow,
  request: RunRequest,
  { user, headers }: RunCall,
): string[] | AsyncIterable<string> {
  const events = withEnd(runRequest(mock, flow, request, { user, headers, stream: true }));
  const write = (event: StreamEvent) => {
    // Only builds have an event for the failure of a component.
    return event.type === 'runFailure' || event.type === 'error' ? '' : eventText(event);
  };
  return atModelPace(mock, events, write);
}

/** The fields of the body are used only if all have the right type (RUN-023). */
function requestOf(call: RunCall): RunRequest {
  const body = (call.body ?? {}) as Record<string, unknown>;
  // A real server parses the body again with orjson, which is stricter (RUN-068).
  if ((call.rawBody && !isPlainUtf8(call.rawBody)) || whyUnwritable(body) !== undefined) return DEFAULTS;
  const members = body['input_request'] ?? body;
  return isRequest(members) ? { ...DEFAULTS, ...members } : DEFAULTS;
}

function isRequest(members: unknown): members is Partial<RunRequest> {
  if (!isObject(members)) return false;
  const { input_value, input_type, output_type, output_component, session_id, tweaks } = members;
  const isAbsent = (value: unknown) => value === undefined || value === null;
  const isText = (value: unknown) => isAbsent(value) || typeof value === 'string';
  const isOneOf = (value: unknown, ...allowed: unknown[]) => isAbsent(value) || allowed.includes(value);
  const isTweak = (tweak: unknown) => typeof tweak === 'string' || isObject(tweak);
  return (
    [input_value, output_component, session_id].every(isText) &&
    isOneOf(input_type, 'chat', 'text', 'any') &&
    isOneOf(output_type, 'chat', 'text', 'any', 'debug') &&
    (isAbsent(tweaks) || (isObject(tweaks) && Object.values(tweaks).every(isTweak)))
  );
}

/** Removes null fields of results. The field `results` stays as it is (RUN-045). */
function withoutNulls({ session_id, outputs }: RunResult): unknown {
  const messages = (rows: Record<string, unknown>[]) => rows.map(({ stream_url: _none, ...row }) => row);
  return {
    session_id,
    outputs: outputs.map((entry) => ({
      ...entry,
      outputs: entry.outputs.map(({ timedelta: _timedelta, duration: _duration, ...result }) => ({
        ...result,
        messages: messages(result.messages),
      })),
    })),
  };
}

/** The user of a webhook: the flow's owner, who must send a key if webhooks require one. */
function webhookUser({ settings, store }: Mock, flow: FlowRow, key: unknown): UserRow | undefined {
  const owner = flow.user_id ? store.users.get(flow.user_id) : undefined;
  if (!settings.webhookAuth) return owner;
  if (!key) throw new HttpError(403, 'API key required when webhook authentication is enabled');
  const row = store.apiKeys.find({ api_key: String(key) });
  if (!row) throw new HttpError(403, 'Invalid API key');
  if (row.user_id !== owner?.id)
    throw new HttpError(403, 'Access denied: You can only execute webhooks for flows you own');
  return owner;
}

/** Tweaks that set the body as the data of each webhook component. */
function webhookTweaks({ data }: FlowRow, body: string): Tweaks {
  try {
    return Object.fromEntries(webhookIds(data?.value ?? null).map((id) => [id, { data: body }]));
  } catch (error) {
    throw error instanceof PythonError ? new HttpError(500, error.message) : error;
  }
}

/** Runs after the response; errors are only logged (HOOK-006). */
async function runLater(
  mock: Mock,
  flow: FlowRow,
  user: UserRow | undefined,
  tweaks: Tweaks,
  signal: AbortSignal,
): Promise<void> {
  await nextTurn(undefined, { signal });
  try {
    completeRun(mock, runRequest(mock, flow, { ...DEFAULTS, input_value: '', tweaks }, { user, headers: {} }));
  } catch (error) {
    if (!(error instanceof FlowError || error instanceof InputConflict)) throw error;
  }
}
