import { isObject } from '../../spec/json.ts';
import { repr, typeName } from './repr.ts';

/** JSON values as Python objects. A value of the wrong type throws Python's exception with Python's message. */

/** A Python exception that nothing catches where it is raised. */
export class PythonError extends Error {
  override name = 'PythonError';
  readonly type: 'AttributeError' | 'KeyError' | 'TypeError' | 'ValueError';
  constructor(type: PythonError['type'], message: string) {
    super(message);
    this.type = type;
  }
}

export type Dict = Record<string, unknown>;

export const isDict: (value: unknown) => value is Dict = isObject;

const typeError = (message: string) => new PythonError('TypeError', message);

/** `value[key]` */
export function item(value: unknown, key: string): unknown {
  if (isDict(value)) {
    if (!Object.hasOwn(value, key)) throw new PythonError('KeyError', repr(key));
    return value[key];
  }
  if (Array.isArray(value)) throw typeError('list indices must be integers or slices, not str');
  if (typeof value === 'string') throw typeError("string indices must be integers, not 'str'");
  throw typeError(`'${typeName(value)}' object is not subscriptable`);
}

/** `value.get(key, fallback)` */
export function get(value: unknown, key: string, fallback: unknown = null): unknown {
  if (!isDict(value)) throw noAttribute(value, 'get');
  return Object.hasOwn(value, key) ? value[key] : fallback;
}

export const noAttribute = (value: unknown, name: string): PythonError =>
  new PythonError('AttributeError', `'${typeName(value)}' object has no attribute '${name}'`);

/** `for each in value` */
export function each(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return [...value];
  if (isDict(value)) return Object.keys(value);
  throw typeError(`'${typeName(value)}' object is not iterable`);
}

/** `key in value` */
export function has(value: unknown, key: string): boolean {
  if (isDict(value)) return Object.hasOwn(value, key);
  if (Array.isArray(value)) return value.includes(key);
  if (typeof value === 'string') return value.includes(key);
  throw typeError(`argument of type '${typeName(value)}' is not iterable`);
}

/** `bool(value)` */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isDict(value) ? Object.keys(value).length > 0 : Boolean(value);
}

/** Throws for a value that can't be a key of a dictionary. */
export function hash(value: unknown): void {
  if (typeof value === 'object' && value !== null) throw typeError(`unhashable type: '${typeName(value)}'`);
}

/** `str(value)` */
export const str = (value: unknown): string => (typeof value === 'string' ? value : repr(value));
