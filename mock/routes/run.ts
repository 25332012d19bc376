import { setImmediate as nextTurn } from 'node:timers/promises';
import { FlowError, InputConflict } from '../engine/errors.ts';
import { HttpError } from '../errors.ts';
import { whyUnwritable } from '../json.ts';
import type { Mock } from '../mock.ts';
import { type Call, type Guards, type Handlers, type JsonAnswer, reply } from '../operation.ts';
import { eventText, type RunQuestion, requireFlow, runIn, runningQuestion, runQuestion } from '../runs/run-flow.ts';
import { streamOf, tellingRun } from '../runs/speech.ts';
import type { FlowRow, UserRow } from '../store/tables.ts';
import { isPlainUtf8 } from '../validation/json-encoding.ts';

type RunCall = Call<'runFlow'> | Call<'runFlowSession'>;

const DEFAULTS: RunQuestion = { input_value: null, input_type: 'chat', output_type: 'chat', output_component: '', tweaks: null, session_id: null };

/** The flow is looked for before the credential (RUN-008). */
const withFlow = {
  beforeCredential({ params, query }, mock) {
    requireFlow(mock, params.flow_id_or_name, query.get('user_id'));
  },
} satisfies Guards<'runFlow' | 'runFlowAdvanced' | 'runFlowSession' | 'runWebhook'>;

