import { HttpError } from '../errors.ts';
import { ValueError } from '../python/errors.ts';
import { int } from '../python/int.ts';
import { startsLike } from '../store/sql-like.ts';

/** How names that are taken are changed, as Langflow 1.7.3 does it: each kind in its own way. */

/** `name (1)`, or the number after the highest of the copies (FLOWS-014). */
export const nextCopy = (name: string, highest: bigint): string => `${name} (${numberIn(String(highest)) + 1n})`;

/**
 * `name-1`, or the number after the highest last part of those that begin with `name-` (FLOWS-015).
 *
 * @throws HttpError 500 where the last part of one of them is no number (FLOWS-067)
 */
export function freeEndpointName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const alike = [...taken].filter(startsLike(`${name}-`));
  return `${name}-${next(alike.map((other) => numberIn(other.slice(other.lastIndexOf('-') + 1))))}`;
}

/**
 * `name (1)`, or the number after the highest in brackets of all names that begin so (PROJECTS-005).
 *
 * @throws HttpError 500 where what one of them has in brackets is no number (PROJECTS-043)
 */
export function freeProjectName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const alike = [...taken].filter(startsLike(name)).filter((other) => other.includes('('));
  return `${name} (${next(alike.map((other) => numberIn(inBrackets(other))))})`;
}

/** What follows the last opening bracket, up to a closing one. */
const inBrackets = (name: string): string => name.slice(name.lastIndexOf('(') + 1).split(')', 1)[0] as string;

/** The server takes a text that is no number for a fault of its own. */
function numberIn(text: string): bigint {
  try {
    return int(text);
  } catch (error) {
    throw error instanceof ValueError ? new HttpError(500, error.message) : error;
  }
}

/** One more than the highest, or 1. */
function next(numbers: bigint[]): bigint {
  const [highest = 0n] = numbers.sort((a, b) => (a > b ? -1 : 1));
  return highest + 1n;
}

/** The first of `name`, `name (1)`, `name (2)` … that is free: how an uploaded project and its flows are named (PROJECTS-038). */
export function firstFreeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let n = 1; taken.has(free); n++) free = `${name} (${n})`;
  return free;
}
