import { HttpError } from '../errors.ts';

/** A part of a multipart body: a file if it has a filename, even an empty one, else a field. */
export type Part<Sink> = PartHead & ({ filename: string; sink: Sink } | { filename?: never; bytes: Buffer });

interface PartHead {
  name: string;
  mediaType: string;
  /** By name in lower case. */
  headers: Record<string, string>;
}

/** Receives the bytes of a file. */
export interface FileSink {
  write(bytes: Buffer): void;
}

const parseError = (): HttpError => new HttpError(400, 'There was an error parsing the body');

/** Most files, and most fields, of a form. */
const MOST_PARTS = 1000;
export const MOST_FIELD_BYTES = 1024 * 1024;
/** Most bytes of fields and part headers, which stay in memory until the form has been read. */
const MOST_HELD_BYTES = 64 * 1024 * 1024;
/** Memory of a header besides its text. */
const HEADER_BYTES = 128;
/** Most bytes of one header. */
const MOST_LINE_BYTES = 8 * 1024 * 1024;

const NOTHING = Buffer.alloc(0);
const LINE_END = Buffer.from('\r\n');

/**
 * Reads a multipart/form-data body while it arrives, as Starlette does with python-multipart: a part without an end is
 * dropped. The bytes of files go to sinks, so memory does not grow with them. `write` and `end` throw HttpError 400 for
 * a malformed body.
 */
export class MultipartReader<Sink extends FileSink> {
  readonly #delimiter: Buffer;
  readonly #openSink: () => Sink;
  readonly #parts: Part<Sink>[] = [];
  #step: () => boolean = this.#readStart;
  /** Bytes that have arrived and are not parsed yet. */
  #rest: Buffer = NOTHING;
  #headers = new Map<string, Buffer>();
  #part: (PartHead & { filename?: string }) | undefined;
  #sink: Sink | undefined;
  #field: Buffer[] = [];
  #fieldBytes = 0;
  #heldBytes = 0;
  #files = 0;
  #fields = 0;

  /**
   * @param openSink called for each file, before its bytes arrive. @throws HttpError 400 if the content type has no
   * boundary
   */
  constructor(contentType: string, openSink: () => Sink) {
    const boundary = headerParameters(contentType).get('boundary');
    if (boundary === undefined) throw new HttpError(400, 'Missing boundary in multipart.');
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
    this.#openSink = openSink;
  }

  write(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#step());
  }

  /** The complete parts. */
  end(): Part<Sink>[] {
    if (this.#step === this.#readAfterDelimiter && this.#rest.length > 0) throw parseError();
    if (this.#step === this.#readContent) this.#take(this.#rest);
    return this.#parts;
  }

  // Each step takes what it can parse from the rest, and returns whether another step may go on.

  /** The first delimiter. Only line breaks may precede it. A body that ends inside it has no part. */
  #readStart(): boolean {
    let at = 0;
    while (this.#rest[at] === 13 || this.#rest[at] === 10) at += 1;
    this.#rest = this.#rest.subarray(at);
    const wanted = this.#delimiter.subarray(2);
    const there = this.#rest.subarray(0, wanted.length);
    if (!there.equals(wanted.subarray(0, there.length))) throw parseError();
    if (there.length < wanted.length) return false;
    return this.#continue(wanted.length, this.#readAfterDelimiter);
  }

  #readAfterDelimiter(): boolean {
    if (this.#rest.length < 2) return false;
    const next = this.#rest.toString('latin1', 0, 2);
    if (next === '--') return this.#continue(this.#rest.length, this.#passOver);
    if (next !== '\r\n') throw parseError();
    this.#headers = new Map();
    return this.#continue(2, this.#readHeader);
  }

  #readHeader(): boolean {
    const end = this.#rest.indexOf(LINE_END);
    if (end === -1 && this.#rest.length > MOST_LINE_BYTES) throw headersTooLarge();
    if (end === -1) return false;
    if (end === 0) {
      this.#open();
      return this.#continue(2, this.#readContent);
    }
    const [, name, value] = HEADER.exec(this.#rest.toString('latin1', 0, end)) ?? [];
    if (name === undefined || value === undefined) throw parseError();
    this.#headers.set(name.toLowerCase(), Buffer.from(value, 'latin1'));
    this.#hold(end + HEADER_BYTES);
    return this.#continue(end + 2, this.#readHeader);
  }

  /** Content up to the next delimiter. Bytes that only begin like a delimiter are content. */
  #readContent(): boolean {
    const { length } = this.#delimiter;
    let at = this.#rest.indexOf(this.#delimiter);
    for (; at !== -1 && at + length + 2 <= this.#rest.length; at = this.#rest.indexOf(this.#delimiter, at + 1)) {
      const next = this.#rest.toString('latin1', at + length, at + length + 2);
      if (next !== '\r\n' && next !== '--') continue;
      this.#take(this.#rest.subarray(0, at));
      this.#close();
      return this.#continue(at + length, this.#readAfterDelimiter);
    }
    // The last bytes may be the start of a delimiter.
    const taken = at === -1 ? Math.max(this.#rest.length - length + 1, 0) : at;
    this.#take(this.#rest.subarray(0, taken));
    this.#rest = this.#rest.subarray(taken);
    return false;
  }

  #passOver(): boolean {
    this.#rest = NOTHING;
    return false;
  }

  #continue(taken: number, step: () => boolean): true {
    this.#rest = this.#rest.subarray(taken);
    this.#step = step;
    return true;
  }

  #open(): void {
    this.#part = partOf(this.#headers);
    const isFile = this.#part.filename !== undefined;
    const count = isFile ? this.#files++ : this.#fields++;
    const what = isFile ? 'files' : 'fields';
    if (count >= MOST_PARTS) throw new HttpError(400, `Too many ${what}. Maximum number of ${what} is ${MOST_PARTS}.`);
    this.#sink = isFile ? this.#openSink() : undefined;
    this.#field = [];
    this.#fieldBytes = 0;
  }

