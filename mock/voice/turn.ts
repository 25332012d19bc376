import type { RealtimeEvent } from './realtime.ts';
import { speechOf } from './speech.ts';

/** An item of a conversation: a message, a tool call, or the output of a tool. */
export interface Item {
  id?: string;
  type: string;
  role?: string;
  content?: { type: string; text?: string; transcript?: string | null; audio?: string }[];
  call_id?: string;
  name?: string;
  arguments?: string;
  output?: string;
  status?: string;
}

/** The inputs of a response. */
export interface Turn {
  options: { modalities?: string[] } | undefined;
  session: Record<string, unknown>;
  items: Item[];
  id(prefix: string): string;
}

/** The events of one response: a tool call after a message of the user, else speech. */
export function turnEvents(turn: Turn): { events: RealtimeEvent[]; item: Item } {
  const response = turn.id('resp');
  const tool = (turn.session['tools'] as { name: string }[] | undefined)?.[0];
  const last = turn.items.at(-1);
  const question = last?.type === 'message' && last.role === 'user' ? textOf(last) : undefined;
  const { events, item } =
    tool && question !== undefined
      ? callEvents(turn, response, tool.name, question)
      : speechEvents(turn, response, speechFor(last));
  const head = { object: 'realtime.response', id: response, status_details: null, usage: null };
  return {
    events: [
      { type: 'response.created', response: { ...head, status: 'in_progress', output: [] } },
      ...events,
      { type: 'response.done', response: { ...head, status: 'completed', output: [item] } },
    ],
    item,
  };
}

const textOf = ({ content = [] }: Item): string =>
  content.map(({ text, transcript }) => text ?? transcript ?? '').join(' ');

function speechFor(last: Item | undefined): string {
  if (!last) return 'How can I help you?';
  if (last.type === 'function_call_output') return last.output || 'The flow said nothing.';
  return last.role === 'user' ? textOf(last) : 'I am looking into it.';
}

function callEvents(
  { id }: Turn,
  response_id: string,
  name: string,
  input: string,
): { events: RealtimeEvent[]; item: Item } {
  const text = JSON.stringify({ input });
  const item = {
    id: id('item'),
    object: 'realtime.item',
    type: 'function_call',
    status: 'completed',
    name,
    call_id: id('call'),
    arguments: text,
  };
  const place = { response_id, output_index: 0 };
  const part = { ...place, item_id: item.id, call_id: item.call_id };
  const half = Math.ceil(text.length / 2);
  const begun = { ...item, status: 'in_progress', arguments: '' };
  return {
    item,
    events: [
      { type: 'response.output_item.added', ...place, item: begun },
      { type: 'conversation.item.created', previous_item_id: null, item: begun },
      { type: 'response.function_call_arguments.delta', ...part, delta: text.slice(0, half) },
      { type: 'response.function_call_arguments.delta', ...part, delta: text.slice(half) },
      { type: 'response.function_call_arguments.done', ...part, name, arguments: text },
      { type: 'response.output_item.done', ...place, item },
    ],
  };
}

function speechEvents(
  { id, options, session }: Turn,
  response_id: string,
  text: string,
): { events: RealtimeEvent[]; item: Item } {
  const modalities = options?.modalities ?? (session['modalities'] as string[]);
  const aloud = modalities.includes('audio');
  const content = aloud ? { type: 'audio', transcript: text } : { type: 'text', text };
  const item = {
    id: id('item'),
    object: 'realtime.item',
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content: [content],
  };
  const place = { response_id, output_index: 0 };
  const part = { ...place, item_id: item.id, content_index: 0 };
  const begun = { ...item, status: 'in_progress', content: [] };
  const empty = aloud ? { type: 'audio', transcript: '' } : { type: 'text', text: '' };
  return {
    item,
    events: [
      { type: 'response.output_item.added', ...place, item: begun },
      { type: 'conversation.item.created', previous_item_id: null, item: begun },
      { type: 'response.content_part.added', ...part, part: empty },
      ...(aloud ? audioEvents(part, text) : textEvents(part, text)),
      { type: 'response.content_part.done', ...part, part: content },
      { type: 'response.output_item.done', ...place, item },
    ],
  };
}

/** Splits a text into words, each with the space before it. */
const words = (text: string): string[] => (text.trim() === '' ? [] : text.trimEnd().split(/(?<=\S)(?=\s)/));

const textEvents = (part: object, text: string): RealtimeEvent[] => [
  ...words(text).map((delta) => ({ type: 'response.text.delta', ...part, delta })),
  { type: 'response.text.done', ...part, text },
];

const audioEvents = (part: object, text: string): RealtimeEvent[] => [
  ...words(text).flatMap((delta) => [
    { type: 'response.audio_transcript.delta', ...part, delta },
    { type: 'response.audio.delta', ...part, delta: speechOf(delta).toString('base64') },
  ]),
  { type: 'response.audio.done', ...part },
  { type: 'response.audio_transcript.done', ...part, transcript: text },
];
