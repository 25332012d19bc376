/**
 * The rows that a run stores. Fields have the names of responses. Where a route writes a field differently (monitor
 * writes `files` as a JSON string and omits `error`), the row has the plain value.
 */

/** The component that made a message. */
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

/** A message of a chat: chat input and chat output store one each. */
export interface MessageRecord {
  id: string;
  flow_id: string | null;
  /** `2026-01-31 12:00:00 UTC`. In whole seconds, so only the order of insertion orders the messages of a run. */
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

/** The last result of a vertex. A real server keeps at most two of a vertex, and 3000 in all. */
export interface VertexBuildRecord {
  build_id: string;
  flow_id: string;
  /** The vertex: `ChatInput-a1b2c`. */
  id: string;
  /** `2026-01-31T12:00:00.123456Z` */
  timestamp: string;
  valid: boolean;
  /** Null for the text of the artifacts, which is made when it is read. */
  params: string | null;
  data: Record<string, unknown> | null;
  artifacts: Record<string, unknown> | null;
}

/** A result that went from one vertex to another. Runs of 1.7.3 store none: the table stays empty. */
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
