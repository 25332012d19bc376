import { traceback } from '../python/traceback.ts';
import type { Vertex } from './graph.ts';

/** A flow that could not be run; the message is what a real server says. */
export class FlowError extends Error {
  override name = 'FlowError';
}

/** What a component throws: the name of the exception and its text, as Python would write them. */
export class ComponentError extends Error {
  override name = 'ComponentError';
  readonly exception: string;
  /** The text alone; for a KeyError the message has quotes around it. */
  readonly detail: string;
  constructor(exception: string, detail: string) {
    super(exception === 'KeyError' ? `'${detail}'` : detail);
    this.exception = exception;
    this.detail = detail;
  }
}

/** An input that is given twice: as the run's input and as a tweak. */
export class InputConflict extends Error {
  override name = 'InputConflict';
}

/** A vertex that could not be built; the message is what a real server says of it. */
export class VertexError extends Error {
  override name = 'VertexError';
  readonly vertex: Vertex;
  readonly stackTrace: string;
  constructor(vertex: Vertex, { message }: ComponentError) {
    super(`Error building Component ${vertex.displayName}: \n\n${message}`);
    this.vertex = vertex;
    this.stackTrace = traceback('lfx.exceptions.component.ComponentBuildError', this.message);
  }
}
