import type { JsonText } from '../json-text.ts';
import type { TableDefinition } from './collection.ts';
import { copyOf } from './copies.ts';
import type { MessageRecord, TransactionRecord, VertexBuildRecord } from './run-records.ts';

/** The rows of the store. Columns have the names of responses. */

export interface UserRow {
  id: string;
  username: string;
  /** A scrypt hash. In no response. */
  password: string;
  profile_image: string | null;
  store_api_key: string | null;
  is_active: boolean;
  is_superuser: boolean;
  create_at: string;
  updated_at: string;
  last_login_at: string | null;
  optins: Record<string, unknown> | null;
}

export interface ApiKeyRow {
  id: string;
  name: string | null;
  /** Plain text, as a real server stores it, since it must be compared. Masked in responses. */
  api_key: string;
  user_id: string;
  created_at: string;
  last_used_at: string | null;
  total_uses: number;
  is_active: boolean;
}

export interface ProjectRow {
  id: string;
  name: string;
  description: string | null;
  parent_id: string | null;
  auth_settings: Record<string, unknown> | null;
  user_id: string | null;
}

/** An MCP server that the agents of a user may call. */
export interface McpServerRow {
  id: string;
  user_id: string;
  name: string;
  config: Record<string, unknown>;
}

/** An MCP client on the deployment's machine, such as cursor, with its configuration. Only a snapshot creates one. */
export interface McpClientRow {
  name: string;
  servers: Record<string, { command: string; args: string[] }>;
}

export interface FlowRow {
  id: string;
  name: string;
  description: string | null;
  icon: string | null;
  icon_bg_color: string | null;
  gradient: string | null;
  data: JsonText<FlowData> | null;
  is_component: boolean | null;
  updated_at: string | null;
  webhook: boolean | null;
  endpoint_name: string | null;
  tags: string[] | null;
  locked: boolean | null;
  mcp_enabled: boolean | null;
  action_name: string | null;
  action_description: string | null;
  access_type: 'PRIVATE' | 'PUBLIC';
  user_id: string | null;
  folder_id: string | null;
  /** Only in exported flows. */
  fs_path?: string | null;
}

/** The graph of a flow in react-flow's form. The engine reads it, the store does not. */
export interface FlowData {
  nodes?: unknown[];
  edges?: unknown[];
  viewport?: unknown;
  [other: string]: unknown;
}

export interface VariableRow {
  id: string;
  name: string;
  value: string;
  type: string | null;
  default_fields: string[] | null;
  user_id: string;
  created_at: string;
  updated_at: string;
}

/** A file of a user (v2). Its bytes are stored under its path. */
export interface FileRow {
  id: string;
  user_id: string;
  name: string;
  path: string;
  size: number;
  provider: string | null;
  created_at: string;
  updated_at: string;
}

/** The bytes of a file of a user or flow, which a real deployment has on its disk. */
export interface StoredFileRow {
  /** The folder, a slash, the name. */
  path: string;
  /** The id of a user or a flow. */
  folder: string;
  /** In base64: all bytes of a small file, the bytes after the blobs of a large one. */
  bytes: string;
  /** Files beside the store with the bytes of a large file, in order. Not in a snapshot. */
  blobs?: BlobReference[];
}

/** A file on this machine to which a row refers. */
export interface BlobReference {
  name: string;
  size: number;
}

/** A knowledge base. Only a snapshot creates one. It belongs to a username, as its folder does on a real deployment. */
export interface KnowledgeBaseRow {
  key: string;
  username: string;
  /** The name of its folder. */
  id: string;
  embedding_provider: string;
  embedding_model: string;
  size: number;
  words: number;
  characters: number;
  chunks: number;
  avg_chunk_size: number;
}

/** The user who registered the deployment: at most one row. */
export interface RegistrationRow {
  id: string;
  email: string;
  registered_at: string;
}

export interface Tables {
  users: UserRow;
  apiKeys: ApiKeyRow;
  projects: ProjectRow;
  flows: FlowRow;
  variables: VariableRow;
  mcpServers: McpServerRow;
  /** Users who have a file of MCP servers. The first read creates it. */
  mcpServerFiles: Pick<McpServerRow, 'user_id'>;
  mcpClients: McpClientRow;
  files: FileRow;
  storedFiles: StoredFileRow;
  knowledgeBases: KnowledgeBaseRow;
  registrations: RegistrationRow;
  messages: MessageRecord;
  vertexBuilds: VertexBuildRecord;
  transactions: TransactionRecord;
}

const OWNED = { column: 'user_id', table: 'users', onDelete: 'cascade' } as const;
const OF_FLOW = { column: 'flow_id', table: 'flows', onDelete: 'cascade' } as const;

/** The group of the copies of a user's flow. */
export const copiesOf = (userId: string | null, name: string): string => `${userId}\0${name}`;

function copyOfFlow({ user_id, name }: FlowRow): { group: string; number: bigint } | undefined {
  const copy = copyOf(name);
  return copy && { group: copiesOf(user_id, copy.of), number: copy.number };
}

export const tables: { [Name in keyof Tables]: TableDefinition<Tables[Name]> } = {
  users: { key: 'id', unique: [['username']] },
  apiKeys: {
    key: 'id',
    indexes: [['user_id']],
    unique: [['api_key']],
    references: [OWNED],
    deferred: ['total_uses', 'last_used_at'],
  },
  projects: { key: 'id', indexes: [['user_id']], unique: [['user_id', 'name']], references: [OWNED] },
  flows: {
    key: 'id',
    texts: ['data'],
    numbering: { columns: ['user_id', 'name'], of: copyOfFlow },
    indexes: [['user_id'], ['folder_id'], ['user_id', 'folder_id'], ['endpoint_name']],
    unique: [
      ['user_id', 'name'],
      ['user_id', 'endpoint_name'],
    ],
    references: [OWNED, { column: 'folder_id', table: 'projects', onDelete: 'cascade' }],
  },
  variables: { key: 'id', indexes: [['user_id'], ['user_id', 'name']], references: [OWNED] },
  mcpServers: { key: 'id', indexes: [['user_id']], unique: [['user_id', 'name']], references: [OWNED] },
  mcpServerFiles: { key: 'user_id', references: [OWNED] },
  mcpClients: { key: 'name' },
  files: { key: 'id', indexes: [['user_id']], unique: [['user_id', 'name']], references: [OWNED] },
  // Without a reference: they outlive their flow, as files on a disk do.
  storedFiles: { key: 'path', indexes: [['folder']] },
  knowledgeBases: { key: 'key', indexes: [['username']], unique: [['username', 'id']] },
  registrations: { key: 'id' },
  messages: { key: 'id', indexes: [['flow_id'], ['session_id']], references: [OF_FLOW] },
  vertexBuilds: { key: 'build_id', indexes: [['flow_id'], ['flow_id', 'id']], references: [OF_FLOW] },
  transactions: { key: 'id', indexes: [['flow_id']], references: [OF_FLOW] },
};
