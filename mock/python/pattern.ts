/**
 * A regular expression of Python's `re` as a tree. Greedy and lazy are not distinguished, since that does not change
 * whether there is a match.
 */

export type Pattern =
  | { kind: 'sign'; takes: (sign: number) => boolean }
  | { kind: 'place'; holds: (signs: Uint32Array, at: number) => boolean }
  | { kind: 'sequence'; parts: Pattern[] }
  | { kind: 'choice'; options: Pattern[] }
  | { kind: 'repeat'; part: Pattern; least: number; most: number };

/** Thrown for a pattern that `re` refuses too. */
export class PatternError extends Error {
  override name = 'PatternError';
}

/** Thrown for a pattern that `re` accepts, but that has no match in linear time or is not worth supporting. */
export class UnsupportedPattern extends Error {
  override name = 'UnsupportedPattern';
}

interface Flags {
  i: boolean;
  m: boolean;
  s: boolean;
  x: boolean;
  a: boolean;
}

type CharacterTest = (sign: number) => boolean;

const NEWLINE = 10;
const NO_FLAGS: Flags = { i: false, m: false, s: false, x: false, a: false };

/** @throws PatternError, UnsupportedPattern */
export function parsePattern(source: string): Pattern {
  return new Parser(source).parse();
}

class Parser {
  readonly #signs: string[];
  #at = 0;

  constructor(source: string) {
    this.#signs = [...source];
  }

