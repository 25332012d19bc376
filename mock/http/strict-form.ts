import type { IncomingHttpHeaders } from 'node:http';
import type { Spec } from '../../spec/index.ts';
import { HttpError } from '../errors.ts';

/** Whether the form of a request to this path is checked before anything else (`x-strict-form` of an operation). */
export function wantsStrictForm({ operations }: Spec, path: string): boolean {
  return operations.some(({ strictForm }) => strictForm !== undefined && path.includes(strictForm));
}

const BOUNDARY = /^[\p{L}\p{N}_-]{1,70}$/u;

/** Checks while a body arrives that it is multipart, and begins and ends with its boundary (FILES-010 to FILES-012). */
export class StrictForm {
  readonly #boundary: string;
  /** The first and last bytes of the body, as many as the boundary has. */
  #first = '';
  #last = '';

  /** @throws HttpError 422 for a content type that is not multipart or has no valid boundary */
  constructor(headers: IncomingHttpHeaders) {
    const type = headers['content-type'] ?? '';
    if (!type.includes('multipart/form-data') || !type.includes('boundary='))
      throw new HttpError(422, "Content-Type header must be 'multipart/form-data' with a boundary parameter.");
    this.#boundary = type.slice(type.lastIndexOf('boundary=') + 'boundary='.length).trim();
    if (!BOUNDARY.test(this.#boundary)) throw new HttpError(422, 'Invalid boundary format');
  }

  addChunk(chunk: Buffer): void {
    const most = this.#boundary.length + '----\r\n'.length;
    if (this.#first.length < most) this.#first += chunk.toString('latin1', 0, most);
    this.#last = (this.#last + chunk.toString('latin1', Math.max(chunk.length - most, 0))).slice(-most);
  }

  /** Called after the last chunk. @throws HttpError 422 */
  refuseIncomplete(): void {
    const ends = this.#last.endsWith(`--${this.#boundary}--`) || this.#last.endsWith(`--${this.#boundary}--\r\n`);
    if (!this.#first.startsWith(`--${this.#boundary}`) || !ends)
      throw new HttpError(422, 'Invalid multipart formatting');
  }
}
