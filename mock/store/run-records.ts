/**
 * What a run leaves behind. Fields are the wire's own names; where a route shows a row differently
 * (monitor writes `files` as a JSON string and leaves `error` out), the row holds the plain value.
 */

/** Where a message came from: the component that made it. */
export interface MessageSource {
  id: string | null;
  display_name: string | null;
  source: string | null;
}

export interface MessageProperties {
  text_color: string | null;
  background_color: string | null;
  edited: boolean;
  source: MessageSource;
  icon: string | null;
  allow_markdown: boolean;
  positive_feedback: boolean | null;
  state: 'partial' | 'complete';
  targets: unknown[];
}

/** A message of a conversation: chat input and chat output store one each. */
export interface MessageRecord {
  id: string;
  flow_id: string | null;
  /** `2026-01-31 12:00:00 UTC`; whole seconds, so messages of one run are told apart by order of insertion alone. */
  timestamp: string;
  sender: string;
  sender_name: string;
  session_id: string;
  context_id: string | null;
  text: string;
  files: string[];
  error: boolean;
  edit: boolean;
  properties: MessageProperties;
  category: string;
  content_blocks: unknown[];
  duration: number | null;
}

/** The last result of a vertex. A real server keeps at most two a vertex, 3000 in all. */
export interface VertexBuildRecord {
  build_id: string;
  flow_id: string;
  /** The vertex: `ChatInput-a1b2c`. */
  id: string;
  /** `2026-01-31T12:00:00.123456Z` */
  timestamp: string;
  valid: boolean;
  /** Null where it is the text of the artifacts, to be made when somebody looks. */
  params: string | null;
  data: Record<string, unknown> | null;
  artifacts: Record<string, unknown> | null;
}

/** A result that went from one vertex to another. No run of 1.7.3 stores any: the table stays empty. */
export interface TransactionRecord {
  id: string;
  flow_id: string;
  timestamp: string;
  vertex_id: string;
  target_id: string | null;
  inputs: Record<string, unknown> | null;
  outputs: Record<string, unknown> | null;
  status: string;
  error: string | null;
}
