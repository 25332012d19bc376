import type { ApiResponse } from './call.ts';

/** A cookie of Set-Cookie (RFC 6265); attribute names are in lower case, a flag has the value ''. */
export interface SetCookie {
  value: string;
  attributes: Record<string, string>;
}

/** The cookies that a response sets, by name. */
export function cookiesSet(response: ApiResponse): Record<string, SetCookie> {
  const lines = (response.headers['set-cookie'] ?? '').split('\n').filter(Boolean);
  return Object.fromEntries(lines.map(parse));
}

function parse(line: string): [string, SetCookie] {
  const [pair = '', ...rest] = line.split(';').map((part) => part.trim());
  const attributes = Object.fromEntries(rest.map((part) => [nameOf(part).toLowerCase(), valueAfterName(part)]));
  return [nameOf(pair), { value: valueAfterName(pair).replace(/^"(.*)"$/, '$1'), attributes }];
}

const nameOf = (part: string): string => part.split('=', 1)[0] ?? '';
const valueAfterName = (part: string): string => (part.includes('=') ? part.slice(part.indexOf('=') + 1) : '');
