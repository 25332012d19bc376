import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { Operation } from '../../spec/index.ts';
import { HttpError } from '../errors.ts';
import type { Mock } from '../mock.ts';
import type { UploadedFile } from '../operation.ts';
import { parseJson } from '../validation/index.ts';

/** A request body before validation. */
export interface ParsedBody {
  /** A JSON value, the fields of a form, or the text of another media type; undefined without a body. */
  value: unknown;
  files: UploadedFile[];
}

const NO_BODY: ParsedBody = Object.freeze({ value: undefined, files: [] });

/** Most bytes of a body that is parsed or kept as one text. A string of Node's has at most half a gigabyte. */
const MOST_WHOLE_BYTES = 256 * 1024 * 1024;

/** Most bytes of a request body. In a form, the bytes around the file count too (CONFIG-015). */
const mostBytes = ({ settings }: Mock): number => settings.maxFileSizeUpload * 1024 * 1024;
export const mostWholeBytes = (mock: Mock): number => Math.min(mostBytes(mock), MOST_WHOLE_BYTES);

/** Thrown for a body that is too large, before or while it is read. */
export class BodyTooLarge extends Error {
  override name = 'BodyTooLarge';
  readonly bytes: number;
  readonly most: number;
  constructor(bytes: number, most: number) {
    super(`The body of the request is longer than ${most} bytes`);
    this.bytes = bytes;
    this.most = most;
  }
}

/** How the body of an operation is read: not at all, as a form, or as one buffer. */
export function bodyKind({ requestBody }: Operation): 'none' | 'form' | 'whole' {
  const declared = Object.keys(requestBody?.content ?? {});
  if (declared.length === 0) return 'none';
  if (requestBody?.['x-raw']) return 'whole';
  return declared.some((type) => type === 'multipart/form-data' || type === 'application/x-www-form-urlencoded')
    ? 'form'
    : 'whole';
}

/**
 * Makes the reader of bodies that are not forms. As in FastAPI, the operation and the request's content type decide.
 * The reader throws HttpError 422 for broken JSON, before authentication.
 */
export function bodyReader(operation: Operation, { spec }: Mock): (request: FastifyRequest) => ParsedBody {
  if (bodyKind(operation) === 'none') return () => NO_BODY;
  const declared = Object.keys(operation.requestBody?.content ?? {});
  if (operation.requestBody?.['x-raw']) return (request) => ({ value: request.body, files: [] });
  // The operation takes any bytes, whatever their media type.
  if (declared.includes('*/*')) return (request) => ({ value: textOf(request), files: [] });
  const untyped = spec.facts['jsonWithoutContentType'] === true;
  return (request) => {
    const bytes = request.body as Buffer | undefined;
    if (!bytes?.length) return NO_BODY;
    return { value: isJson(mediaTypeOf(request), untyped) ? parseJson(bytes) : bytes.toString('utf8'), files: [] };
  };
}

export const mediaTypeOf = (request: FastifyRequest): string =>
  (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

function isJson(sent: string, untyped: boolean): boolean {
  return (
    sent === 'application/json' ||
    (sent === '' && untyped) ||
    (sent.startsWith('application/') && sent.endsWith('+json'))
  );
}

function textOf(request: FastifyRequest): string {
  return (request.body as Buffer | undefined)?.toString('utf8') ?? '';
}

/** The chunks of a body. @throws BodyTooLarge, HttpError 400 if the client disconnects */
export async function* limitBytes(
  request: FastifyRequest,
  body: Readable,
  mock: Mock,
  most = mostBytes(mock),
): AsyncGenerator<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > most) throw new BodyTooLarge(announced, most);
  let bytes = 0;
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > most) throw new BodyTooLarge(bytes, most);
      yield chunk;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET')
      throw new HttpError(400, 'There was an error parsing the body');
    throw error;
  }
}

/** Reads a whole body as a Latin-1 string. */
export async function readText(request: FastifyRequest, body: Readable | undefined, mock: Mock): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body ? limitBytes(request, body, mock, mostWholeBytes(mock)) : []) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}
