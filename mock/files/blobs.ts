import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobReference } from '../store/tables.ts';
import { Content } from './content.ts';

/** Bytes of an upload that are kept in memory; what is longer goes to a file. */
export const MOST_INLINE_BYTES = 64 * 1024;

/**
 * The files that hold what is too large for memory. They stand in a folder beside the database, or without one in a temporary folder that goes
 * with the mock. Nothing is made before the first is needed.
 */
export class Blobs {
  readonly #beside: string | undefined;
  #folder: string | undefined;
  /** The path of the stored file that each blob is part of. */
  readonly #owners = new Map<string, string>();
  /** Blobs of requests that are not over. */
  readonly #unsettled = new Set<string>();
  /** Blobs of rows that will come back. */
  readonly #pinned = new Set<string>();
  /** Blobs that may be needed no more. */
  readonly #released = new Set<string>();

  /** @param beside the folder of a mock with a database */
  constructor(beside?: string) {
    this.#beside = beside;
  }

  pathOf(name: string): string {
    return join(this.#openFolder(), name);
  }

  /** What is written becomes a content, in memory or in a blob. */
  writer(): BlobWriter {
    return new BlobWriter(this, this.#beside !== undefined);
  }

  /** A blob with these bytes, at once. */
  write(bytes: Buffer): BlobReference {
    const name = randomUUID();
    writeFileSync(this.pathOf(name), bytes, { flag: 'wx', mode: 0o600, flush: this.#beside !== undefined });
    return { name, size: bytes.length };
  }

  /** The blobs are part of the file at this path. */
  claim(blobs: readonly BlobReference[], path: string): void {
    for (const { name } of blobs) this.#owners.set(name, path);
  }

  /** These blobs stay until the mock is closed, whatever becomes of their rows. */
  pin(blobs: readonly BlobReference[]): void {
    for (const { name } of blobs) this.#pinned.add(name);
  }

  /** Has the next sweep look at the blobs: they may be needed no more. */
  release(blobs: readonly BlobReference[]): void {
    for (const { name } of blobs) {
      this.#unsettled.delete(name);
      this.#released.add(name);
    }
  }

  /** Deletes the released blobs that no stored file has. */
  sweep(isUsed: (name: string, owner: string | undefined) => boolean): void {
    for (const name of this.#released) if (!this.#pinned.has(name) && !isUsed(name, this.#owners.get(name))) this.#remove(name);
    this.#released.clear();
  }

  /** Every blob in the folder is looked at by the next sweep: some are of a mock that was killed, or of rows that were replaced. */
  releaseAll(): void {
    const folder = this.#folder ?? this.#beside;
    if (folder !== undefined && existsSync(folder)) for (const name of readdirSync(folder)) if (!this.#unsettled.has(name)) this.#released.add(name);
  }

  has(name: string): boolean {
    return existsSync(this.pathOf(name));
  }

  /** The name of a blob that a request is about to write; the request releases it, or discards it. */
  open(): string {
    const name = randomUUID();
    this.#unsettled.add(name);
    return name;
  }

  /** Deletes a blob that no row ever named. */
  discard(name: string): void {
    this.#unsettled.delete(name);
    this.#remove(name);
  }

  /** A temporary folder goes. */
  close(): void {
    if (this.#beside === undefined && this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  #remove(name: string): void {
    rmSync(this.pathOf(name), { force: true });
    this.#owners.delete(name);
  }

  #openFolder(): string {
    if (this.#folder === undefined) {
      if (this.#beside === undefined) this.#folder = mkdtempSync(join(tmpdir(), 'flowpact-files-'));
      else mkdirSync((this.#folder = this.#beside), { recursive: true, mode: 0o700 });
    }
    return this.#folder;
  }
}

/** Bytes that came, and the blob that they are in, if they are in one. */
export interface Upload {
  content: Content;
  blobs: BlobReference[];
}

/** Takes bytes as they come. They are in memory until there are too many for that. */
export class BlobWriter {
  readonly #blobs: Blobs;
  /** Whether the bytes must be on the disk before a row names them. */
  readonly #durable: boolean;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #written = 0;
  #name: string | undefined;
  #handle: FileHandle | undefined;

  constructor(blobs: Blobs, durable: boolean) {
    this.#blobs = blobs;
    this.#durable = durable;
  }

  /** Call `drain` before more than a few of these: until then the bytes are in memory. */
  write(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  async drain(): Promise<void> {
    if (this.#waitingBytes === 0 || (this.#name === undefined && this.#waitingBytes <= MOST_INLINE_BYTES)) return;
    this.#name ??= this.#blobs.open();
    this.#handle ??= await open(this.#blobs.pathOf(this.#name), 'wx', 0o600);
    const bytes = this.#waiting;
    this.#waiting = [];
    this.#written += this.#waitingBytes;
    this.#waitingBytes = 0;
    await this.#handle.appendFile(bytes.length === 1 ? (bytes[0] as Buffer) : Buffer.concat(bytes));
  }

  async end(): Promise<Upload> {
    await this.drain();
    if (this.#durable) await this.#handle?.datasync();
    await this.#handle?.close();
    this.#handle = undefined;
    if (this.#name === undefined) return { content: new Content([Buffer.concat(this.#waiting)]), blobs: [] };
    const blob = { name: this.#name, size: this.#written };
    return { content: new Content([{ file: this.#blobs.pathOf(blob.name), size: blob.size }]), blobs: [blob] };
  }

  /** Nothing of it is left. */
  async discard(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
    this.#waiting = [];
    if (this.#name !== undefined) this.#blobs.discard(this.#name);
  }
}
