import type { Store } from '../store/store.ts';

/** The bytes of files by folder (the id of a user or a flow) and name, as the local storage of a deployment has them on its disk. */

/** What the disk of a deployment takes, in bytes. */
const LONGEST_NAME = 255;
/** Where a deployment keeps them. */
export const DATA = '/app/data';

/** Whether no disk takes a name, and what Python then says of the file. */
export const isTooLong = (name: string): boolean => Buffer.byteLength(name) > LONGEST_NAME;
export const tooLong = (file: string): string => `[Errno 36] File name too long: '${file}'`;

/** Where a deployment has the file that an upload answered with this path. */
export const onDisk = (path: string): string => (path.includes('/') ? `${DATA}/${path}` : path);

/** Why a file can't be kept, in Python's words, or undefined. */
export function whyNotKept(folder: string, name: string): { errno: 'ENOENT' | 'ENAMETOOLONG' | 'EINVAL'; text: string } | undefined {
  if (name.includes('\0')) return { errno: 'EINVAL', text: 'embedded null byte' };
  // A folder that a name brings along is not there.
  if (name.includes('/')) return { errno: 'ENOENT', text: `[Errno 2] No such file or directory: '${DATA}/${folder}/${name}'` };
  if (isTooLong(name)) return { errno: 'ENAMETOOLONG', text: tooLong(`${DATA}/${folder}/${name}`) };
  return undefined;
}

/** The bytes of what is on the disk at a path. */
export function readDisk({ storedFiles }: Store, path: string): Buffer | undefined {
  const row = storedFiles.get(path.startsWith(`${DATA}/`) ? path.slice(DATA.length + 1) : path);
  return row && Buffer.from(row.bytes, 'base64');
}

const pathOf = (folder: string, name: string): string => `${folder}/${name}`;

/** Keeps the bytes in place of what was there, or behind it; returns the size. */
export function saveFile({ storedFiles }: Store, folder: string, name: string, bytes: Buffer, append = false): number {
  const path = pathOf(folder, name);
  const before = storedFiles.get(path);
  const all = before && append ? Buffer.concat([Buffer.from(before.bytes, 'base64'), bytes]) : bytes;
  const row = { path, folder, bytes: all.toString('base64') };
  if (before) storedFiles.update(path, row);
  else storedFiles.insert(row);
  return all.length;
}

export function readFile({ storedFiles }: Store, folder: string, name: string): Buffer | undefined {
  const row = storedFiles.get(pathOf(folder, name));
  return row && Buffer.from(row.bytes, 'base64');
}

export const removeFile = ({ storedFiles }: Store, folder: string, name: string): boolean => storedFiles.remove(pathOf(folder, name));

export const namesIn = ({ storedFiles }: Store, folder: string): string[] => storedFiles.all({ folder }).map(({ path }) => path.slice(folder.length + 1));

export const notFoundText = (folder: string, name: string): string => `File ${name} not found in flow ${folder}`;
