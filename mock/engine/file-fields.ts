import { diskPath } from '../files/storage.ts';
import type { Effects } from './effects.ts';
import type { Field } from './graph.ts';

/** The value of a field of the type file: the paths that uploads returned, as components find them on the disk. */
export function filePaths({ file_path, list }: Partial<Field>): unknown {
  if (!file_path) return list ? [] : null;
  const paths = (Array.isArray(file_path) ? file_path : [file_path])
    .filter((path) => typeof path === 'string')
    .map(diskPath);
  return list ? paths : paths[0];
}

/**
 * The files with which a message is stored: only the images where it has some, each by its path from the session on
 * where the session is part of the path.
 */
export function keptFiles(files: string[], sessionId: string, { isImage }: Effects): string[] {
  const images = files.filter(isImage);
  if (images.length === 0) return files;
  return images.map((path) =>
    sessionId !== '' && path.includes(sessionId) ? sessionId + path.split(sessionId)[1] : path,
  );
}
