import { startsLike } from '../store/sql-like.ts';

/** The extension with its dot, as Python's pathlib splits it: empty for `.hidden` and `name.`. */
export function suffixOf(path: string): string {
  const name = path.split('/').filter(Boolean).at(-1) ?? '';
  const at = name.lastIndexOf('.');
  return at > 0 && at < name.length - 1 ? name.slice(at) : '';
}

/** The texts before and after the last dot. */
export function splitName(filename: string): { root: string; extension: string } {
  const at = filename.lastIndexOf('.');
  return at === -1
    ? { root: filename, extension: '' }
    : { root: filename.slice(0, at), extension: filename.slice(at + 1) };
}

export const joinName = (root: string, extension: string): string => (extension ? `${root}.${extension}` : root);

/** The name, or if other names begin with it, the name with one more than their highest number (FILES-105). */
export function nameWithNumber(root: string, others: string[]): string {
  const alike = others.filter(startsLike(root));
  if (alike.length === 0) return root;
  const numbers = alike.map((name) => Number(/\((\d+)\)(?=\.\w+$|$)/.exec(name)?.[1] ?? 0));
  return `${root} (${numbers.reduce((most, number) => Math.max(most, number), 0) + 1})`;
}

/** Python's error for a text that is not Latin-1, so no header can hold it; undefined for Latin-1. */
export function notLatin1(text: string): string | undefined {
  const characters = [...text];
  const isWide = (character: string | undefined) =>
    character !== undefined && (character.codePointAt(0) as number) > 255;
  const first = characters.findIndex(isWide);
  if (first === -1) return undefined;
  let last = first;
  while (isWide(characters[last + 1])) last += 1;
  const which =
    first === last
      ? `character '${escapeCharacter(characters[first] as string)}' in position ${first}`
      : `characters in position ${first}-${last}`;
  return `'latin-1' codec can't encode ${which}: ordinal not in range(256)`;
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) as number;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
