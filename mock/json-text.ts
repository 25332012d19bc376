import { parseExact } from './numbers.ts';
import { octetsOf, textOf } from './octets.ts';

/**
 * An object or list of JSON that is kept as its text and read when somebody asks: the graph of a flow, which is written far more often
 * than looked into. Numbers stay as they were sent, to the digit, and the text need not be written again.
 */
export class JsonText<Value extends object = object> {
  /** Its UTF-8, each byte as a character. */
  readonly octets: string;
  #value: WeakRef<Value> | undefined;

  constructor(octets: string) {
    this.octets = octets;
  }

  /** That of a value, which nobody changes afterwards. */
  static of<Value extends object>(value: Value | JsonText<Value>): JsonText<Value> {
    return value instanceof JsonText ? value : new JsonText(octets.get(value) ?? octetsOf(JSON.stringify(value)));
  }

  /** With plain numbers; kept until memory is needed. Not to be changed. */
  get value(): Value {
    let value = this.#value?.deref();
    if (!value) this.#value = new WeakRef((value = JSON.parse(textOf(this.octets)) as Value));
    return value;
  }

  /** With exact numbers; made anew each time. */
  get exact(): Value {
    return parseExact(textOf(this.octets)) as Value;
  }

  toJSON(): unknown {
    if (!met) return this.exact;
    met.push(this);
    return PLACE;
  }
}

/** Octets of what was read. */
const octets = new WeakMap<object, string>();

/** Shorter ones are as quickly written again. */
const LEAST_KEPT = 256;

/** Remembers what a value was read from; undefined where that is not as the value would be written. */
export function keepOctets(value: unknown, text: string | undefined): void {
  if (typeof value !== 'object' || value === null) return;
  if (text === undefined) octets.delete(value);
  else if (text.length >= LEAST_KEPT) octets.set(value, text);
}

/** Those that `writeOctets` came by; undefined where somebody else writes JSON. */
let met: JsonText[] | undefined;

/** Stands for the text of a JsonText: what no client can send, since it is new in each process. */
const PLACE = crypto.randomUUID();

/** The UTF-8 of a value's JSON, each byte as a character, with the kept text of each JsonText in it. */
export function writeOctets(value: unknown): string {
  const outer = met;
  const kept: JsonText[] = [];
  met = kept;
  try {
    const written = octetsOf(JSON.stringify(value) ?? 'null');
    if (kept.length === 0) return written;
    const [first = '', ...others] = written.split(`"${PLACE}"`);
    return first + others.map((part, index) => (kept[index] as JsonText).octets + part).join('');
  } finally {
    met = outer;
  }
}
