import type { Mock } from '../mock.ts';
import type { Store } from '../store/store.ts';
import type { BlobReference, StoredFileRow } from '../store/tables.ts';
import { type Blobs, MOST_INLINE_BYTES, type Upload } from './blobs.ts';
import { Content } from './content.ts';

/** The bytes of files by folder (the id of a user or a flow) and name, as the local storage of a deployment has them on its disk. */

/** What the disk of a deployment takes, in bytes. */
const LONGEST_NAME = 255;
/** Where a deployment keeps them. */
export const DATA = '/app/data';

/** Whether no disk takes a name, and what Python then says of the file. */
export const isTooLong = (name: string): boolean => Buffer.byteLength(name) > LONGEST_NAME;
export const tooLong = (file: string): string => `[Errno 36] File name too long: '${file}'`;

/** Where a deployment has the file that an upload answered with this path. */
export const diskPath = (path: string): string => (path.includes('/') ? `${DATA}/${path}` : path);

/** Why a file can't be kept, in Python's words, or undefined. */
export function whyNotKept(folder: string, name: string): { errno: 'ENOENT' | 'ENAMETOOLONG' | 'EINVAL'; text: string } | undefined {
  if (name.includes('\0')) return { errno: 'EINVAL', text: 'embedded null byte' };
  // A folder that a name brings along is not there.
  if (name.includes('/')) return { errno: 'ENOENT', text: `[Errno 2] No such file or directory: '${DATA}/${folder}/${name}'` };
  if (isTooLong(name)) return { errno: 'ENAMETOOLONG', text: tooLong(`${DATA}/${folder}/${name}`) };
  return undefined;
}

/** What a mock keeps files in. */
export type Disk = Pick<Mock, 'store' | 'blobs'>;

/** The content of what is on the disk at a path. */
export function readDisk(disk: Disk, path: string): Content | undefined {
  return contentAt(disk, path.startsWith(`${DATA}/`) ? path.slice(DATA.length + 1) : path);
}

const pathOf = (folder: string, name: string): string => `${folder}/${name}`;

export const readFile = (disk: Disk, folder: string, name: string): Content | undefined => contentAt(disk, pathOf(folder, name));

function contentAt({ store, blobs }: Disk, path: string): Content | undefined {
  const row = store.storedFiles.get(path);
  return row && contentOf(row, blobs);
}

export function contentOf(row: StoredFileRow, blobs: Blobs): Content {
  const files = (row.blobs ?? []).map(({ name, size }) => ({ file: blobs.pathOf(name), size }));
  return new Content(row.bytes === '' && files.length > 0 ? files : [...files, Buffer.from(row.bytes, 'base64')]);
}

/** Keeps an upload in place of what was there, or behind it; returns the size. */
export function saveFile({ store: { storedFiles }, blobs }: Disk, folder: string, name: string, upload: Upload, append = false): number {
  const path = pathOf(folder, name);
  const before = storedFiles.get(path);
  const row: StoredFileRow = { path, folder, ...(before && append ? appendUpload(before, upload, blobs) : rowPart(upload.blobs, inlineBytes(upload))) };
  // A sweep looks at all of them: the ones before are needed where this is undone, these are where it is not.
  blobs.claim(row.blobs ?? [], path);
  blobs.release([...(row.blobs ?? []), ...(before?.blobs ?? [])]);
  // A row that is replaced as a whole: an update would keep the blobs of the one before.
  if (before) storedFiles.update(path, { blobs: undefined, ...row } as StoredFileRow);
  else storedFiles.insert(row);
  return contentOf(row, blobs).size;
}

const inlineBytes = ({ content, blobs }: Upload): Buffer => (blobs.length > 0 ? Buffer.alloc(0) : content.bytes());

/** What was there and the upload behind it. The end that is in the row goes to a blob when it has become long, or when a blob comes behind it. */
function appendUpload(before: StoredFileRow, upload: Upload, blobs: Blobs): Pick<StoredFileRow, 'bytes' | 'blobs'> {
  const end = Buffer.concat([Buffer.from(before.bytes, 'base64'), inlineBytes(upload)]);
  const stays = upload.blobs.length === 0 && end.length <= MOST_INLINE_BYTES;
  if (stays) return rowPart(before.blobs ?? [], end);
  const spilled = end.length > 0 ? [blobs.write(end)] : [];
  return rowPart([...(before.blobs ?? []), ...spilled, ...upload.blobs], Buffer.alloc(0));
}

export const rowPart = (blobs: BlobReference[], bytes: Buffer): Pick<StoredFileRow, 'bytes' | 'blobs'> => ({
  bytes: bytes.toString('base64'),
  ...(blobs.length > 0 && { blobs }),
});

export function removeFile({ store: { storedFiles }, blobs }: Disk, folder: string, name: string): boolean {
  const path = pathOf(folder, name);
  blobs.release(storedFiles.get(path)?.blobs ?? []);
  return storedFiles.remove(path);
}

export const namesIn = ({ storedFiles }: Store, folder: string): string[] => storedFiles.all({ folder }).map(({ path }) => path.slice(folder.length + 1));

export const notFoundText = (folder: string, name: string): string => `File ${name} not found in flow ${folder}`;

/**
 * Takes over the blobs of a database that was opened; those of a mock that was killed while it took them go.
 *
 * @throws Error when one is missing
 */
export function claimBlobs({ store, blobs }: Disk): void {
  for (const { path, blobs: parts = [] } of store.storedFiles.all()) {
    const missing = parts.find(({ name }) => !blobs.has(name));
    if (missing) throw new Error(`${blobs.pathOf(missing.name)} is missing: it holds bytes of the stored file ${path}. A database is copied with its files`);
    blobs.claim(parts, path);
  }
  blobs.releaseAll();
  sweepBlobs({ store, blobs });
}

/** Deletes the blobs that no stored file has, of those that were released and of these uploads, whose request is over. */
export function sweepBlobs({ store, blobs }: Disk, uploads: readonly Upload[] = []): void {
  for (const upload of uploads) blobs.release(upload.blobs);
  blobs.sweep((name, owner) => owner !== undefined && store.storedFiles.get(owner)?.blobs?.some((blob) => blob.name === name) === true);
}
