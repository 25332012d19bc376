import type { FastifyRequest } from 'fastify';
import type { Operation } from '../../spec/index.ts';
import type { Mock } from '../mock.ts';
import type { UploadedFile } from '../operation.ts';
import { parseJson } from '../validation/index.ts';
import { formOf, multipartParts } from './multipart.ts';

/** What came in a request's body, before validation. */
export interface ParsedBody {
  /** A JSON value, the fields of a form, text of another type, or undefined when there was no body. */
  value: unknown;
  files: UploadedFile[];
}

const NO_BYTES = Buffer.alloc(0);
const NO_BODY: ParsedBody = Object.freeze({ value: undefined, files: [] });

/**
 * How the bodies of an operation are read, as FastAPI does it: by what the operation declares (a form or JSON) and by the
 * request's content type. The reader throws HttpError 422 for broken JSON, before any look at the credential; 400 for a
 * broken multipart body.
 */
export function bodyReader(operation: Operation, { spec }: Mock): (request: FastifyRequest) => ParsedBody {
  const declared = Object.keys(operation.requestBody?.content ?? {});
  if (declared.length === 0) return () => NO_BODY;
  if (operation.requestBody?.['x-raw']) return (request) => ({ value: request.body, files: [] });
  if (declared.some((type) => type === 'multipart/form-data' || type === 'application/x-www-form-urlencoded')) return readForm;
  // Bytes that the operation takes as they are, whatever they are called.
  if (declared.includes('*/*')) return (request) => ({ value: textOf(request), files: [] });
  const untyped = spec.facts['jsonWithoutContentType'] === true;
  return (request) => {
    const bytes = request.body as Buffer | undefined;
    if (!bytes?.length) return NO_BODY;
    return { value: isJson(sentType(request), untyped) ? parseJson(bytes) : bytes.toString('utf8'), files: [] };
  };
}

const sentType = (request: FastifyRequest): string => (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

function isJson(sent: string, untyped: boolean): boolean {
  return sent === 'application/json' || (sent === '' && untyped) || (sent.startsWith('application/') && sent.endsWith('+json'));
}

function readForm(request: FastifyRequest): ParsedBody {
  const sent = formType(request);
  if (sent === 'multipart/form-data') return formOf(multipartParts(request.headers['content-type'] ?? '', (request.body as Buffer | undefined) ?? NO_BYTES));
  const fields = sent === 'application/x-www-form-urlencoded' ? fieldsOf(request) : {};
  return { value: fields, files: [] };
}

/** With parameters behind it the type is compared by case, as Starlette does it. */
function formType(request: FastifyRequest): string {
  const type = request.headers['content-type'] ?? '';
  return type.includes(';') ? (type.split(';', 1)[0] as string).trim() : sentType(request);
}

/** As python-multipart reads them: a semicolon parts them too, a question mark at the start is part of a name, and bytes are Latin-1. */
function fieldsOf(request: FastifyRequest): Record<string, string> {
  const text = (request.body as Buffer | undefined)?.toString('latin1') ?? '';
  return Object.fromEntries(new URLSearchParams(`&${text.replaceAll(';', '&')}`));
}

function textOf(request: FastifyRequest): string {
  return (request.body as Buffer | undefined)?.toString('utf8') ?? '';
}
