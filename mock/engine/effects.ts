import type { MessageRecord, VertexBuildRecord } from '../store/run-records.ts';

/** What a run does to the world outside, and what it asks of it. */
export interface Effects {
  now(): Date;
  uuid(): string;
  /** An event of a streamed run; absent when nobody listens. */
  emit?: ((event: string, data: Record<string, unknown>) => void) | undefined;
  record: { message(row: MessageRecord): void; build(row: VertexBuildRecord): void };
  /** The messages of a session, oldest first. */
  history(sessionId: string): MessageRecord[];
  /** The value of a global variable. */
  variable(name: string): string | undefined;
  /** What a component that needs a variable says when there is none of this name. */
  missingVariable(name: string): string;
  /** Whether an image is on the disk of the server at the path. */
  isImage(path: string): boolean;
  /** What a model says. */
  answer(question: Question): string;
}

/** What a model is asked. */
export interface Question {
  component: string;
  model: string;
  system: string;
  input: string;
}

/** A model without a key and without a mind: it says what it was told. */
export const echo = ({ input }: Question): string => input;
