import type { FastifyRequest } from 'fastify';
import { HttpError } from '../errors.ts';

/** Langflow looks at the form of every request below this path, whatever its method, before anything else. */
const WATCHED = '/api/v1/files/upload';

export const wantsStrictForm = (path: string): boolean => path.includes(WATCHED);

const BOUNDARY = /^[\p{L}\p{N}_-]{1,70}$/u;

/** @throws HttpError 422 unless the body is multipart, begins with its boundary and ends with it (FILES-010 to FILES-012). */
export function refuseLooseForm({ headers, body }: FastifyRequest): void {
  const type = headers['content-type'] ?? '';
  if (!type.includes('multipart/form-data') || !type.includes('boundary='))
    throw new HttpError(422, "Content-Type header must be 'multipart/form-data' with a boundary parameter.");
  const boundary = type.slice(type.lastIndexOf('boundary=') + 'boundary='.length).trim();
  if (!BOUNDARY.test(boundary)) throw new HttpError(422, 'Invalid boundary format');
  const text = (body as Buffer | undefined)?.toString('latin1') ?? '';
  const ends = text.endsWith(`--${boundary}--`) || text.endsWith(`--${boundary}--\r\n`);
  if (!text.startsWith(`--${boundary}`) || !ends) throw new HttpError(422, 'Invalid multipart formatting');
}
