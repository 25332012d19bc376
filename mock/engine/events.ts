import type { Vertex } from './graph.ts';
import type { Result } from './results.ts';
import type { Message } from './values.ts';

/** A message of a conversation, which has an id and a session. */
export type StoredMessage = Message & { id: string };

/** What happens while the vertices of a flow are built, in order. */
export type VertexEvent =
  /** A message is in the conversation. */
  | { type: 'message'; message: StoredMessage }
  /** A model begins to speak: the message has its first words, its tokens follow. */
  | { type: 'messageStart'; message: StoredMessage }
  | { type: 'token'; id: string; chunk: string }
  /** A component failed: the message that the conversation keeps of it. */
  | { type: 'error'; message: StoredMessage };

/** The building of a vertex begins. */
export type VertexStart = { type: 'vertexStart'; vertex: Vertex };

/** What happens in a run. */
export type RunEvent = VertexEvent | VertexStart | { type: 'vertexEnd'; vertex: Vertex; result: Result };
