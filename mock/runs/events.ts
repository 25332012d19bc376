import { errorBlocks, errorProperties } from '../engine/conversation.ts';
import { FlowError, InputConflict } from '../engine/errors.ts';
import type { RunEvent, VertexEvent, VertexStart } from '../engine/events.ts';
import type { RunResult } from '../engine/run.ts';
import { messageData, messageTime, pythonJson } from '../engine/values.ts';
import type { Mock } from '../mock.ts';
import { traceback } from '../python/traceback.ts';
import type { VertexResponse } from './vertex-response.ts';

/** How a run or a build ends. */
export type EndEvent = { type: 'end'; result: RunResult | undefined };

/** A run whose end is one of its events. */
export type StreamEvent = RunEvent | EndEvent | { type: 'runFailure'; message: string };

/** What happens in a build. */
export type BuildEvent =
  | VertexEvent
  | VertexStart
  | EndEvent
  | { type: 'verticesSorted'; first: string[]; toRun: Set<string> }
  | { type: 'vertexBuilt'; response: VertexResponse }
  /** A build that could not begin. */
  | { type: 'buildFailure'; message: string; flowId: string; at: Date };

/** The result of what runs to its end without anybody to follow its events. */
export function resultOf<Result>(events: Generator<unknown, Result>): Result {
  for (;;) {
    const next = events.next();
    if (next.done) return next.value;
  }
}

/**
 * The result of a run whose events nobody follows. The run is a unit of work of its own: a run that fails leaves its
 * messages, as on a real server.
 *
 * @throws FlowError, InputConflict
 */
export function completeRun({ store }: Mock, run: Generator<RunEvent, RunResult>): RunResult {
  const outcome = store.unitOfWork(() => outcomeOf(run));
  if (outcome instanceof Error) throw outcome;
  return outcome;
}

function outcomeOf(run: Generator<RunEvent, RunResult>): RunResult | FlowError | InputConflict {
  try {
    return resultOf(run);
  } catch (error) {
    if (error instanceof FlowError || error instanceof InputConflict) return error;
    throw error;
  }
}

/** The events of a run, and its result or its failure as the last one. */
export function* withEnd(run: Generator<RunEvent, RunResult>): Generator<StreamEvent, void> {
  try {
    yield { type: 'end', result: yield* run };
  } catch (error) {
    if (!(error instanceof FlowError || error instanceof InputConflict)) throw error;
    yield { type: 'runFailure', message: error.message };
  }
}

/** An event as JSON; undefined for one that no stream carries. */
export function eventJson(event: StreamEvent | BuildEvent): { event: string; data: unknown } | undefined {
  switch (event.type) {
    case 'message':
    case 'messageStart':
      return { event: 'add_message', data: messageData(event.message) };
    case 'token':
      return { event: 'token', data: { chunk: event.chunk, id: event.id } };
    case 'error':
      return { event: 'error', data: messageData(event.message) };
    case 'verticesSorted':
      return { event: 'vertices_sorted', data: { ids: event.first, to_run: [...event.toRun] } };
    case 'vertexBuilt':
      return { event: 'end_vertex', data: { build_data: event.response } };
    case 'buildFailure':
      return { event: 'error', data: failureMessage(event.message, event.flowId, event.at) };
    case 'runFailure':
      return { event: 'error', data: { error: event.message } };
    case 'end':
      return { event: 'end', data: event.result ? { result: event.result } : {} };
    default:
      return undefined;
  }
}

/** An event as a stream sends it: JSON as Python writes it, and a blank line (RUN-030). Empty where no stream has it. */
export function eventText(event: StreamEvent | BuildEvent): string {
  const json = eventJson(event);
  return json ? `${pythonJson(json)}\n\n` : '';
}

/** The event of a build that could not begin. It is no message of a conversation. */
function failureMessage(message: string, flow_id: string, at: Date) {
  return {
    session_id: null,
    context_id: null,
    sender: null,
    sender_name: null,
    text: `${message}\n`,
    properties: errorProperties(),
    category: 'error',
    error: true,
    content_blocks: errorBlocks(
      null,
      '**HTTPException**\n - **An unknown error occurred.**\n',
      traceback('fastapi.exceptions.HTTPException', `500: ${message}`),
    ),
    flow_id,
    files: [],
    timestamp: messageTime(at),
    edit: false,
    duration: null,
  };
}
