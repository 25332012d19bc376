import { HttpError } from '../errors.ts';
import { ValueError } from '../python/errors.ts';
import { int } from '../python/int.ts';
import { startsLike } from '../store/sql-like.ts';

/** How Langflow 1.7.3 changes a name that is taken. Each kind of row has its own way. */

/** `name (1)`, or the number after the highest copy (FLOWS-014). */
export const nextCopy = (name: string, highest: bigint): string => `${name} (${numberIn(String(highest)) + 1n})`;

/**
 * `name-1`, or one more than the highest number at the end of the names that begin with `name-` (FLOWS-015).
 *
 * @throws HttpError 500 if such a name does not end in a number (FLOWS-067)
 */
export function freeEndpointName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const alike = [...taken].filter(startsLike(`${name}-`));
  return `${name}-${next(alike.map((other) => numberIn(other.slice(other.lastIndexOf('-') + 1))))}`;
}

/**
 * `name (1)`, or one more than the highest number in brackets of the names that begin with it (PROJECTS-005).
 *
 * @throws HttpError 500 if such a name has no number in its brackets (PROJECTS-043)
 */
export function freeProjectName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const alike = [...taken].filter(startsLike(name)).filter((other) => other.includes('('));
  return `${name} (${next(alike.map((other) => numberIn(inBrackets(other))))})`;
}

/** The text after the last opening bracket, up to the closing one. */
const inBrackets = (name: string): string => name.slice(name.lastIndexOf('(') + 1).split(')', 1)[0] as string;

/** The number of a text. @throws HttpError 500 if it is none: a real server does not expect that */
function numberIn(text: string): bigint {
  try {
    return int(text);
  } catch (error) {
    throw error instanceof ValueError ? new HttpError(500, error.message) : error;
  }
}

/** One more than the highest number, or 1. */
function next(numbers: bigint[]): bigint {
  const [highest = 0n] = numbers.sort((a, b) => (a > b ? -1 : 1));
  return highest + 1n;
}

/**
 * The first free one of `name`, `name (1)`, `name (2)` …: the name of an uploaded project and of its flows
 * (PROJECTS-038).
 */
export function firstFreeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let n = 1; taken.has(free); n++) free = `${name} (${n})`;
  return free;
}
