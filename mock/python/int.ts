import { ValueError } from './errors.ts';
import { repr } from './repr.ts';

/** sys.get_int_max_str_digits() */
const MOST_DIGITS = 4300;

/**
 * `int(text)`: `int(' 7 ')`, `int('+1')`, `int('1_000')`, `int('٣')`.
 *
 * @throws ValueError with Python's message for a text that is no integer or has more than 4,300 digits
 */
export function int(text: string): bigint {
  const [, sign = '', digits = ''] = /^([+-]?)(\d+(?:_\d+)*)$/.exec(asciiOf(text)) ?? [];
  if (digits === '') throw new ValueError(`invalid literal for int() with base 10: ${repr(text)}`);
  const number = digits.replaceAll('_', '');
  if (number.length > MOST_DIGITS) {
    const problem = `Exceeds the limit (${MOST_DIGITS} digits) for integer string conversion: value has ${number.length} digits`;
    throw new ValueError(`${problem}; use sys.set_int_max_str_digits() to increase the limit`);
  }
  return sign === '-' ? -BigInt(number) : BigInt(number);
}

const SPACES = '\\t-\\r\\x1c-\\x20\\x85\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const around = (spaces: string): RegExp => new RegExp(`^[${spaces}]+|[${spaces}]+$`, 'g');
const [ASCII_SPACES, UNICODE_SPACES] = [around('\\t-\\r '), around(SPACES)];

/**
 * Strips white space and turns each decimal digit into an ASCII digit. Unicode white space counts only beside a
 * character that is not ASCII.
 */
function asciiOf(text: string): string {
  const isAscii = Buffer.byteLength(text) === text.length;
  const trimmed = text.replaceAll(isAscii ? ASCII_SPACES : UNICODE_SPACES, '');
  return trimmed.replaceAll(/\p{Nd}/gu, (digit) => String(digitOf(digit)));
}

const DECIMAL = /^\p{Nd}$/u;

/**
 * The value of a digit. In Unicode the digits of a script follow each other from 0; some scripts follow each other
 * directly.
 */
function digitOf(character: string): number {
  const code = character.codePointAt(0) as number;
  let before = 0;
  while (DECIMAL.test(String.fromCodePoint(code - before - 1))) before += 1;
  return before % 10;
}
