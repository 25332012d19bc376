import type { MessageProperties, MessageSource } from '../store/run-records.ts';
import type { Build, Built, Component } from './components.ts';
import { ComponentError } from './errors.ts';
import { keptFiles } from './file-fields.ts';
import type { Vertex } from './graph.ts';
import { fillLeniently } from './template.ts';
import { chatText, isMessage, type Message, messageData, PLAIN, properties } from './values.ts';

/** Components that have a part in a conversation. */
export const chat: Record<string, Component> = {
  ChatInput(build) {
    const message = build.message(build.text('input_value'));
    const from = speaker(build);
    const files = keptFiles(filesOf(build.value('files')), from.session_id, build.run.effects);
    return messageOutput(build, { ...message, ...from, files });
  },
  ChatOutput(build) {
    const input = build.value('input_value');
    const isUnset = input === '' && build.source('input_value') === undefined;
    if (input === null || input === undefined || isUnset)
      throw new ComponentError('ValueError', 'Input data cannot be None');
    const isOwn = isMessage(input) && build.source('input_value')?.type !== 'ChatInput';
    const message = isOwn ? input : build.message(chatText(input));
    return messageOutput(build, { ...message, ...speaker(build), properties: sourced(message, build) });
  },
  Memory(build) {
    const rows = remembered(build);
    const template = build.text('template') || '{sender_name}: {text}';
    return {
      outputs: {
        messages_text: build.message(rows.map((row) => fillLeniently(template, row)).join('\n')),
        dataframe: { kind: 'table', rows },
      },
    };
  },
};

function speaker(build: Build) {
  return {
    sender: build.text('sender'),
    sender_name: build.text('sender_name'),
    session_id: build.text('session_id') || build.run.sessionId,
    context_id: build.text('context_id'),
    flow_id: build.run.flowId,
  };
}

/** The message as the output, and in the conversation where it is to be stored. */
function messageOutput(build: Build, message: Message): Built {
  const isStored = message.session_id !== '' && build.value('should_store_message') !== false;
  if (!isStored) return { outputs: { message } };
  const stored = build.identified(message);
  return { outputs: { message: stored }, message: stored };
}

function filesOf(value: unknown): string[] {
  const files = Array.isArray(value) ? value : [value];
  return files.filter((file) => typeof file === 'string' && file !== '') as string[];
}

/** Properties with the component that a response comes from. */
function sourced({ properties: own }: Message, build: Build): MessageProperties {
  const vertex = build.source();
  const plain = vertex ? (bySource.get(vertex) ?? keep(vertex, sourceOf(vertex))) : PLAIN;
  return own === PLAIN ? plain : { ...own, source: plain.source };
}

/** What was said of nothing else, by the component that it came from. */
const bySource = new WeakMap<Vertex, MessageProperties>();

function keep(vertex: Vertex, source: MessageSource): MessageProperties {
  const made = Object.freeze(properties(source));
  bySource.set(vertex, made);
  return made;
}

/** The component, and the model where it is one. */
function sourceOf({ id, displayName, fields }: Vertex): MessageSource {
  const name = ['model_name', 'model_id', 'model']
    .map((field) => fields[field]?.value)
    .find((value) => typeof value === 'string' && value !== '');
  return { id, display_name: displayName, source: (name as string | undefined) ?? displayName };
}

/** The last messages of the session, as the message history chooses them. */
function remembered(build: Build): Record<string, unknown>[] {
  const { effects, sessionId } = build.run;
  const sender = build.text('sender_type');
  const name = build.text('sender_name');
  const count = Number(build.value('n_messages') ?? 100);
  const rows = effects
    .history(build.text('session_id') || sessionId)
    .filter(
      (row) =>
        (sender === '' || sender === 'Machine and User' || row.sender === sender) &&
        (name === '' || row.sender_name === name),
    );
  if (build.text('order') === 'Descending') rows.reverse();
  return (count === 0 ? [] : rows.slice(-count)).map((row) => messageData({ ...row, kind: 'message' }));
}
