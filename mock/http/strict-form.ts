import type { FastifyRequest } from 'fastify';
import type { Spec } from '../../spec/index.ts';
import { HttpError } from '../errors.ts';

/** Whether the form of a request to this path is checked before anything else (`x-strict-form` of an operation). */
export function wantsStrictForm({ operations }: Spec, path: string): boolean {
  return operations.some(({ strictForm }) => strictForm !== undefined && path.includes(strictForm));
}

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