  parse(): Pattern {
    const pattern = this.#choice(this.#globalFlags(), 0);
    if (this.#at < this.#signs.length) throw new PatternError('unbalanced parenthesis');
    return pattern;
  }

  /** Reads `(?i)` at the very start. */
  #globalFlags(): Flags {
    const found = /^\(\?([aimsux]+)\)/.exec(this.#signs.slice(0, 12).join(''));
    if (!found) return NO_FLAGS;
    this.#at = found[0].length;
    return withFlags(NO_FLAGS, found[1] as string, true);
  }

  #choice(flags: Flags, depth: number): Pattern {
    if (depth > MOST_DEPTH) throw new UnsupportedPattern('it is nested too deeply');
    const options = [this.#sequence(flags, depth)];
    while (this.#take('|')) options.push(this.#sequence(flags, depth));
    return options.length === 1 ? (options[0] as Pattern) : { kind: 'choice', options };
  }

  #sequence(flags: Flags, depth: number): Pattern {
    const parts: Pattern[] = [];
    for (let sign = this.#peek(); sign !== undefined && sign !== '|' && sign !== ')'; sign = this.#peek()) {
      if (flags.x && this.#skipVerbose(sign)) continue;
      const part = this.#part(flags, depth);
      const repeat = this.#quantifier(flags);
      if (repeat && part.kind === 'place') throw new PatternError('nothing to repeat');
      parts.push(repeat ? { kind: 'repeat', part, ...repeat } : part);
    }
    return { kind: 'sequence', parts };
  }

  /** Skips white space and comments of a verbose pattern. */
  #skipVerbose(sign: string): boolean {
    if (!/[\s#]/.test(sign)) return false;
    if (sign === '#') while (this.#peek() !== undefined && this.#peek() !== '\n') this.#at += 1;
    this.#at += 1;
    return true;
  }

  #part(flags: Flags, depth: number): Pattern {
    const sign = this.#next();
    if (sign === '(') return this.#group(flags, depth);
    if (sign === '[') return { kind: 'sign', takes: this.#set(flags) };
    if (sign === '.') return { kind: 'sign', takes: flags.s ? () => true : (code) => code !== NEWLINE };
    if (sign === '^')
      return place(flags.m ? (signs, at) => at === 0 || signs[at - 1] === NEWLINE : (_signs, at) => at === 0);
    if (sign === '$') return place(flags.m ? (signs, at) => at === signs.length || signs[at] === NEWLINE : isAtEnd);
    if (sign === '\\') return this.#escape(flags);
    if ('*+?'.includes(sign)) throw new PatternError('nothing to repeat');
    if (sign === '{' && this.#bounds()) throw new PatternError('nothing to repeat');
    return literal(sign, flags);
  }

  #quantifier(flags: Flags): { least: number; most: number } | undefined {
    while (flags.x && this.#skipVerbose(this.#peek() ?? 'x'));
    const found = this.#simpleQuantifier();
    if (!found) return undefined;
    if (this.#take('+')) throw new UnsupportedPattern('it has a possessive quantifier');
    this.#take('?');
    if (this.#simpleQuantifier()) throw new PatternError('multiple repeat');
    return found;
  }

  #simpleQuantifier(): { least: number; most: number } | undefined {
    if (this.#take('*')) return { least: 0, most: Number.POSITIVE_INFINITY };
    if (this.#take('+')) return { least: 1, most: Number.POSITIVE_INFINITY };
    if (this.#take('?')) return { least: 0, most: 1 };
    return this.#take('{') ? (this.#bounds() ?? this.#back()) : undefined;
  }

  /** Reads a quantifier after `{`. Undefined if there is none: then the brace is a literal character. */
  #bounds(): { least: number; most: number } | undefined {
    const found = /^(\d{0,9})(,?)(\d{0,9})\}/.exec(this.#signs.slice(this.#at, this.#at + 30).join(''));
    if (!found || found[0] === '}') return undefined;
    const [all, low = '', comma, high = ''] = found;
    this.#at += all.length;
    const least = Number(low || 0);
    const most = comma === '' ? least : high === '' ? Number.POSITIVE_INFINITY : Number(high);
    if (most < least) throw new PatternError('min repeat greater than max repeat');
    return { least, most };
  }

  #group(flags: Flags, depth: number): Pattern {
    const inner = this.#take('?') ? this.#groupFlags(flags) : flags;
    if (inner === undefined) return { kind: 'sequence', parts: [] };
    const pattern = this.#choice(inner, depth + 1);
    if (!this.#take(')')) throw new PatternError('missing ), unterminated subpattern');
    // A group can be repeated, whatever it contains.
    return { kind: 'sequence', parts: [pattern] };
  }

  /** Reads the flags after `(?`; undefined for a comment. */
  #groupFlags(flags: Flags): Flags | undefined {
    const rest = this.#signs.slice(this.#at, this.#at + 300).join('');
    const unsupported = ['=', '!', '<=', '<!', 'P=', '>', '('].find((start) => rest.startsWith(start));
    if (unsupported !== undefined) throw new UnsupportedPattern('it looks around, back, or takes a group as a whole');
    if (rest.startsWith('#')) return this.#comment();
    const found = /^(?:P<[\p{L}_][\p{L}\p{N}_]*>|([aimsux]*)(?:-([imsx]+))?:)/u.exec(rest);
    if (!found) throw new PatternError('unknown extension');
    this.#at += [...found[0]].length;
    return withFlags(withFlags(flags, found[1] ?? '', true), found[2] ?? '', false);
  }

  #comment(): undefined {
    while (this.#peek() !== ')') this.#next('missing ), unterminated comment');
    this.#at += 1;
    return undefined;
  }

  #escape(flags: Flags): Pattern {
    const sign = this.#next('bad escape (end of pattern)');
    const kind = classOf(sign, flags);
    if (kind) return { kind: 'sign', takes: kind };
    if (sign === 'A') return place((_signs, at) => at === 0);
    if (sign === 'Z') return place((signs, at) => at === signs.length);
    if (sign === 'b') return place((signs, at) => isBoundary(signs, at, flags));
    if (sign === 'B') return place((signs, at) => signs.length > 0 && !isBoundary(signs, at, flags));
    if (/[1-9]/.test(sign) && !/^[1-3][0-7]{2}$/.test(sign + this.#signs.slice(this.#at, this.#at + 2).join('')))
      throw new UnsupportedPattern('it refers back to a group');
    return literal(String.fromCodePoint(this.#escapedSign(sign)), flags);
  }

  #set(flags: Flags): CharacterTest {
    const isNegated = this.#take('^');
    const parts: CharacterTest[] = [];
    for (let isFirst = true; isFirst || this.#peek() !== ']'; isFirst = false) {
      const low = this.#member(flags);
      const isRange = this.#peek() === '-' && this.#signs[this.#at + 1] !== ']';
      if (!isRange) {
        parts.push(typeof low === 'number' ? (sign) => sign === low : low);
        continue;
      }
      this.#at += 1;
      const high = this.#member(flags);
      if (typeof low !== 'number' || typeof high !== 'number' || high < low)
        throw new PatternError('bad character range');
      parts.push((sign) => sign >= low && sign <= high);
    }
    this.#at += 1;
    const takesAny = foldCase((sign) => parts.some((takes) => takes(sign)), flags);
    return isNegated ? (sign) => !takesAny(sign) : takesAny;
  }

  #member(flags: Flags): number | CharacterTest {
    const sign = this.#next('unterminated character set');
    if (sign !== '\\') return sign.codePointAt(0) as number;
    const escaped = this.#next('unterminated character set');
    if (escaped === 'b') return 8;
    return classOf(escaped, flags) ?? this.#escapedSign(escaped);
  }

  /** The character of an escape. */
  #escapedSign(sign: string): number {
    const digits = DIGITS[sign];
    if (digits !== undefined) {
      const hex = this.#signs.slice(this.#at, this.#at + digits).join('');
      if (hex.length !== digits || !/^[0-9a-f]+$/i.test(hex) || Number.parseInt(hex, 16) > 0x10ffff)
        throw new PatternError(`incomplete escape \\${sign}`);
      this.#at += digits;
      return Number.parseInt(hex, 16);
    }
    const octal = /^[0-7]{1,3}/.exec(sign + this.#signs.slice(this.#at, this.#at + 2).join(''))?.[0];
    if (octal) {
      this.#at += octal.length - 1;
      return Number.parseInt(octal, 8);
    }
    const known = SIGNS[sign];
    if (known !== undefined) return known;
    if (sign === 'N') throw new UnsupportedPattern('it names a character');
    if (/[a-z0-9]/i.test(sign)) throw new PatternError(`bad escape \\${sign}`);
    return sign.codePointAt(0) as number;
  }

  #peek(): string | undefined {
    return this.#signs[this.#at];
  }

  #next(otherwise = 'unexpected end of pattern'): string {
    const sign = this.#signs[this.#at++];
    if (sign === undefined) throw new PatternError(otherwise);
    return sign;
  }

  #take(sign: string): boolean {
    if (this.#peek() !== sign) return false;
    this.#at += 1;
    return true;
  }

  #back(): undefined {
    this.#at -= 1;
    return undefined;
  }
}

const MOST_DEPTH = 100;
/** Digits of the hexadecimal escapes. */
const DIGITS: Record<string, number> = { x: 2, u: 4, U: 8 };
const SIGNS: Record<string, number> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

const place = (holds: (signs: Uint32Array, at: number) => boolean): Pattern => ({ kind: 'place', holds });
const isAtEnd = (signs: Uint32Array, at: number): boolean =>
  at === signs.length || (at === signs.length - 1 && signs[at] === NEWLINE);

function withFlags(flags: Flags, names: string, value: boolean): Flags {
  const changed = { ...flags };
  for (const name of names) if (name !== 'u') changed[name as keyof Flags] = value;
  return changed;
}

function literal(sign: string, flags: Flags): Pattern {
  const code = sign.codePointAt(0) as number;
  return { kind: 'sign', takes: foldCase((other) => other === code, flags) };
}

/** With the flag `i`, accepts a character if its other case is accepted. */
function foldCase(takes: CharacterTest, { i, a }: Flags): CharacterTest {
  if (!i) return takes;
  return (sign) => takes(sign) || (a && sign > 127 ? false : otherCases(sign).some(takes));
}

const otherCases = (sign: number): number[] => {
  const text = String.fromCodePoint(sign);
  return [text.toLowerCase(), text.toUpperCase()]
    .filter((other) => [...other].length === 1)
    .map((other) => other.codePointAt(0) as number);
};

const WIDE: Record<string, RegExp> = { d: /\p{Nd}/u, w: /[\p{L}\p{N}_]/u, s: /[\s\x85]/u };
const NARROW: Record<string, RegExp> = { d: /[0-9]/, w: /[A-Za-z0-9_]/, s: /[ \t\n\r\f\v]/ };
/** Separators of files, groups, records and units: white space only in Python. */
const SEPARATORS = [0x1c, 0x1d, 0x1e, 0x1f];
/** White space only in JavaScript. */
const BYTE_ORDER_MARK = 0xfeff;

/** The test of `\d`, `\w` or `\s`; a capital letter is its negation. */
function classOf(sign: string, { a }: Flags): CharacterTest | undefined {
  const pattern = (a ? NARROW : WIDE)[sign.toLowerCase()];
  if (!pattern) return undefined;
  const isSeparator = (code: number) => pattern === WIDE['s'] && SEPARATORS.includes(code);
  const takes = (code: number) =>
    isSeparator(code) || (code !== BYTE_ORDER_MARK && pattern.test(String.fromCodePoint(code)));
  return sign === sign.toLowerCase() ? takes : (code) => !takes(code);
}

function isBoundary(signs: Uint32Array, at: number, flags: Flags): boolean {
  const isWord = classOf('w', flags) as CharacterTest;
  const [before, after] = [signs[at - 1], signs[at]].map((sign) => sign !== undefined && isWord(sign));
  return before !== after;
}
