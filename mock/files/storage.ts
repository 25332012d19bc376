import type { Mock } from '../mock.ts';
import type { Store } from '../store/store.ts';
import type { BlobReference, StoredFileRow } from '../store/tables.ts';
import { type Blobs, MOST_INLINE_BYTES, type Upload } from './blobs.ts';
import { Content } from './content.ts';

/**
 * The bytes of files by folder (the id of a user or a flow) and name, as a deployment's local storage keeps them on
 * disk.
 */

/** Most bytes of a file name on a deployment's disk. */
const LONGEST_NAME = 255;
/** The folder where a deployment keeps files. */
export const DATA = '/app/data';

/** Whether a name is too long for any disk. */
export const isTooLong = (name: string): boolean => Buffer.byteLength(name) > LONGEST_NAME;
export const tooLong = (file: string): string => `[Errno 36] File name too long: '${file}'`;

/** The deployment's path of a file, from the path that an upload returned. */
export const diskPath = (path: string): string => (path.includes('/') ? `${DATA}/${path}` : path);

/** Python's error for a file that can't be stored; undefined if it can. */
export function whyNotKept(
  folder: string,
  name: string,
): { errno: 'ENOENT' | 'ENAMETOOLONG' | 'EINVAL'; text: string } | undefined {
  if (name.includes('\0')) return { errno: 'EINVAL', text: 'embedded null byte' };
  // A folder inside the name does not exist.
  if (name.includes('/'))
    return { errno: 'ENOENT', text: `[Errno 2] No such file or directory: '${DATA}/${folder}/${name}'` };
  if (isTooLong(name)) return { errno: 'ENAMETOOLONG', text: tooLong(`${DATA}/${folder}/${name}`) };
  return undefined;
}

/** The parts of a mock that store files. */
export type Disk = Pick<Mock, 'store' | 'blobs'>;

/** The content of the file at a path. */
export function readDisk(disk: Disk, path: string): Content | undefined {
  return contentAt(disk, path.startsWith(`${DATA}/`) ? path.slice(DATA.length + 1) : path);
}

const pathOf = (folder: string, name: string): string => `${folder}/${name}`;

export const readFile = (disk: Disk, folder: string, name: string): Content | undefined =>
  contentAt(disk, pathOf(folder, name));

function contentAt({ store, blobs }: Disk, path: string): Content | undefined {
  const row = store.storedFiles.get(path);
  return row && contentOf(row, blobs);
}

export function contentOf(row: StoredFileRow, blobs: Blobs): Content {
  const files = (row.blobs ?? []).map(({ name, size }) => ({ file: blobs.pathOf(name), size }));
  return new Content(row.bytes === '' && files.length > 0 ? files : [...files, Buffer.from(row.bytes, 'base64')]);
}

/** Stores an upload: replaces the file, or appends to it. Returns the size. */
export function saveFile(
  { store: { storedFiles }, blobs }: Disk,
  folder: string,
  name: string,
  upload: Upload,
  append = false,
): number {
  const path = pathOf(folder, name);
  const before = storedFiles.get(path);
  const row: StoredFileRow = {
    path,
    folder,
    ...(before && append ? appendUpload(before, upload, blobs) : rowPart(upload.blobs, inlineBytes(upload))),
  };
  // The next sweep checks both: an undo still needs the old blobs, a commit the new ones.
  blobs.claim(row.blobs ?? [], path);
  blobs.release([...(row.blobs ?? []), ...(before?.blobs ?? [])]);
  // Sets `blobs` too: an update would keep those of the old row.
  if (before) storedFiles.update(path, { blobs: undefined, ...row } as StoredFileRow);
  else storedFiles.insert(row);
  return contentOf(row, blobs).size;
}

const inlineBytes = ({ content, blobs }: Upload): Buffer => (blobs.length > 0 ? Buffer.alloc(0) : content.bytes());

/**
 * Appends an upload to a file. The end of the file, which the row holds, moves to a blob when it is long or when a blob
 * follows it.
 */
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

export const namesIn = ({ storedFiles }: Store, folder: string): string[] =>
  storedFiles.all({ folder }).map(({ path }) => path.slice(folder.length + 1));

export const notFoundText = (folder: string, name: string): string => `File ${name} not found in flow ${folder}`;

/**
 * Claims the blobs of an opened database. Blobs that a killed mock left behind are deleted.
 *
 * @throws Error if a blob is missing
 */
export function claimBlobs({ store, blobs }: Disk): void {
  for (const { path, blobs: parts = [] } of store.storedFiles.all()) {
    const missing = parts.find(({ name }) => !blobs.has(name));
    if (missing)
      throw new Error(
        `${blobs.pathOf(missing.name)} is missing: it holds bytes of the stored file ${path}. A database is copied with its files`,
      );
    blobs.claim(parts, path);
  }
  blobs.releaseAll();
  sweepBlobs({ store, blobs });
}

/** Deletes the released blobs and the blobs of these uploads, if no stored file uses them. */
export function sweepBlobs({ store, blobs }: Disk, uploads: readonly Upload[] = []): void {
  for (const upload of uploads) blobs.release(upload.blobs);
  blobs.sweep(
    (name, owner) =>
      owner !== undefined && store.storedFiles.get(owner)?.blobs?.some((blob) => blob.name === name) === true,
  );
}
