import { isObject } from '../../spec/json.ts';
import type { Tables } from './tables.ts';

/**
 * Checks the value of a column. Returns the end of a sentence, `is "x", which is no UUID`, or undefined if it is valid.
 */
export type Column<T> = ((value: unknown) => string | undefined) & { readonly of?: T };

const column =
  <T>(what: string, isValid: (value: unknown) => boolean): Column<T> =>
  (value) =>
    isValid(value) ? undefined : value === undefined ? 'is missing' : `is ${describeValue(value)}, which is no ${what}`;

const MOST_SHOWN = 40;

function describeValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

const text: Column<string> = column('text', (value) => typeof value === 'string');
const some: Column<string> = column(
  'text of one character or more',
  (value) => typeof value === 'string' && value !== '',
);
const id: Column<string> = column('UUID (small letters, with hyphens)', (value) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(value)),
);
const time: Column<string> = column(
  'time in ISO 8601',
  (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/.test(value),
);
const flag: Column<boolean> = column('true or false', (value) => typeof value === 'boolean');
const number: Column<number> = column('number', (value) => typeof value === 'number');
const count: Column<number> = column(
  'whole number from 0 on',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);
const base64: Column<string> = column(
  'base64',
  (value) => typeof value === 'string' && /^[\w+/-]*={0,2}$/.test(String(value)),
);
const texts: Column<string[]> = column(
  'list of texts',
  (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
);
const list: Column<unknown[]> = column('list', Array.isArray);
const object = <T extends object>(): Column<T> => column('object', isObject);
const oneOf = <T extends string>(...choices: T[]): Column<T> =>
  column(choices.join(' or '), (value) => choices.some((choice) => choice === value));

const orNull =
  <T>(of: Column<T>): Column<T | null> =>
  (value) =>
    value === null ? undefined : of(value);
/** May also be absent. */
const optional =
  <T>(of: Column<T>): Column<T> =>
  (value) =>
    value === undefined ? undefined : of(value);

type ColumnsOf<Row> = { [Name in keyof Row]-?: Column<Row[Name]> };

/** Required, since only its owner can see such a row. */
const owner: Column<string> = (value) =>
  value === null || value === undefined ? 'names no owner, so nobody would see the row' : id(value);

/** The columns of each table. */
export const columns: { [Name in keyof Tables]: ColumnsOf<Tables[Name]> } = {
  users: {
    id,
    username: some,
    password: some,
    profile_image: orNull(text),
    store_api_key: orNull(text),
    is_active: flag,
    is_superuser: flag,
    create_at: time,
    updated_at: time,
    last_login_at: orNull(time),
    optins: orNull(object()),
  },
  apiKeys: {
    id,
    name: orNull(text),
    api_key: some,
    user_id: owner,
    created_at: time,
    last_used_at: orNull(time),
    total_uses: count,
    is_active: flag,
  },
  projects: {
    id,
    name: text,
    description: orNull(text),
    parent_id: orNull(id),
    auth_settings: orNull(object()),
    user_id: owner,
  },
  flows: {
    id,
    name: text,
    description: orNull(text),
    icon: orNull(text),
    icon_bg_color: orNull(text),
    gradient: orNull(text),
    data: orNull(object()),
    is_component: orNull(flag),
    updated_at: orNull(time),
    webhook: orNull(flag),
    endpoint_name: orNull(text),
    tags: orNull(texts),
    locked: orNull(flag),
    mcp_enabled: orNull(flag),
    action_name: orNull(text),
    action_description: orNull(text),
    access_type: oneOf('PRIVATE', 'PUBLIC'),
    user_id: owner,
    folder_id: orNull(id),
    fs_path: optional(orNull(text)),
  },
  variables: {
    id,
    name: text,
    value: text,
    type: orNull(text),
    default_fields: orNull(texts),
    user_id: owner,
    created_at: time,
    updated_at: time,
  },
  mcpServers: { id, user_id: owner, name: text, config: object() },
  mcpServerFiles: { user_id: owner },
  mcpClients: { name: some, servers: object() },
  files: {
    id,
    user_id: owner,
    name: text,
    path: some,
    size: count,
    provider: orNull(text),
    created_at: time,
    updated_at: time,
  },
  storedFiles: { path: some, folder: some, bytes: base64, blobs: optional(list as Column<never[]>) },
  knowledgeBases: {
    key: some,
    username: some,
    id: some,
    embedding_provider: text,
    embedding_model: text,
    size: number,
    words: number,
    characters: number,
    chunks: number,
    avg_chunk_size: number,
  },
  registrations: { id: some, email: some, registered_at: time },
  messages: {
    id,
    flow_id: orNull(id),
    timestamp: time,
    sender: text,
    sender_name: text,
    session_id: text,
    context_id: orNull(text),
    text,
    files: texts,
    error: flag,
    edit: flag,
    properties: object(),
    category: text,
    content_blocks: list,
    duration: orNull(number),
  },
  vertexBuilds: {
    build_id: id,
    flow_id: id,
    id: some,
    timestamp: time,
    valid: flag,
    params: orNull(text),
    data: orNull(object()),
    artifacts: orNull(object()),
  },
  transactions: {
    id,
    flow_id: id,
    timestamp: time,
    vertex_id: some,
    target_id: orNull(text),
    inputs: orNull(object()),
    outputs: orNull(object()),
    status: text,
    error: orNull(text),
  },
};
