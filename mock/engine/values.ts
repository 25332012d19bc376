import { iso } from '../clock.ts';
import { JsonText } from '../json-text.ts';
import { isExactNumber } from '../numbers.ts';
import type { MessageProperties, MessageRecord, MessageSource } from '../store/run-records.ts';

export interface Message {
  kind: 'message';
  text: string;
  sender: string | null;
  sender_name: string | null;
  session_id: string;
  context_id: string | null;
  files: string[];
  timestamp: string;
  flow_id: string | null;
  category: string;
  properties: MessageProperties;
  content_blocks: unknown[];
  /** The stored message's id: only what is stored has one. */
  id?: string;
  /** Made of a `content`, which is shown, and nothing else. */
  isBare?: boolean;
}

export interface Data {
  kind: 'data';
  data: Record<string, unknown>;
}

export interface Table {
  kind: 'table';
  rows: Record<string, unknown>[];
}

export const isMessage = (value: unknown): value is Message => kindOf(value) === 'message';
export const isData = (value: unknown): value is Data => kindOf(value) === 'data';
export const isTable = (value: unknown): value is Table => kindOf(value) === 'table';

function kindOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (value as { kind?: unknown }).kind : undefined;
}

export const NO_SOURCE: MessageSource = { id: null, display_name: null, source: null };

export function properties(source: MessageSource = NO_SOURCE): MessageProperties {
  return {
    text_color: null,
    background_color: null,
    edited: false,
    source,
    icon: null,
    allow_markdown: false,
    positive_feedback: null,
    state: 'complete',
    targets: [],
  };
}

/** Those of a message that nothing is known of. */
export const PLAIN: MessageProperties = Object.freeze(properties());

/** `2026-01-31 12:00:00 UTC` */
export function messageTime(date: Date): string {
  const text = iso(date);
  return `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}

/** The text of anything, as a component with a text field takes it. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (isMessage(value)) return value.text;
  if (isData(value)) return typeof value.data['text'] === 'string' ? value.data['text'] : pythonJson(value.data, 4);
  if (isTable(value)) return markdownTable(value.rows);
  if (Array.isArray(value)) return value.map(textOf).join('\n');
  return typeof value === 'object' ? pythonJson(value, 4) : String(value);
}

/** What a chat output makes of its input. */
export function chatText(value: unknown): string {
  if (isMessage(value)) return value.text;
  if (isData(value)) return tidy(`\`\`\`json\n${JSON.stringify(value.data, null, 2)}\n\`\`\``);
  if (isTable(value)) return markdownTable(value.rows);
  if (Array.isArray(value)) return value.map(chatText).join('\n');
  return tidy(textOf(value));
}

function tidy(text: string): string {
  return text.replaceAll(/^[^\S\n]+$/gm, '').replaceAll(/\n{3,}/g, '\n\n');
}

function markdownTable(rows: Record<string, unknown>[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(columns.map((column) => textOf(row[column]).replaceAll('|', '\\|'))));
  return [line(columns), `|${columns.map((column) => `:${'-'.repeat(column.length + 1)}`).join('|')}|`, ...body].join(
    '\n',
  );
}

/** JSON as Python's `json.dumps` writes it: what is not ASCII is escaped, `, ` and `: ` part the members. */
export function pythonJson(value: unknown, indent?: number): string {
  return indent === undefined ? spaced(value) : ascii(JSON.stringify(value, null, indent));
}

const ascii = (json: string): string =>
  json.replaceAll(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Text that JSON takes as it is. */
const UNESCAPED = /^[ !#-[\]-~]*$/;
const quoted = (text: string): string => (UNESCAPED.test(text) ? `"${text}"` : ascii(JSON.stringify(text)));

function spaced(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (isExactNumber(value)) return value.rawJSON;
  if (value instanceof JsonText) return spaced(value.exact);
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  return Object.isFrozen(value) ? (known.get(value) ?? keep(value, members(value))) : members(value);
}

function members(value: object): string {
  let text = '{';
  for (const name in value) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) text += (text.length > 1 ? nextLabel : firstLabel)(name) + spaced(member);
  }
  return `${text}}`;
}

/** Texts of what never changes. */
const known = new WeakMap<object, string>();

function keep(value: object, text: string): string {
  known.set(value, text);
  return text;
}

/** Names of members as they are written: most events have the same ones. */
const firstLabel = labels('');
const nextLabel = labels(', ');
const MOST_LABELS = 1000;

function labels(before: string): (name: string) => string {
  const written = new Map<string, string>();
  return (name) => {
    let label = written.get(name);
    if (label === undefined) {
      label = `${before}${quoted(name)}: `;
      if (written.size < MOST_LABELS) written.set(name, label);
    }
    return label;
  };
}

/** The `data` of a message; its members are in the order of the columns when it is stored. */
export function messageData(message: Message): Record<string, unknown> {
  const { text, sender, sender_name, session_id, context_id, files, timestamp, flow_id, category, content_blocks, id } =
    message;
  const rest = { error: false, edit: false, properties: message.properties, category, content_blocks };
  if (id === undefined && message.isBare)
    return {
      content: text,
      files,
      text,
      sender,
      sender_name,
      session_id,
      context_id,
      timestamp,
      flow_id,
      ...rest,
      duration: null,
    };
  if (id === undefined)
    return { text, files, sender, sender_name, session_id, context_id, timestamp, flow_id, ...rest, duration: null };
  return { timestamp, sender, sender_name, session_id, context_id, text, files, ...rest, id, flow_id, duration: null };
}

/** A value as the response of a run has it. */
export function shown(value: unknown): unknown {
  if (isData(value)) return { text_key: 'text', data: value.data, default_value: '' };
  if (isTable(value)) return value.rows;
  if (!isMessage(value)) return value;
  const { text, sender, sender_name, files, session_id, context_id, flow_id, category, content_blocks } = value;
  return {
    text_key: 'text',
    data: messageData(value),
    default_value: '',
    text,
    sender,
    sender_name,
    files,
    session_id,
    context_id,
    timestamp: `${value.timestamp.slice(0, 10)}T${value.timestamp.slice(11, 19)}+00:00`,
    flow_id,
    error: false,
    edit: false,
    properties: value.properties,
    category,
    content_blocks,
    duration: null,
  };
}

/** The row of a message that is stored. */
export function recordOf(message: Message, id: string, flowId: string): MessageRecord {
  return {
    id,
    flow_id: flowId,
    timestamp: message.timestamp,
    sender: message.sender ?? 'Machine',
    sender_name: message.sender_name ?? 'AI',
    session_id: message.session_id,
    context_id: message.context_id,
    text: message.text,
    files: message.files,
    error: false,
    edit: false,
    properties: message.properties,
    category: message.category,
    content_blocks: message.content_blocks,
    duration: null,
  };
}