  #take(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#sink) {
      this.#sink.write(bytes);
      return;
    }
    this.#fieldBytes += bytes.length;
    if (this.#fieldBytes > MOST_FIELD_BYTES)
      throw new HttpError(400, `Part exceeded maximum size of ${MOST_FIELD_BYTES / 1024}KB.`);
    this.#hold(bytes.length);
    this.#field.push(bytes);
  }

  #close(): void {
    const { filename, ...head } = this.#part as PartHead & { filename?: string };
    this.#parts.push(
      filename !== undefined && this.#sink
        ? { ...head, filename, sink: this.#sink }
        : { ...head, bytes: Buffer.concat(this.#field) },
    );
  }

  #hold(bytes: number): void {
    this.#heldBytes += bytes;
    if (this.#heldBytes > MOST_HELD_BYTES) throw headersTooLarge();
  }
}

const headersTooLarge = (): HttpError =>
  new HttpError(413, 'The mock takes no form whose fields and headers are so large.');

const HEADER = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*((?:[^ \t\r\n][^\r\n]*)?)$/;

function partOf(headers: Map<string, Buffer>): PartHead & { filename?: string } {
  const parameters = headerParameters(textOf(headers.get('content-disposition') ?? Buffer.alloc(0)));
  const name = parameters.get('name');
  if (name === undefined) throw new HttpError(400, 'The Content-Disposition header field "name" must be provided.');
  const filename = parameters.get('filename');
  return {
    name,
    ...(filename !== undefined && { filename: withoutDrive(filename) }),
    mediaType: textOf(headers.get('content-type') ?? Buffer.alloc(0)),
    // In Latin-1, as Starlette keeps any header.
    headers: Object.fromEntries([...headers].map(([key, value]) => [key, value.toString('latin1')])),
  };
}

/** Decodes UTF-8, or Latin-1 if the bytes are not UTF-8. */
export function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

const PARAMETER = /;\s*([^\s=;]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)/g;

/** The parameters of a header value, by name in lower case; `filename*` (RFC 8187) counts as filename. */
function headerParameters(value: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', text = ''] of value.matchAll(PARAMETER)) {
    const plain = /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll(/\\(["\\])/g, '$1') : text.trim();
    if (name.endsWith('*')) parameters.set(name.slice(0, -1).toLowerCase(), decodeText(plain));
    else parameters.set(name.toLowerCase(), plain);
  }
  return parameters;
}

/** `UTF-8''%e2%82%ac` */
function decodeText(text: string): string {
  const [, , ...rest] = text.split("'");
  if (rest.length === 0) return text;
  const encoded = rest.join("'");
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** Removes the path that old browsers send with a filename. */
const withoutDrive = (filename: string): string =>
  /^(.:\\|\\\\)/.test(filename) ? (filename.split('\\').at(-1) as string) : filename;
