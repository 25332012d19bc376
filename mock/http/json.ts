import type { Octets } from '../operation.ts';

/**
 * JSON text of answers. Rows of the store are frozen and replaced on change, so the text of a row is made once
 * and kept with it; a list is joined from the texts of its rows.
 */
const texts = new WeakMap<object, string>();

/** The JSON text of a value; that of a frozen object is remembered. */
export function jsonText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (!Object.isFrozen(value)) return JSON.stringify(value);
  let text = texts.get(value);
  if (text === undefined) {
    text = JSON.stringify(value);
    texts.set(value, text);
  }
  return text;
}

/** From this length on it pays to keep the bytes of a text. */
const LONG = 2000;
const kept = new WeakMap<object, Octets>();

/** The JSON of a value, to be sent; the bytes of a long one that is asked for again are kept. */
export function jsonOctets(value: unknown): Octets {
  if (typeof value !== 'object' || value === null) return { octets: jsonText(value), utf8: true };
  const known = kept.get(value);
  if (known) return known;
  const again = texts.has(value);
  const text = jsonText(value);
  if (!again || text.length < LONG) return { octets: text, utf8: true };
  const made = { octets: Buffer.from(text).toString('latin1') };
  kept.set(value, made);
  return made;
}

/**
 * A view of a row (fewer columns, a masked value), made once for each row: `const header = viewOf((flow: FlowRow) => ({ id: flow.id }))`.
 * The view is frozen, so that its text is remembered too.
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

/** Why Python can't write a value that it could read: a number that is none, or half of a pair of surrogates; undefined where it can. */
export function whyUnwritable(value: unknown): string | undefined {
  const text = JSON.stringify(value, (_key, inner) => (typeof inner === 'number' && !Number.isFinite(inner) ? NOT_FINITE : inner));
  if (text.includes(`"${NOT_FINITE}"`)) return 'Out of range float values are not JSON compliant';
  const half = /(?<!\\)(?:\\\\)*\\u(d[89a-f][0-9a-f]{2})/.exec(text);
  return half ? `'utf-8' codec can't encode character '\\u${half[1]}' in position ${half.index}: surrogates not allowed` : undefined;
}

const NOT_FINITE = 'not a finite number';