export const runRoutes = {
  runFlow: { ...withFlow, handle: run },
  // The agentic experience is off, as it is by default.
  runFlowSession: { ...withFlow, handle: ({ fail }) => fail(404, 'This endpoint is not available') },
  runFlowAdvanced: {
    ...withFlow,
    handle({ params, query, body, user, headers, fail }, mock) {
      const flow = ownFlow(mock, params.flow_id_or_name, query.user_id, user);
      const { inputs, outputs, tweaks, session_id } = body ?? {};
      if (session_id) fail(404, `Session ${session_id} not found`);
      const given = inputs ?? [{ components: [], input_value: '', type: 'any' as const }];
      try {
        const answer = runIn(
          mock,
          flow,
          { user, headers },
          {
            inputs: given.map((input) => ({ input_value: input.input_value ?? '', type: input.type, components: input.components ?? [] })),
            tweaks: tweaks ?? {},
            sessionId: flow.id,
            outputs: () => outputs ?? [],
          },
        );
        return withoutNulls(answer) as JsonAnswer<'runFlowAdvanced'>;
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
      void mock.background.run(`webhook of ${flow.id}`, (signal) => runLater(mock, flow, owner, body as string, signal));
      return { message: 'Task started in the background', status: 'in progress' };
    },
  },
} satisfies Handlers;

function run(call: RunCall, mock: Mock) {
  const { params, query, user, headers } = call;
  const flow = ownFlow(mock, params.flow_id_or_name, query.user_id, user);
  const question = questionOf(call);
  if (query.stream) return reply(200, { chunks: events(mock, flow, question, user, headers) }, { 'content-type': 'text/event-stream; charset=utf-8' });
  try {
    return runQuestion(mock, flow, question, { user, headers }) as unknown as JsonAnswer<'runFlow'>;
  } catch (error) {
    throw httpErrorOf(error);
  }
}

function ownFlow(mock: Mock, idOrName: string, userId: string | null | undefined, user: UserRow): FlowRow {
  const flow = requireFlow(mock, idOrName, userId ?? null);
  if (flow.user_id !== user.id) throw new HttpError(403, 'You do not have permission to run this flow');
  return flow;
}

function httpErrorOf(error: unknown): unknown {
  if (error instanceof InputConflict) return new HttpError(400, error.message);
  if (!(error instanceof FlowError)) return error;
  // A release tells what is missing by these words alone (RUN-028, RUN-036).
  if (error.message.includes('not found')) return new HttpError(404, error.message);
  return new HttpError(500, JSON.stringify({ message: error.message, traceback: null, description: null, code: null, suggestion: null }));
}

/** The events of a run. One that fails ends without a word on 1.7 (RUN-033). */
function events(mock: Mock, flow: FlowRow, question: RunQuestion, user: UserRow, headers: RunCall['headers']): string[] | AsyncIterable<string> {
  const telling = tellingRun((emit) => runningQuestion(mock, flow, question, { user, headers, emit }));
  return streamOf(mock, telling, ({ event, data }) => {
    if (event === 'failed') return mock.spec.facts['runStreamTellsErrors'] ? eventText('error', data) : '';
    // The failure of a component is told to those who follow a build alone.
    return event === 'error' ? '' : eventText(event, data);
  });
}

/** Members beside one another are taken all together or, when one has the wrong type, not at all (RUN-023). */
function questionOf(call: RunCall): RunQuestion {
  const body = (call.body ?? {}) as Record<string, unknown>;
  // It is read a second time, by a stricter reader (orjson, RUN-068).
  if ((call.octets && !isPlainUtf8(call.octets)) || whyUnwritable(body) !== undefined) return DEFAULTS;
  const asked = (body['input_request'] ?? body) as Partial<RunQuestion>;
  return isQuestion(asked) ? { ...DEFAULTS, ...asked } : DEFAULTS;
}

function isQuestion(asked: Record<string, any>): asked is Partial<RunQuestion> {
  const isText = (value: unknown) => value === undefined || value === null || typeof value === 'string';
  const isOneOf = (value: any, ...allowed: string[]) => value === undefined || value === null || allowed.includes(value);
  const { input_value, input_type, output_type, output_component, session_id, tweaks } = asked;
  return (
    [input_value, output_component, session_id].every(isText) &&
    isOneOf(input_type, 'chat', 'text', 'any') &&
    isOneOf(output_type, 'chat', 'text', 'any', 'debug') &&
    (tweaks === undefined || tweaks === null || (isObject(tweaks) && Object.values(tweaks).every((tweak) => typeof tweak === 'string' || isObject(tweak))))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Null members of results are left out; what stands in `results` is as it is (RUN-045). */
function withoutNulls({ session_id, outputs }: ReturnType<typeof runIn>): unknown {
  const messages = (rows: Record<string, unknown>[]) => rows.map(({ stream_url: _none, ...row }) => row);
  return {
    session_id,
    outputs: outputs.map((entry) => ({
      ...entry,
      outputs: entry.outputs.map(({ timedelta: _timedelta, duration: _duration, ...result }) => ({ ...result, messages: messages(result.messages) })),
    })),
  };
}

/** Whom a webhook runs as: the flow's owner, who must send a key where webhooks ask for one. */
function webhookUser({ settings, store }: Mock, flow: FlowRow, key: unknown): UserRow | undefined {
  const owner = flow.user_id ? store.users.get(flow.user_id) : undefined;
  if (!settings.webhookAuth) return owner;
  if (!key) throw new HttpError(403, 'API key required when webhook authentication is enabled');
  const row = store.apiKeys.find({ api_key: String(key) });
  if (!row) throw new HttpError(403, 'Invalid API key');
  if (row.user_id !== owner?.id) throw new HttpError(403, 'Access denied: You can only execute webhooks for flows you own');
  return owner;
}

/** After the response: nobody hears of a run that fails (HOOK-006). */
async function runLater(mock: Mock, flow: FlowRow, user: UserRow | undefined, payload: string, signal: AbortSignal): Promise<void> {
  await nextTurn(undefined, { signal });
  const webhooks = (flow.data?.nodes ?? []).filter((node) => String(node?.data?.type ?? '') === 'Webhook' || String(node?.id).includes('Webhook'));
  const tweaks = Object.fromEntries(webhooks.map(({ id }) => [id, { data: payload }]));
  try {
    runQuestion(mock, flow, { ...DEFAULTS, input_value: '', tweaks }, { user, headers: {} });
  } catch (error) {
    if (!(error instanceof FlowError || error instanceof InputConflict)) throw error;
  }
}
