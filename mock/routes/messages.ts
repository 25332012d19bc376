import type { components } from '../../spec/generated/api.d.ts';
import { viewOf } from '../json.ts';
import type { Handlers } from '../operation.ts';
import type { MessageProperties, MessageRecord } from '../store/run-records.ts';
import type { Store } from '../store/store.ts';
import type { UserRow } from '../store/tables.ts';

type Schemas = components['schemas'];

export const messageRoutes = {
  listMessages: ({ query, user, fail }, { store }) => {
    const { flow_id, sender, sender_name, order_by } = query;
    const session_id = query.session_id && unquote(query.session_id);
    const match = Object.fromEntries(
      Object.entries({ flow_id, session_id, sender, sender_name }).filter(([, value]) => value),
    );
    const messages = messagesOf(user, store, match);
    if (!order_by) return messages.map(toWireMessage);
    if (!COLUMNS.has(order_by)) return fail(500, order_by);
    return messages.sort(ascending(order_by as keyof MessageRecord)).map(toWireMessage);
  },
  deleteMessages: ({ body }, { store }) => {
    for (const id of body) store.messages.remove(id);
    return undefined;
  },
  updateMessage: ({ params, body, fail }, { store }) => {
    const message = store.messages.get(params.message_id) ?? fail(404, 'Message not found');
    const { properties, ...fields } = body;
    const patch: Partial<MessageRecord> = Object.fromEntries(
      Object.entries(fields).filter(([, value]) => value !== null),
    );
    if (patch.text !== undefined && patch.text !== message.text) patch.edit = true;
    if (properties) patch.properties = propertiesFrom(properties);
    return toUpdatedMessage(store.messages.update(message.id, patch));
  },
} satisfies Handlers;

/** The messages of a user's own flows. Only the lists check the owner, as on 1.7.3 (MSG-002, MSG-020). */
export function messagesOf(user: UserRow, store: Store, match: Partial<MessageRecord>): MessageRecord[] {
  return store.messages
    .all(match)
    .filter(({ flow_id }) => flow_id !== null && store.flows.get(flow_id)?.user_id === user.id);
}

export const toWireMessage = viewOf((message: MessageRecord): Schemas['Message'] => ({
  id: message.id,
  flow_id: message.flow_id as string,
  timestamp: message.timestamp,
  sender: message.sender,
  sender_name: message.sender_name,
  session_id: message.session_id,
  context_id: message.context_id,
  text: message.text,
  files: pythonList(message.files),
  edit: message.edit,
  duration: message.duration,
  properties: message.properties,
  category: message.category as Schemas['MessageCategory'],
  content_blocks: message.content_blocks as Schemas['ContentBlock'][],
}));

const toUpdatedMessage = viewOf((message: MessageRecord): Schemas['UpdatedMessage'] => ({
  timestamp: message.timestamp,
  sender: message.sender,
  sender_name: message.sender_name,
  session_id: message.session_id,
  context_id: message.context_id,
  text: message.text,
  files: message.files,
  error: message.error,
  edit: message.edit,
  properties: message.properties,
  category: message.category as Schemas['MessageCategory'],
  content_blocks: message.content_blocks as Schemas['ContentBlock'][],
  id: message.id,
  flow_id: message.flow_id,
}));

/** The properties of a validated body. Its defaults are set, except for a source that is a text or absent. */
function propertiesFrom({ source, ...properties }: Schemas['MessagePropertiesUpdate']): MessageProperties {
  const text = typeof source === 'string' ? source : null;
  const {
    id = text,
    display_name = text,
    source: name = text,
  } = typeof source === 'object' && source !== null ? source : {};
  return { ...properties, source: { id, display_name, source: name } } as MessageProperties;
}

/** The values of order_by: the columns of the table, which has no duration. */
const COLUMNS = new Set([
  'id',
  'flow_id',
  'timestamp',
  'sender',
  'sender_name',
  'session_id',
  'context_id',
  'text',
  'files',
  'error',
  'edit',
  'properties',
  'category',
  'content_blocks',
]);

/** Compares as SQLite does: null first, objects by their JSON text, equal values in order of insertion. */
function ascending(column: keyof MessageRecord) {
  const keyOf = (message: MessageRecord) => {
    const value = message[column];
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? '');
  };
  return (a: MessageRecord, b: MessageRecord) => {
    const [first, second] = [keyOf(a), keyOf(b)];
    if (first === second) return 0;
    return first < second ? -1 : 1;
  };
}

/** Decodes percent-encoding a second time, after the query. Malformed text stays (MSG-006). */
function unquote(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A list of texts as Python's json.dumps writes it. */
function pythonList(values: string[]): string {
  const ascii = (text: string) =>
    JSON.stringify(text).replaceAll(
      /[\u0080-\uffff]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  return `[${values.map(ascii).join(', ')}]`;
}
