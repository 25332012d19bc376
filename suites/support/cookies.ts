import type { Answer } from './call.ts';

/** A cookie as Set-Cookie gives it (RFC 6265); names of attributes in lower case, a flag has the value ''. */
export interface SetCookie {
  value: string;
  attributes: Record<string, string>;
}

/** The cookies that an answer sets, by name. */
export function cookiesSet(answer: Answer): Record<string, SetCookie> {
  const lines = (answer.headers['set-cookie'] ?? '').split('\n').filter(Boolean);
  return Object.fromEntries(lines.map(parse));
}

function parse(line: string): [string, SetCookie] {
  const [pair = '', ...rest] = line.split(';').map((part) => part.trim());
  const attributes = Object.fromEntries(rest.map((part) => [nameOf(part).toLowerCase(), textOf(part)]));
  return [nameOf(pair), { value: textOf(pair).replace(/^"(.*)"$/, '$1'), attributes }];
}

const nameOf = (part: string): string => part.split('=', 1)[0] ?? '';
const textOf = (part: string): string => (part.includes('=') ? part.slice(part.indexOf('=') + 1) : '');
