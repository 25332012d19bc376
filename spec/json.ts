/** JSON values, read without knowing what they hold. */

export type JsonObject = Record<string, unknown>;

/** Whether a value is an object of JSON: no array, not null. */
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A key as it stands in a JSON pointer (RFC 6901). */
export const escapeKey = (key: string | number): string => String(key).replaceAll('~', '~0').replaceAll('/', '~1');

const unescapeKey = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~');

/** The keys of a JSON pointer: `/paths/~1flows/get` has `paths`, `/flows` and `get`. */
export const keysOf = (pointer: string): string[] => pointer.split('/').slice(1).map(unescapeKey);

/** What stands at a JSON pointer; undefined where nothing does. */
export function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const key of keysOf(pointer)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as JsonObject)[key];
  }
  return value;
}
