import { fromLatin1, toLatin1 } from './latin1.ts';
import { parseExact } from './numbers.ts';

/**
 * A JSON object or list, kept as text and parsed when it is read. The graph of a flow is written far more often than
 * read. Numbers keep the digits that were sent, and the text need not be written again.
 */
export class JsonText<Value extends object = object> {
  /** The UTF-8 bytes of the text, as a Latin-1 string. */
  readonly latin1: string;
  #value: WeakRef<Value> | undefined;

  constructor(latin1: string) {
    this.latin1 = latin1;
  }

  /** The text of a value. The value must not be changed afterwards. */
  static of<Value extends object>(value: Value | JsonText<Value>): JsonText<Value> {
    return value instanceof JsonText ? value : new JsonText(sources.get(value) ?? toLatin1(JSON.stringify(value)));
  }

  /** The value with plain numbers. Kept until memory is needed; must not be changed. */
  get value(): Value {
    let value = this.#value?.deref();
    if (!value) this.#value = new WeakRef((value = JSON.parse(fromLatin1(this.latin1)) as Value));
    return value;
  }

  /** The value with exact numbers, parsed at each call. */
  get exact(): Value {
    return parseExact(fromLatin1(this.latin1)) as Value;
  }

  toJSON(): unknown {
    if (!found) return this.exact;
    found.push(this);
    return PLACE;
  }
}

/** The texts from which values were parsed. */
const sources = new WeakMap<object, string>();

/** Shorter texts are not kept: writing them again is as fast. */
const LEAST_KEPT = 256;

/** Remembers the text from which a value was parsed; undefined if Python would write the value otherwise. */
export function keepLatin1(value: unknown, text: string | undefined): void {
  if (typeof value !== 'object' || value === null) return;
  if (text === undefined) sources.delete(value);
  else if (text.length >= LEAST_KEPT) sources.set(value, text);
}

/** The JsonTexts that the current `writeLatin1` found; undefined outside it. */
let found: JsonText[] | undefined;

/** Placeholder of a JsonText. No client can send it, since each process has its own. */
const PLACE = crypto.randomUUID();

/** The JSON of a value as a Latin-1 string of its UTF-8 bytes, with the kept text of each JsonText in it. */
export function writeLatin1(value: unknown): string {
  const outer = found;
  const texts: JsonText[] = [];
  found = texts;
  try {
    const written = toLatin1(JSON.stringify(value) ?? 'null');
    if (texts.length === 0) return written;
    const [first = '', ...others] = written.split(`"${PLACE}"`);
    return first + others.map((part, index) => (texts[index] as JsonText).latin1 + part).join('');
  } finally {
    found = outer;
  }
}
