import { writeLatin1 } from './json-text.ts';

/**
 * The JSON of a response as a Latin-1 string of its UTF-8 bytes, so Node sends head and body in one write. Rows of the
 * store are frozen and replaced on change, so the JSON of a row that is requested again is kept. A list is joined from
 * the JSON of its rows.
 */
export function jsonLatin1(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonLatin1).join(',')}]`;
  if (typeof value !== 'object' || value === null || !Object.isFrozen(value)) return writeLatin1(value);
  const known = texts.get(value);
  if (known) return known;
  const json = writeLatin1(value);
  // Most rows are never read again. So the first request only marks the row, the second one keeps its JSON.
  texts.set(value, known === undefined ? '' : json);
  return json;
}

/**
 * The kept JSON of frozen objects. When there is too much, the older half goes, so memory does not grow with the store.
 */
class Texts {
  #young = new WeakMap<object, string>();
  #old = new WeakMap<object, string>();
  #size = 0;

  get(value: object): string | undefined {
    const young = this.#young.get(value);
    if (young !== undefined) return young;
    const old = this.#old.get(value);
    if (old !== undefined) this.set(value, old);
    return old;
  }

  set(value: object, text: string): void {
    if (this.#size > MOST_KEPT) {
      this.#old = this.#young;
      this.#young = new WeakMap();
      this.#size = 0;
    }
    this.#young.set(value, text);
    this.#size += text.length;
  }
}

/** Bytes of each of the two halves. */
const MOST_KEPT = 32 * 1024 * 1024;
const texts = new Texts();

/**
 * Makes a view of a row (fewer columns, a masked value), once for each row: `const header = viewOf((flow: FlowRow) =>
 * ({ id: flow.id }))`. The view is frozen, so its JSON is kept too.
 */
export function viewOf<Row extends object, View extends object>(make: (row: Row) => View): (row: Row) => View {
  const views = new WeakMap<Row, View>();
  return (row) => {
    let view = views.get(row);
    if (!view) {
      view = Object.freeze(make(row));
      views.set(row, view);
    }
    return view;
  };
}

/**
 * Why Python can't write a value that it could parse: NaN, an infinite number, or half of a surrogate pair. Undefined
 * if it can.
 */
export function whyUnwritable(value: unknown): string | undefined {
  const text = JSON.stringify(value, (_key, inner) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? NOT_FINITE : inner,
  );
  if (text.includes(`"${NOT_FINITE}"`)) return 'Out of range float values are not JSON compliant';
  const half = /(?<!\\)(?:\\\\)*\\u(d[89a-f][0-9a-f]{2})/.exec(text);
  return half
    ? `'utf-8' codec can't encode character '\\u${half[1]}' in position ${half.index}: surrogates not allowed`
    : undefined;
}

const NOT_FINITE = 'not a finite number';
