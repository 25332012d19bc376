import { int } from '../python/int.ts';

/** Python writes no number with more digits. A longer one is only known to be too long. */
const TOO_LONG = 10n ** 4300n;

/** The name and number of a copy: `name (3)`. Undefined for any other name. As in Python, a newline may follow. */
export function copyOf(name: string): { of: string; number: bigint } | undefined {
  const at = name.lastIndexOf(' (');
  const digits = at < 0 ? undefined : /^(\p{Nd}+)\)\n?$/u.exec(name.slice(at + 2))?.[1];
  return digits === undefined
    ? undefined
    : { of: name.slice(0, at), number: digits.length > 4300 ? TOO_LONG : int(digits) };
}
