import type { Snapshot } from '../store/store.ts';
import type { StoredFileRow } from '../store/tables.ts';
import { type Blobs, MOST_INLINE_BYTES } from './blobs.ts';
import { MOST_WHOLE_BYTES } from './content.ts';
import { contentOf, rowPart } from './storage.ts';

/**
 * A snapshot that contains the bytes of all files.
 *
 * @throws Error if the files are too large for it
 */
export function withBytes(snapshot: Snapshot, blobs: Blobs): Snapshot {
  const contents = snapshot.storedFiles.map((row) => contentOf(row, blobs));
  const total = contents.reduce((sum, { size }) => sum + size, 0);
  if (total > MOST_WHOLE_BYTES) {
    throw new Error(
      `A snapshot holds at most ${MOST_WHOLE_BYTES} bytes of files, there are ${total}: delete some, or keep the state in a file with --db`,
    );
  }
  const storedFiles = snapshot.storedFiles.map(({ path, folder }, index) => ({
    path,
    folder,
    bytes: (contents[index] as (typeof contents)[0]).bytes().toString('base64'),
  }));
  return { ...snapshot, storedFiles };
}

/** A snapshot whose large files are moved to blobs. */
export function withBlobs(snapshot: Partial<Snapshot>, blobs: Blobs): Partial<Snapshot> {
  if (!Array.isArray(snapshot.storedFiles)) return snapshot;
  // A snapshot from outside can't name blobs of this mock.
  const moved = (given: StoredFileRow): StoredFileRow => {
    if (typeof given?.bytes !== 'string') return given;
    const { blobs: _, ...row } = given;
    if (Buffer.byteLength(row.bytes, 'base64') <= MOST_INLINE_BYTES) return row;
    const stored = [blobs.write(Buffer.from(row.bytes, 'base64'))];
    blobs.claim(stored, row.path);
    return { ...row, ...rowPart(stored, Buffer.alloc(0)) };
  };
  return { ...snapshot, storedFiles: snapshot.storedFiles.map(moved) };
}
