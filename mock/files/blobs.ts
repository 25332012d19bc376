import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobReference } from '../store/tables.ts';
import { Content } from './content.ts';

/** Most bytes of an upload in memory. More go to a file. */
export const MOST_INLINE_BYTES = 64 * 1024;

/**
 * Files for contents that are too large for memory. They are in a folder beside the database; without a database, in a
 * temporary folder that is deleted with the mock. The folder is created with the first file.
 */
export class Blobs {
  readonly #beside: string | undefined;
  #folder: string | undefined;
  /** The path of the stored file that each blob is part of. */
  readonly #owners = new Map<string, string>();
  /** Blobs of requests that are still running. */
  readonly #unsettled = new Set<string>();
  /** Blobs of rows that will be restored. */
  readonly #pinned = new Set<string>();
  /** Blobs that may be unused. */
  readonly #released = new Set<string>();

  /** @param beside the folder of a mock with a database */
  constructor(beside?: string) {
    this.#beside = beside;
  }

  pathOf(name: string): string {
    return join(this.#openFolder(), name);
  }

  /** A writer, whose bytes become a content in memory or in a blob. */
  writer(): BlobWriter {
    return new BlobWriter(this, this.#beside !== undefined);
  }

  /** Writes a blob synchronously. */
  write(bytes: Buffer): BlobReference {
    const name = randomUUID();
    writeFileSync(this.pathOf(name), bytes, { flag: 'wx', mode: 0o600, flush: this.#beside !== undefined });
    return { name, size: bytes.length };
  }

  /** Records that the blobs belong to the file at this path. */
  claim(blobs: readonly BlobReference[], path: string): void {
    for (const { name } of blobs) this.#owners.set(name, path);
  }

  /** Keeps these blobs until the mock is closed, even without a row. */
  pin(blobs: readonly BlobReference[]): void {
    for (const { name } of blobs) this.#pinned.add(name);
  }

  /** Marks blobs that may be unused, for the next sweep. */
  release(blobs: readonly BlobReference[]): void {
    for (const { name } of blobs) {
      this.#unsettled.delete(name);
      this.#released.add(name);
    }
  }

  /** Deletes the released blobs that no stored file uses. */
  sweep(isUsed: (name: string, owner: string | undefined) => boolean): void {
    for (const name of this.#released)
      if (!this.#pinned.has(name) && !isUsed(name, this.#owners.get(name))) this.#remove(name);
    this.#released.clear();
  }

  /**
   * Marks every blob in the folder for the next sweep: some may belong to a killed mock, or to rows that were replaced.
   */
  releaseAll(): void {
    const folder = this.#folder ?? this.#beside;
    if (folder !== undefined && existsSync(folder))
      for (const name of readdirSync(folder)) if (!this.#unsettled.has(name)) this.#released.add(name);
  }

  has(name: string): boolean {
    return existsSync(this.pathOf(name));
  }

  /** The name of a new blob. The request that writes it releases or discards it. */
  open(): string {
    const name = randomUUID();
    this.#unsettled.add(name);
    return name;
  }

  /** Deletes a blob that no row has named. */
  discard(name: string): void {
    this.#unsettled.delete(name);
    this.#remove(name);
  }

  /** Deletes the folder if it is temporary. */
  close(): void {
    if (this.#beside === undefined && this.#folder !== undefined)
      rmSync(this.#folder, { recursive: true, force: true });
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

/** Received bytes, and the blob that holds them if there is one. */
export interface Upload {
  content: Content;
  blobs: BlobReference[];
}

/** Takes bytes while they arrive: in memory first, in a file when there are too many. */
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

  /** Adds bytes, which stay in memory until `drain`. Call `drain` after a few writes. */
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

  /** Deletes what was written. */
  async discard(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
    this.#waiting = [];
    if (this.#name !== undefined) this.#blobs.discard(this.#name);
  }
}
