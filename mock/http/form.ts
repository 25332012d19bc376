import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { Upload } from '../files/blobs.ts';
import { Content } from '../files/content.ts';
import type { Mock } from '../mock.ts';
import type { UploadedFile } from '../operation.ts';
import { limitBytes, mediaTypeOf, type ParsedBody, readText } from './body.ts';
import { type FileSink, MOST_FIELD_BYTES, MultipartReader, type Part, textOf } from './multipart.ts';
import { StrictForm } from './strict-form.ts';

export interface FormOptions {
  /** Whether the whole form is checked before anything else (`x-strict-form`). */
  strict: boolean;
  /** Whether the bytes of files are kept; else they are only counted. */
  keepsFiles: boolean;
}

/**
 * Reads a form while it arrives. The bytes of files go to the disk or are dropped, so memory does not grow with them.
 * The caller releases the files' blobs after the request.
 *
 * @throws HttpError 400 and 422 for a body that is not a form, BodyTooLarge
 */
export async function readForm(
  request: FastifyRequest,
  mock: Mock,
  { strict, keepsFiles }: FormOptions,
): Promise<ParsedBody> {
  const whole = strict ? new StrictForm(request.headers) : undefined;
  const body = request.body as Readable | undefined;
  const sent = formType(request);
  if (sent === 'application/x-www-form-urlencoded')
    return { value: fieldsOf(await readText(request, body, mock)), files: [] };
  if (sent !== 'multipart/form-data') return { value: {}, files: [] };
  const files: FormFile[] = [];
  const openFile = (): FormFile => {
    const file = keepsFiles ? mock.blobs.writer() : new ByteCounter();
    files.push(file);
    return file;
  };
  try {
    const reader = new MultipartReader(request.headers['content-type'] ?? '', openFile);
    let formError: unknown;
    for await (const chunk of body ? limitBytes(request, body, mock) : []) {
      whole?.addChunk(chunk);
      if (formError === undefined) formError = errorOf(() => reader.write(chunk));
      // An error of the whole form comes before errors inside it.
      if (formError !== undefined && !whole) throw formError;
      await files.at(-1)?.drain();
    }
    whole?.refuseIncomplete();
    if (formError !== undefined) throw formError;
    const parts = reader.end();
    const ended = new Set(parts.map((part) => ('sink' in part ? part.sink : undefined)));
    await Promise.all(files.filter((file) => !ended.has(file)).map((file) => file.discard()));
    return await formOf(parts);
  } catch (error) {
    await Promise.all(files.map((file) => file.discard()));
    // The connection stays open, so the rest of the body is read and dropped.
    body?.resume();
    throw error;
  }
}

function errorOf(read: () => void): unknown {
  try {
    read();
  } catch (error) {
    return error;
  }
}

/** The media type of a form. With parameters its case matters, as to Starlette. */
function formType(request: FastifyRequest): string {
  const type = request.headers['content-type'] ?? '';
  return type.includes(';') ? (type.split(';', 1)[0] as string).trim() : mediaTypeOf(request);
}

/**
 * Parses a URL-encoded form as python-multipart does: a semicolon also separates fields, a question mark at the start
 * is part of a name, and bytes are Latin-1.
 */
function fieldsOf(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(`&${text.replaceAll(';', '&')}`));
}

interface FormFile extends FileSink {
  drain(): Promise<void>;
  end(): Promise<Upload>;
  discard(): Promise<void>;
}

/** A file whose bytes nobody reads. */
class ByteCounter implements FormFile {
  #size = 0;

  write({ length }: Buffer): void {
    this.#size += length;
  }

  async drain(): Promise<void> {}

  async end(): Promise<Upload> {
    // The file does not exist: reading it fails.
    return { content: new Content([{ file: '', size: this.#size }]), blobs: [] };
  }

  async discard(): Promise<void> {}
}

/** The form of the parts. Of parts with one name the last counts. */
async function formOf(parts: Part<FormFile>[]): Promise<ParsedBody> {
  const value: Record<string, unknown> = {};
  const files: UploadedFile[] = [];
  for (const part of parts) {
    if (part.filename === undefined) {
      value[part.name] = textOf(part.bytes);
      continue;
    }
    const { name: field, filename, mediaType, headers } = part;
    const upload = await part.sink.end();
    const file = { field, filename, mediaType, ...upload };
    files.push(file);
    value[field] = Object.defineProperty(file, 'toJSON', {
      value: () => fileAsInput(filename, upload.content.size, headers),
    });
  }
  return { value, files };
}

/** A file as the `input` of a validation error where a text is expected: the whole Python object. */
function fileAsInput(filename: string, size: number, headers: Record<string, string>): object {
  const none = { suffix: null, prefix: null, encoding: null, newline: null, dir: null, errors: null };
  const file = {
    _file: {},
    _max_size: MOST_FIELD_BYTES,
    _rolled: false,
    _TemporaryFileArgs: { mode: 'w+b', buffering: -1, ...none },
  };
  return { filename, file, size, headers, _max_mem_size: MOST_FIELD_BYTES };
}
