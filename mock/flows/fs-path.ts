import { HttpError } from '../errors.ts';
import { DATA, isTooLong, tooLong } from '../files/storage.ts';

/**
 * Checks a flow's fs_path as Langflow does. The mock does not write the file.
 *
 * @throws HttpError 400, or 500 for a name that no disk accepts
 */
export function checkFsPath(path: string | null | undefined, userId: string, before = ''): void {
  if (path === null || path === undefined) return;
  const refuse = (why: string) => {
    throw new HttpError(400, `${before}${why}`);
  };
  const plain = path.replaceAll('\\', '/');
  const home = `${DATA}/flows/${userId}`;
  if (path === '') refuse('fs_path cannot be empty');
  if (plain.includes('..')) refuse('Invalid fs_path: directory traversal (..) is not allowed');
  if (plain.includes('\0')) refuse('Invalid fs_path: null bytes are not allowed');
  if (/^(\/|.:)/.test(plain) && !plain.startsWith(`${home}/`))
    refuse(`Absolute path must be within your flows directory: ${home}`);
  const file = plain.startsWith('/') ? plain : `${home}/${plain}`;
  if (file.split('/').some(isTooLong)) throw new HttpError(500, tooLong(file));
}
