import type { MessageRecord, VertexBuildRecord } from '../store/run-records.ts';

/** What a run does to the world outside, and what it reads there. */
export interface Effects {
  now(): Date;
  uuid(): string;
  record: {
    /** Inserts a message, or replaces the one of its id. */
    message(row: MessageRecord): void;
    /** Replaces a message that was said word by word; does nothing when somebody has deleted it. */
    completeMessage(row: MessageRecord): void;
    build(row: VertexBuildRecord): void;
  };
  /** The messages of a session, oldest first. */
  history(sessionId: string): MessageRecord[];
  /** The value of a global variable. */
  variable(name: string): string | undefined;
  /** What a component says that needs a variable, when there is none of this name. */
  missingVariable(name: string): string;
  /** Whether an image is on the disk of the server at the path. */
  isImage(path: string): boolean;
  /** The text with which a model responds. */
  complete(prompt: ModelPrompt): string;
}

/** What a model is given. */
export interface ModelPrompt {
  component: string;
  model: string;
  system: string;
  input: string;
}

/** A model that needs no key: it responds with its input. */
export const echo = ({ input }: ModelPrompt): string => input;
