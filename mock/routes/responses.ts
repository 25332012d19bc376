import { FlowError } from '../engine/errors.ts';
import type { RunResult } from '../engine/run.ts';
import { pythonJson } from '../engine/values.ts';
import type { Mock } from '../mock.ts';
import { float } from '../numbers.ts';
import { type Call, type Handlers, type JsonResponse, respond } from '../operation.ts';
import { PythonError } from '../python/objects.ts';
import { completeRun, type StreamEvent, withEnd } from '../runs/events.ts';
import { hasComponent } from '../runs/flow-components.ts';
import { atModelPace } from '../runs/pace.ts';
import { findFlow, type RunRequest, runRequest } from '../runs/run-flow.ts';
import type { FlowRow } from '../store/tables.ts';

type ResponseCall = Call<'createResponse'>;

export const responseRoutes = {
  createResponse(call, mock) {
    const { body, user, headers } = call;
    if (body.tools) return errorEnvelope('Tools are not supported yet', 'invalid_request_error', 'tools_not_supported');
    // The owner is checked only for a flow that is named by its endpoint name.
    const flow = findFlow(mock, body.model, user.id);
    if (!flow)
      return errorEnvelope(`Flow with id '${body.model}' not found`, 'invalid_request_error', 'flow_not_found');
    const lack = missingComponent(flow);
    if (lack) return errorEnvelope(lack, 'processing_error');
    const id = body.previous_response_id || mock.clock.uuid();
    if (body.stream) return respond(200, { chunks: chunks(call, mock, flow, id) }, STREAM_HEADERS);
    try {
      const result = completeRun(mock, runRequest(mock, flow, requestOf(body.input, id), { user, headers }));
      return response(call, mock, id, textOf(result));
    } catch (error) {
      if (error instanceof FlowError) return errorEnvelope(error.message, 'processing_error');
      throw error;
    }
  },
} satisfies Handlers;

const STREAM_HEADERS = {
  'cache-control': 'no-cache',
  connection: 'keep-alive',
  'access-control-allow-origin': '*',
  'content-type': 'text/event-stream; charset=utf-8',
};

/** The error for a flow without the components that a response needs; undefined if it has them. */
function missingComponent({ data }: FlowRow): string | undefined {
  try {
    const types = [
      ['ChatInput', 'Chat Input'],
      ['ChatOutput', 'Chat Output'],
    ].find((names) => !hasComponent(data?.value ?? null, names));
    return types && `Flow must have a ${types[0]} component to be compatible with OpenAI Responses API`;
  } catch (error) {
    if (error instanceof PythonError) return error.message;
    throw error;
  }
}

function requestOf(input: string, session_id: string): RunRequest {
  return { input_value: input, input_type: 'chat', output_type: 'chat', output_component: '', tweaks: {}, session_id };
}

function errorEnvelope(
  message: string,
  type: 'invalid_request_error' | 'processing_error',
  code?: 'tools_not_supported' | 'flow_not_found',
) {
  return { error: { message, type, ...(code ? { code } : {}) } };
}

/** The text of the first output: of its message, else of its results. */
function textOf({ outputs }: RunResult): string {
  for (const { messages, results } of outputs.flatMap((entry) => entry.outputs)) {
    const said = messages[0]?.['message'] ?? (results['message'] as { text?: string } | undefined)?.text;
    if (said) return String(said);
  }
  return '';
}

function response({ body }: ResponseCall, { clock }: Mock, id: string, text: string): JsonResponse<'createResponse'> {
  return {
    id,
    object: 'response',
    created_at: seconds(clock.now()),
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    model: body.model,
    output: [
      {
        type: 'message',
        id: `msg_${id}`,
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text, annotations: [] }],
      },
    ],
    parallel_tool_calls: true,
    previous_response_id: body.previous_response_id ?? null,
    reasoning: { effort: null, summary: null },
    store: true,
    temperature: float(1),
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: float(1),
    truncation: 'disabled',
    usage: null,
    user: null,
    metadata: {},
  };
}

/** The server-sent events of a response. They contain only what a model streams, and no failure (RESP-012). */
function chunks(
  { body, user, headers }: ResponseCall,
  mock: Mock,
  flow: FlowRow,
  id: string,
): string[] | AsyncIterable<string> {
  const created = seconds(mock.clock.now());
  const says = mock.spec.facts['responseCompletedEvent'] === true;
  const chunk = (delta: object, status: string | null = null) => {
    const finish = says ? { finish_reason: status && 'stop' } : {};
    return `data: ${JSON.stringify({ id, object: 'response.chunk', created, model: body.model, delta, status, ...finish })}\n\n`;
  };
  const closing = () => {
    const end = says
      ? completedEvent({
          id,
          object: 'response',
          created_at: created,
          status: 'completed',
          model: body.model,
          usage: null,
        })
      : '';
    return `${chunk({}, 'completed')}${end}data: [DONE]\n\n`;
  };
  const events = withEnd(runRequest(mock, flow, requestOf(body.input, id), { user, headers, stream: true }));
  const write = (event: StreamEvent) => {
    if (event.type === 'end' || event.type === 'runFailure') return closing();
    if (event.type === 'token') return chunk({ content: event.chunk });
    // The first token repeats the start of the message (RESP-016).
    const content = event.type === 'messageStart' ? event.message.text : '';
    return content && content !== body.input ? chunk({ content }) : '';
  };
  return atModelPace(mock, events, write, [chunk({ content: '' })]);
}

const completedEvent = (response: object): string =>
  `event: response.completed\ndata: ${pythonJson({ type: 'response.completed', response })}\n\n`;

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
