import { pythonNumber } from '../numbers.ts';

/** Properties of a JSON text that its value does not have. */
export interface JsonScan {
  /** The depth of nested brackets. */
  depth: number;
  /** The digits of the longest integer. */
  digits: number;
  /** Whether Python writes a number otherwise than JavaScript. */
  hasExactNumbers: boolean;
  /** The position of the first number that is too large for a double; -1 if there is none. */
  infinite: number;
  /** The objects and lists in the outermost object. `latin1` is their text if Python would write them the same way. */
  members: { key: string; latin1: string | undefined }[];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Digits that any double can hold. */
const SAFE_DIGITS = 15;

/**
 * Scans the UTF-8 of a JSON text once, without making its value. The result means nothing for a text that is not JSON.
 */
export function scanJson(bytes: Buffer): JsonScan {
  const found: JsonScan = { depth: 0, digits: 0, hasExactNumbers: false, infinite: -1, members: [] };
  const halves = hasHalves(bytes);
  let depth = 0;
  let keyFrom = 0;
  let keyTo = 0;
  let from = 0;
  /** Whether Python would write the current member the same way. */
  let same = true;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      if (depth === 1) keyFrom = at + 1;
      for (let next = bytes[++at]; next !== QUOTE && at < bytes.length; next = bytes[++at]) {
        if (next !== BACKSLASH) continue;
        const escaped = bytes[++at];
        // Python writes a slash without a backslash, and most characters without \u.
        if (escaped === 0x75 || escaped === 0x2f) same = false;
      }
      if (depth === 1) keyTo = at;
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > found.depth) found.depth = depth;
      if (depth === 2) [from, same] = [at, !halves];
    } else if (byte === 0x7d || byte === 0x5d) {
      if (--depth === 1)
        found.members.push({
          key: bytes.toString('utf8', keyFrom, keyTo),
          latin1: same ? bytes.toString('latin1', from, at + 1) : undefined,
        });
    } else if (byte === 0x2d || isDigit(byte)) {
      const end = endOfNumber(bytes, at);
      const isSmall = isDigit(byte) && end - at <= SAFE_DIGITS && isWhole(bytes, at, end);
      if (!isSmall) same = seeNumber(bytes.toString('latin1', at, end), at, found) && same;
      at = end - 1;
    } else if (byte <= 0x20 || byte === 0x4e || byte === 0x49) same = false;
  }
  return found;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

function isWhole(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isDigit(bytes[at])) return false;
  return true;
}

/** The end of the digits, signs, dots and exponents. */
function endOfNumber(bytes: Buffer, from: number): number {
  let at = from + 1;
  for (
    let byte = bytes[at];
    isDigit(byte) || byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2d || byte === 0x2b;
  )
    byte = bytes[++at];
  return at;
}

/** Records a number; returns whether Python would write it the same way. */
function seeNumber(text: string, at: number, found: JsonScan): boolean {
  const written = pythonNumber(text);
  if (/^-?\d+$/.test(text)) found.digits = Math.max(found.digits, text.length);
  if (found.infinite < 0 && Math.abs(Number(text)) === Infinity) found.infinite = at;
  if (written !== undefined && written !== String(Number(text))) found.hasExactNumbers = true;
  return written === text;
}

/** Whether there are halves of surrogate pairs, which are not UTF-8 but which Python accepts. */
const hasHalves = (bytes: Buffer): boolean => bytes.includes(0xed) && /\xed[\xa0-\xbf]/.test(bytes.toString('latin1'));
