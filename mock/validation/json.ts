import { HttpError } from '../errors.ts';
import { keepLatin1 } from '../json-text.ts';
import { exactNumber, parseExact } from '../numbers.ts';
import { decodeJson, isPlainUtf8 } from './json-encoding.ts';
import { scanJson } from './json-scan.ts';

/** Thrown for a text that is not JSON, in the words of Python's json.JSONDecodeError; `position` counts code points. */
export class JsonError extends Error {
  override name = 'JsonError';
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/**
 * Parses a JSON body as FastAPI does, before authentication.
 *
 * @throws HttpError 422 `json_invalid` for broken JSON, 400 for bytes that are no text
 */
export function parseJson(bytes: Buffer): unknown {
  try {
    const text = decodeJson(bytes);
    const scan = scanJson(isPlainUtf8(bytes) ? bytes : Buffer.from(text));
    if (scan.depth > MOST_DEPTH || scan.digits > MOST_DIGITS) throw new RangeError('Python cannot read this');
    return readJson(text, scan);
  } catch (error) {
    if (!(error instanceof JsonError)) throw new HttpError(400, 'There was an error parsing the body');
    const { message, position } = error;
    throw new HttpError(422, [
      { type: 'json_invalid', loc: ['body', position], msg: 'JSON decode error', input: {}, ctx: { error: message } },
    ]);
  }
}

/** Python's limits for nesting and for the digits of an integer. */
const MOST_DEPTH = 950;
const MOST_DIGITS = 4300;

/**
 * Parses JSON as Python's json.loads does: with NaN, Infinity and -Infinity, and with exact numbers. The text of a
 * large member of the outermost object is kept for `JsonText`.
 *
 * @throws JsonError
 */
export function readJson(text: string, { hasExactNumbers, members } = scanJson(Buffer.from(text))): unknown {
  try {
    const value = hasExactNumbers ? parseExact(text) : JSON.parse(text);
    for (const member of members) keepLatin1(value[member.key], member.latin1);
    return value;
  } catch {
    return new Scanner(text).document();
  }
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const CONSTANTS: [string, unknown][] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
];

/** Parses only broken text and Python's own constants, so it is written for its messages, not for speed. */
class Scanner {
  private readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  document(): unknown {
    const [value, end] = this.value(this.space(0));
    const rest = this.space(end);
    if (rest !== this.text.length) this.fail('Extra data', rest);
    return value;
  }

  private value(at: number): [unknown, number] {
    const first = this.text[at];
    if (first === '"') return this.string(at + 1);
    if (first === '{') return this.object(at + 1);
    if (first === '[') return this.array(at + 1);
    for (const [word, value] of CONSTANTS) if (this.text.startsWith(word, at)) return [value, at + word.length];
    NUMBER.lastIndex = at;
    const number = NUMBER.exec(this.text)?.[0];
    if (number === undefined) return this.fail('Expecting value', at);
    return [exactNumber(number), at + number.length];
  }

  private object(start: number): [unknown, number] {
    const entries: [string, unknown][] = [];
    let at = this.space(start);
    if (this.text[at] === '}') return [{}, at + 1];
    for (;;) {
      if (this.text[at] !== '"') this.fail('Expecting property name enclosed in double quotes', at);
      const [key, afterKey] = this.string(at + 1);
      at = this.space(afterKey);
      if (this.text[at] !== ':') this.fail("Expecting ':' delimiter", at);
      const [value, afterValue] = this.value(this.space(at + 1));
      entries.push([key, value]);
      at = this.space(afterValue);
      if (this.text[at] === '}') return [Object.fromEntries(entries), at + 1];
      if (this.text[at] !== ',') this.fail("Expecting ',' delimiter", at);
      at = this.space(at + 1);
    }
  }

  private array(start: number): [unknown, number] {
    const items: unknown[] = [];
    let at = this.space(start);
    if (this.text[at] === ']') return [items, at + 1];
    for (;;) {
      const [value, after] = this.value(at);
      items.push(value);
      at = this.space(after);
      if (this.text[at] === ']') return [items, at + 1];
      if (this.text[at] !== ',') this.fail("Expecting ',' delimiter", at);
      at = this.space(at + 1);
    }
  }

  private string(start: number): [string, number] {
    let at = start;
    for (;;) {
      const character = this.text[at];
      if (character === undefined) return this.fail('Unterminated string starting at', start - 1);
      if (character === '"') return [JSON.parse(this.text.slice(start - 1, at + 1)), at + 1];
      if (character < ' ') return this.fail('Invalid control character at', at);
      at = character === '\\' ? this.escape(at, start) : at + 1;
    }
  }

  private escape(at: number, start: number): number {
    const letter = this.text[at + 1];
    if (letter === undefined) return this.fail('Unterminated string starting at', start - 1);
    if (letter === 'u') {
      if (!/^[0-9a-fA-F]{4}$/.test(this.text.slice(at + 2, at + 6))) return this.fail('Invalid \\uXXXX escape', at + 1);
      return at + 6;
    }
    if (!'"\\/bfnrt'.includes(letter)) return this.fail('Invalid \\escape', at);
    return at + 2;
  }

  private space(at: number): number {
    SPACE.lastIndex = at;
    SPACE.exec(this.text);
    return SPACE.lastIndex;
  }

  private fail(message: string, at: number): never {
    throw new JsonError(message, [...this.text.slice(0, at)].length);
  }
}
