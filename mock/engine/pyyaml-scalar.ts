/** A text as PyYAML writes it in a block, folded: plain where it can be, else in single quotes, else in double quotes. */

/** Where a text begins, and how far its next lines are indented. */
export interface Place {
  column: number;
  indent: number;
  /** A key stays on its line. */
  key?: boolean;
}

const WIDTH = 80;
const BREAKS = '\n\u0085\u2028\u2029';
const BLANKS = `\0 \t\r${BREAKS}`;
/** What would be read as something else than a text: YAML 1.1's booleans, numbers, times, `<<` and `=`. */
const NOT_A_TEXT = [
  /^(?:|~|null|Null|NULL|<<|=|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$/,
  /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  /^\d{4}-\d\d-\d\d$|^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/,
];
const ESCAPES: Record<string, string> = {
  ...{ '\0': '0', '\x07': 'a', '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r', '\x1b': 'e' },
  ...{ '"': '"', '\\': '\\', '\u0085': 'N', '\u00a0': '_', '\u2028': 'L', '\u2029': 'P' },
};

export const hasBreak = (text: string): boolean => [...text].some((char) => BREAKS.includes(char));

export function writeScalar(text: string, place: Place): string {
  const chars = [...text];
  const breaks = hasBreak(text);
  const { plain, singleQuoted } = stylesOf(chars);
  if (plain && !breaks && !NOT_A_TEXT.some((pattern) => pattern.test(text))) return writePlain(chars, place);
  return singleQuoted && !(place.key && breaks) ? writeSingleQuoted(chars, place) : writeDoubleQuoted(chars, place);
}

/** What PyYAML's emitter allows after a look at each character (`analyze_scalar`). */
function stylesOf(chars: string[]): { plain: boolean; singleQuoted: boolean } {
  const text = chars.join('');
  const edges = [chars[0] ?? '', chars.at(-1) ?? ''].some(
    (char) => char === ' ' || (char !== '' && BREAKS.includes(char)),
  );
  const breakThenSpace = /[\n\u0085\u2028\u2029] /.test(text);
  const odd = / [\n\u0085\u2028\u2029]/.test(text) || chars.some(isSpecial);
  return {
    plain: text !== '' && !edges && !breakThenSpace && !odd && !hasIndicator(chars),
    singleQuoted: !breakThenSpace && !odd,
  };
}

/** Marks that mean something to YAML where they stand. */
function hasIndicator(chars: string[]): boolean {
  const [first = ''] = chars;
  const blankAt = (index: number) => index >= chars.length || BLANKS.includes(chars[index] as string);
  if (/^(---|\.\.\.)/.test(chars.join('')) || '#,[]{}&*!|>\'"%@`'.includes(first)) return true;
  if ('?:-'.includes(first) && blankAt(1)) return true;
  return chars.some(
    (char, index) => index > 0 && ((char === ':' && blankAt(index + 1)) || (char === '#' && blankAt(index - 1))),
  );
}

function isSpecial(char: string): boolean {
  return !(char === '\n' || (char >= ' ' && char <= '~') || isPrintable(char));
}

function isPrintable(char: string): boolean {
  const code = char.codePointAt(0) as number;
  if (code === 0x85) return true;
  return (
    (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff) ||
    (code >= 0x10000 && code < 0x10ffff)
  );
}

const newLine = (indent: number): string => `\n${' '.repeat(indent)}`;

/** A single space is where a line that is full is folded. */
function writePlain(chars: string[], { column, indent, key }: Place): string {
  let text = '';
  let at = column;
  for (const word of words(chars)) {
    if (word === ' ' && at > WIDTH && !key) [text, at] = [text + newLine(indent), indent];
    else [text, at] = [text + word, at + [...word].length];
  }
  return text;
}

/** Runs of spaces, and what is between them. */
const words = (chars: string[]): string[] => chars.join('').match(/ +|[^ ]+/g) ?? [];

function writeSingleQuoted(chars: string[], { column, indent, key }: Place): string {
  let text = "'";
  let at = column + 1;
  const parts = chars.join('').match(/ +|[\n\u0085\u2028\u2029]+|[^ \n\u0085\u2028\u2029]+/g) ?? [];
  for (const [index, part] of parts.entries()) {
    const inside = index > 0 && index < parts.length - 1;
    if (BREAKS.includes(part[0] as string))
      [text, at] = [`${text}${part.startsWith('\n') ? '\n' : ''}${part}${' '.repeat(indent)}`, indent];
    else if (part === ' ' && inside && at > WIDTH && !key) [text, at] = [text + newLine(indent), indent];
    else [text, at] = [text + part.replaceAll("'", "''"), at + [...part.replaceAll("'", "''")].length];
  }
  return `${text}'`;
}

/** A line that is full is folded at a space or after an escape, with a backslash at its end (`write_double_quoted`). */
function writeDoubleQuoted(chars: string[], { column, indent, key }: Place): string {
  let text = '"';
  let at = column + 1;
  let start = 0;
  const put = (part: string) => {
    text += part;
    at += [...part].length;
  };
  for (let end = 0; end <= chars.length; end++) {
    const char = chars[end];
    const escaped = char === undefined || escapeOf(char);
    if (escaped) {
      put(chars.slice(start, end).join(''));
      start = end;
      if (typeof escaped === 'string') [start] = [end + 1, put(escaped)];
    }
    const foldable = 0 < end && end < chars.length - 1 && (char === ' ' || start >= end);
    if (!foldable || key || at + (end - start) <= WIDTH) continue;
    put(`${chars.slice(start, end).join('')}\\`);
    if (start < end) start = end;
    text += newLine(indent);
    at = indent;
    if (chars[start] === ' ') put('\\');
  }
  return `${text}"`;
}

/** Beyond the basic plane everything is escaped here, though it may stand in a plain text. */
function escapeOf(char: string): string | undefined {
  const code = char.codePointAt(0) as number;
  const stays =
    !'"\\\u0085\u2028\u2029\ufeff'.includes(char) &&
    ((char >= ' ' && char <= '~') || (code >= 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd));
  if (stays) return undefined;
  if (ESCAPES[char]) return `\\${ESCAPES[char]}`;
  const hex = (digits: number) => code.toString(16).toUpperCase().padStart(digits, '0');
  return code <= 0xff ? `\\x${hex(2)}` : code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}
