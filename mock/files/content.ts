import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** A file on this machine that holds bytes of a content, from the start of the file. */
export interface FilePart {
  file: string;
  size: number;
}

export type ContentPart = Buffer | FilePart;

/** Bytes that are sent or read in one piece, and most bytes of a content in memory at a time. */
const CHUNK_BYTES = 256 * 1024;
/** Most bytes of a content that are read into memory as a whole. */
export const MOST_WHOLE_BYTES = 256 * 1024 * 1024;

/** Thrown for a content that is too large to be read as a whole. */
export class ContentTooLarge extends Error {
  override name = 'ContentTooLarge';
  constructor(size: number) {
    super(`The mock parses at most ${MOST_WHOLE_BYTES} bytes of a file; this one has ${size}`);
  }
}

/** The bytes of an uploaded or stored file: few in memory, many in files of the mock. */
export class Content {
  readonly parts: readonly ContentPart[];
  readonly size: number;

  constructor(parts: readonly ContentPart[]) {
    this.parts = parts;
    this.size = parts.reduce((sum, part) => sum + sizeOf(part), 0);
  }

  /** All bytes. @throws ContentTooLarge */
  bytes(): Buffer {
    if (this.size > MOST_WHOLE_BYTES) throw new ContentTooLarge(this.size);
    return Buffer.concat(
      this.parts.map((part) => (Buffer.isBuffer(part) ? part : readFileSync(part.file).subarray(0, part.size))),
    );
  }

  /** At most `count` bytes from the start of the first part. */
  head(count: number): Buffer {
    const [part = Buffer.alloc(0)] = this.parts;
    if (Buffer.isBuffer(part)) return part.subarray(0, count);
    const bytes = Buffer.alloc(Math.min(count, part.size));
    const descriptor = openSync(part.file, 'r');
    try {
      return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(descriptor);
    }
  }

  /** All bytes, in pieces. */
  async *chunks(): AsyncGenerator<Buffer> {
    for (const part of this.parts) {
      if (Buffer.isBuffer(part)) yield* piecesOf(part);
      else yield* piecesOfFile(part);
    }
  }

  /** SHA-256, in hexadecimal. */
  async sha256(): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of this.chunks()) hash.update(chunk);
    return hash.digest('hex');
  }
}

const sizeOf = (part: ContentPart): number => (Buffer.isBuffer(part) ? part.length : part.size);

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

async function* piecesOfFile({ file, size }: FilePart): AsyncGenerator<Buffer> {
  await using handle = await open(file, 'r');
  for (let at = 0; at < size; ) {
    // A new buffer for each piece, since the last one may still be in use.
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - at)), 0, null, at);
    if (bytesRead === 0) throw new Error(`${file} has ${at} bytes of ${size}`);
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}
