import { onDisk } from '../files/storage.ts';
import type { Effects } from './effects.ts';
import type { Field } from './graph.ts';

/** What a field of the type file holds: the paths that uploads answered, as the components find them on the disk of the server. */
export function filePaths({ file_path, list }: Partial<Field>): unknown {
  if (!file_path) return list ? [] : null;
  const paths = (Array.isArray(file_path) ? file_path : [file_path])
    .filter((path) => typeof path === 'string')
    .map(onDisk);
  return list ? paths : paths[0];
}

/** The files that a message is kept with: where there are images these alone, by their path from the session on where that is part of it. */
export function keptFiles(files: string[], sessionId: string, { isImage }: Effects): string[] {
  const images = files.filter(isImage);
  if (images.length === 0) return files;
  return images.map((path) =>
    sessionId !== '' && path.includes(sessionId) ? sessionId + path.split(sessionId)[1] : path,
  );
}
