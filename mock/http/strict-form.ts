import type { IncomingHttpHeaders } from 'node:http';
import type { Spec } from '../../spec/index.ts';
import { HttpError } from '../errors.ts';

/** Whether the form of a request to this path is checked before anything else (`x-strict-form` of an operation). */
export function wantsStrictForm({ operations }: Spec, path: string): boolean {
  return operations.some(({ strictForm }) => strictForm !== undefined && path.includes(strictForm));
}

const BOUNDARY = /^[\p{L}\p{N}_-]{1,70}$/u;

/** Checks that a body is multipart, begins with its boundary and ends with it, while it comes (FILES-010 to FILES-012). */
export class StrictForm {
  readonly #boundary: string;
  /** As much of the beginning and of the end as the boundary takes. */
  #first = '';
  #last = '';

  /** @throws HttpError 422 for a content type that is not multipart or whose boundary is none */
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

  /** Once all was seen. @throws HttpError 422 */
  refuseIncomplete(): void {
    const ends = this.#last.endsWith(`--${this.#boundary}--`) || this.#last.endsWith(`--${this.#boundary}--\r\n`);
    if (!this.#first.startsWith(`--${this.#boundary}`) || !ends) throw new HttpError(422, 'Invalid multipart formatting');
  }
}
