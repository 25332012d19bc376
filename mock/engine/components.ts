import { chat } from './chat-components.ts';
import type { Effects } from './effects.ts';
import type { StoredMessage } from './events.ts';
import type { Vertex } from './graph.ts';
import { isModel, model } from './model-components.ts';
import { text } from './text-components.ts';
import type { Message } from './values.ts';

/** One component being built: its fields, and what it can do. */
export interface Build {
  vertex: Vertex;
  /** The value of a field: what is connected to it, or what stands there. */
  value(name: string): unknown;
  /** The same as text. */
  text(name: string): string;
  /** The vertex that is connected to a field, or to any. */
  source(field?: string): Vertex | undefined;
  /** Whether an edge leads to such a component, or comes from one. */
  isBeside(type: string): boolean;
  run: { flowId: string; sessionId: string; stream: boolean; effects: Effects };
  /** A message of the flow that is in no conversation, and that nobody says. */
  message(text: string): Message;
  /** The message with an id and a session, as a conversation keeps it. */
  identified(message: Message): StoredMessage;
}

/** What a component gives. */
export interface Built {
  outputs: Record<string, unknown>;
  /** What it says in the conversation. */
  message?: StoredMessage;
  /** The words in which a model says its message; without, it is there at once. */
  words?: string[];
  /** What the component says of itself; the text of its result where it says nothing. */
  status?: string;
  /** Outputs that lead nowhere this time. */
  stopped?: string[];
}

export type Component = (build: Build) => Built;

const components: Record<string, Component> = { ...chat, ...text };

/** The type that a node had when it was made: what a real server runs is its code, whatever it says to be. */
const baseName = ({ id }: Vertex): string => id.split('-')[0] as string;

/** How a vertex is built; undefined for a component that the engine does not know. */
export function componentOf(vertex: Vertex): Component | undefined {
  return components[vertex.type] ?? components[baseName(vertex)] ?? (isModel(vertex) ? model : undefined);
}
