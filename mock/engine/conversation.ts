import { traceback } from '../python/traceback.ts';
import type { Effects } from './effects.ts';
import type { ComponentError } from './errors.ts';
import type { StoredMessage, VertexEvent } from './events.ts';
import type { Vertex } from './graph.ts';
import { type Message, messageTime, PLAIN, properties, recordOf } from './values.ts';

/** A message that is in no conversation yet, and that nobody says. */
export function newMessage(text: string, flowId: string, effects: Effects): Message {
  return {
    kind: 'message',
    text,
    sender: null,
    sender_name: null,
    session_id: '',
    context_id: '',
    files: [],
    timestamp: messageTime(effects.now()),
    flow_id: flowId,
    category: 'message',
    properties: PLAIN,
    content_blocks: [],
  };
}

/** Gives a message an id, unless it has one, and a session. */
export function identified(message: Message, sessionId: string, effects: Effects): StoredMessage {
  return { ...message, id: message.id ?? effects.uuid(), session_id: message.session_id || sessionId };
}

/** Puts a message into the conversation of a flow, or changes it there. */
export function* say(message: StoredMessage, flowId: string, { record }: Effects): Generator<VertexEvent, void> {
  record.message(recordOf(message, message.id, flowId));
  yield { type: 'message', message };
}

/** Says a message word by word. The conversation has it without its text until the last word is said (BUILD-070). */
export function* speak(
  message: StoredMessage,
  words: string[],
  flowId: string,
  { record }: Effects,
): Generator<VertexEvent, void> {
  const { id } = message;
  const partial: StoredMessage = { ...message, properties: { ...message.properties, state: 'partial' } };
  record.message(recordOf({ ...partial, text: '' }, id, flowId));
  yield { type: 'messageStart', message: { ...partial, text: words[0] ?? '' } };
  for (const chunk of words) yield { type: 'token', id, chunk };
  record.completeMessage(recordOf(message, id, flowId));
}

/** Says that a component failed. */
export function* sayError(
  vertex: Vertex,
  error: ComponentError,
  { flowId, sessionId, effects }: { flowId: string; sessionId: string; effects: Effects },
): Generator<VertexEvent, void> {
  const message = identified(errorMessage(vertex, error, newMessage('', flowId, effects)), sessionId, effects);
  effects.record.message(recordOf(message, message.id, flowId));
  yield { type: 'error', message };
}

function errorMessage(vertex: Vertex, error: ComponentError, message: Message): Message {
  const name = vertex.displayName;
  const source = { id: vertex.id, display_name: name, source: name };
  const reason = `**${error.exception}**\n - **Details: ${error.detail}**\n`;
  return {
    ...message,
    text: `${error.detail}\n`,
    sender: name,
    sender_name: name,
    context_id: null,
    category: 'error',
    properties: errorProperties(source),
    content_blocks: errorBlocks(name, reason, traceback(error.exception, error.message)),
  };
}

export const errorProperties = (source?: Message['properties']['source']): Message['properties'] => ({
  ...properties(source),
  text_color: 'red',
  background_color: 'red',
  icon: 'error',
});

/** How a failure is shown in a conversation. */
export function errorBlocks(component: string | null, reason: string, trace: string): unknown[] {
  const content = {
    type: 'error',
    duration: null,
    header: {},
    component,
    field: null,
    reason,
    solution: null,
    traceback: trace,
  };
  return [{ title: 'Error', contents: [content], allow_markdown: true, media_url: null }];
}
