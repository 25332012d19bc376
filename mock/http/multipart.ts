import { HttpError } from '../errors.ts';
import type { UploadedFile } from '../operation.ts';

/** A part of a multipart body: a file where it has a filename, even an empty one, else a field. */
export interface Part {
  name: string;
  filename?: string;
  mediaType: string;
  bytes: Buffer;
  /** By their names in lower case. */
  headers: Record<string, string>;
}

const broken = (): HttpError => new HttpError(400, 'There was an error parsing the body');

/**
 * The parts of a multipart/form-data body, as python-multipart reads them under Starlette: a part that does not end is passed over.
 *
 * @throws HttpError 400 for a body that is none
 */
export function multipartParts(contentType: string, body: Buffer): Part[] {
  const boundary = headerParameters(contentType).get('boundary');
  if (boundary === undefined) throw new HttpError(400, 'Missing boundary in multipart.');
  const delimiter = `\r\n--${boundary}`;
  const parts: Part[] = [];
  let at = startOf(body, delimiter.slice(2));
  while (at !== -1 && at < body.length && !isLast(body, at)) {
    if (body.toString('latin1', at, at + 2) !== '\r\n') throw broken();
    const head = headersAt(body, at + 2);
    if (!head) break;
    const end = endOf(body, delimiter, head.end);
    const part = partFrom(head.headers, body.subarray(head.end, end === -1 ? body.length : end));
    refuseTooMuch(part, parts);
    if (end === -1) break;
    parts.push(part);
    at = end + delimiter.length;
  }
  return parts;
}

/** Of files, and of fields. */
const MOST_PARTS = 1000;
const MOST_FIELD_BYTES = 1024 * 1024;

function refuseTooMuch({ filename, bytes }: Part, before: Part[]): void {
  const isFile = filename !== undefined;
  const [what, of] = isFile
    ? ['files', before.filter((part) => part.filename !== undefined)]
    : ['fields', before.filter((part) => part.filename === undefined)];
  if (of.length >= MOST_PARTS) throw new HttpError(400, `Too many ${what}. Maximum number of ${what} is ${MOST_PARTS}.`);
  if (!isFile && bytes.length > MOST_FIELD_BYTES) throw new HttpError(400, `Part exceeded maximum size of ${MOST_FIELD_BYTES / 1024}KB.`);
}

/** The form that the parts make: the last of several of one name counts. */
export function formOf(parts: Part[]): { value: Record<string, unknown>; files: UploadedFile[] } {
  const value: Record<string, unknown> = {};
  const files: UploadedFile[] = [];
  for (const { name, filename, mediaType, bytes, headers } of parts) {
    if (filename === undefined) {
      value[name] = textOf(bytes);
      continue;
    }
    const file = { field: name, filename, mediaType, bytes };
    files.push(file);
    value[name] = Object.defineProperty(file, 'toJSON', { value: () => shownFile(filename, bytes.length, headers) });
  }
  return { value, files };
}

/** How FastAPI tells a file that stands where a text is asked for: the whole object, as Python sees it. */
function shownFile(filename: string, size: number, headers: Record<string, string>): object {
  const none = { suffix: null, prefix: null, encoding: null, newline: null, dir: null, errors: null };
  const file = { _file: {}, _max_size: MOST_FIELD_BYTES, _rolled: false, _TemporaryFileArgs: { mode: 'w+b', buffering: -1, ...none } };
  return { filename, file, size, headers, _max_mem_size: MOST_FIELD_BYTES };
}

/** Behind the first delimiter, which only line ends may precede; -1 for an empty body. */
function startOf(body: Buffer, delimiter: string): number {
  let at = 0;
  while (body[at] === 13 || body[at] === 10) at += 1;
  // A body that ends within its first delimiter has no part.
  if (body.length - at < delimiter.length && delimiter.startsWith(body.toString('latin1', at))) return -1;
  if (body.toString('latin1', at, at + delimiter.length) !== delimiter) throw broken();
  return at + delimiter.length;
}

const isLast = (body: Buffer, at: number): boolean => body.toString('latin1', at, at + 2) === '--';

/** Where the delimiter that ends a part stands. What only begins like it is content. */
function endOf(body: Buffer, delimiter: string, from: number): number {
  for (let at = body.indexOf(delimiter, from, 'latin1'); at !== -1; at = body.indexOf(delimiter, at + 1, 'latin1')) {
    const next = body.toString('latin1', at + delimiter.length, at + delimiter.length + 2);
    if (next === '\r\n' || next === '--') return at;
  }
  return -1;
}

const HEADER = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*)$/;

/** The headers of a part, by their names in lower case, and where its content begins; undefined where the body ends before. */
function headersAt(body: Buffer, from: number): { headers: Map<string, Buffer>; end: number } | undefined {
  const headers = new Map<string, Buffer>();
  for (let at = from; ; ) {
    const lineEnd = body.indexOf('\r\n', at, 'latin1');
    if (lineEnd === -1) return undefined;
    if (lineEnd === at) return { headers, end: at + 2 };
    const [, name, value] = HEADER.exec(body.toString('latin1', at, lineEnd)) ?? [];
    if (name === undefined || value === undefined) throw broken();
    headers.set(name.toLowerCase(), Buffer.from(value, 'latin1'));
    at = lineEnd + 2;
  }
}

function partFrom(headers: Map<string, Buffer>, bytes: Buffer): Part {
  const parameters = headerParameters(textOf(headers.get('content-disposition') ?? Buffer.alloc(0)));
  const name = parameters.get('name');
  if (name === undefined) throw new HttpError(400, 'The Content-Disposition header field "name" must be provided.');
  const filename = parameters.get('filename');
  return {
    name,
    ...(filename !== undefined && { filename: withoutDrive(filename) }),
    mediaType: textOf(headers.get('content-type') ?? Buffer.alloc(0)),
    bytes,
    // Shown as Starlette keeps any header, in Latin-1.
    headers: Object.fromEntries([...headers].map(([key, value]) => [key, value.toString('latin1')])),
  };
}

/** UTF-8, or Latin-1 where it is none. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

const PARAMETER = /;\s*([^\s=;]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)/g;

/** The parameters of a header's value, by their names in lower case; `filename*` (RFC 8187) is a filename. */
function headerParameters(value: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', text = ''] of value.matchAll(PARAMETER)) {
    const plain = /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll(/\\(["\\])/g, '$1') : text.trim();
    if (name.endsWith('*')) parameters.set(name.slice(0, -1).toLowerCase(), decoded(plain));
    else parameters.set(name.toLowerCase(), plain);
  }
  return parameters;
}

/** `UTF-8''%e2%82%ac` */
function decoded(text: string): string {
  const [, , ...rest] = text.split("'");
  if (rest.length === 0) return text;
  const encoded = rest.join("'");
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** Old browsers sent the whole path. */
const withoutDrive = (filename: string): string => (/^(.:\\|\\\\)/.test(filename) ? (filename.split('\\').at(-1) as string) : filename);
