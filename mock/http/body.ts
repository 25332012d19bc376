import type { FastifyRequest } from 'fastify';
import type { Operation } from '../../spec/index.ts';
import type { Mock } from '../mock.ts';
import type { UploadedFile } from '../operation.ts';
import { parseJson } from '../validation/index.ts';

/** What came in a request's body, before validation. */
export interface ParsedBody {
  /** A JSON value, the fields of a form, text of another type, or undefined when there was no body. */
  value: unknown;
  files: UploadedFile[];
  form: boolean;
}

/**
 * Reads a body as FastAPI does: by what the operation declares (a form or JSON) and by the request's content type.
 *
 * @throws HttpError 422 for broken JSON, before any look at the credential; 400 for a broken multipart body
 */
export async function readBody(operation: Operation, request: FastifyRequest, { spec }: Mock): Promise<ParsedBody> {
  const declared = Object.keys(operation.requestBody?.content ?? {});
  if (declared.length === 0) return { value: undefined, files: [], form: false };
  const sent = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (declared.some((type) => type === 'multipart/form-data' || type === 'application/x-www-form-urlencoded')) {
    if (sent === 'multipart/form-data') return readMultipart(request);
    const fields = sent === 'application/x-www-form-urlencoded' ? Object.fromEntries(new URLSearchParams(textOf(request))) : {};
    return { value: fields, files: [], form: true };
  }
  // Bytes that the operation takes as they are, whatever they are called.
  if (declared.includes('*/*')) return { value: textOf(request), files: [], form: false };
  const bytes = request.body as Buffer | undefined;
  if (!bytes?.length) return { value: undefined, files: [], form: false };
  const isJson =
    (sent === '' && spec.facts['jsonWithoutContentType'] === true) ||
    sent === 'application/json' ||
    (sent.startsWith('application/') && sent.endsWith('+json'));
  return { value: isJson ? parseJson(bytes) : bytes.toString('utf8'), files: [], form: false };
}

function textOf(request: FastifyRequest): string {
  return (request.body as Buffer | undefined)?.toString('utf8') ?? '';
}

async function readMultipart(request: FastifyRequest): Promise<ParsedBody> {
  const value: Record<string, unknown> = {};
  const files: UploadedFile[] = [];
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      const file = { field: part.fieldname, filename: part.filename, mediaType: part.mimetype, bytes: await part.toBuffer() };
      files.push(file);
      value[part.fieldname] = file;
    } else {
      value[part.fieldname] = part.value;
    }
  }
  return { value, files, form: true };
}
