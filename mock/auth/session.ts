import type { Mock } from '../mock.ts';
import { signToken } from './tokens.ts';

/** The tokens of a user, which a browser gets as cookies. */

export interface TokenPair {
  access_token: string;
  refresh_token: string;
  token_type: 'bearer';
}

export async function issueTokens(mock: Mock, userId: string): Promise<TokenPair> {
  const { accessTokenSeconds, refreshTokenSeconds } = mock.settings;
  return {
    access_token: await signToken(mock, userId, 'access', accessTokenSeconds),
    refresh_token: await signToken(mock, userId, 'refresh', refreshTokenSeconds),
    token_type: 'bearer',
  };
}

/** The cookies of a login with their attributes, in the order in which Python writes them. */
const COOKIES = {
  refresh_token_lf: { httpOnly: true, sameSite: 'none', secure: true },
  access_token_lf: { httpOnly: false, sameSite: 'lax', secure: false },
  apikey_tkn_lflw: { httpOnly: false, sameSite: 'lax', secure: false },
};
type CookieName = keyof typeof COOKIES;

function cookie(
  name: CookieName,
  value: string,
  { expires, maxAge }: { expires?: Date; maxAge?: number } = {},
): string {
  const { httpOnly, sameSite, secure } = COOKIES[name];
  const parts = [
    `${name}=${quoteValue(value)}`,
    expires && `expires=${expires.toUTCString()}`,
    httpOnly && 'HttpOnly',
    maxAge !== undefined && `Max-Age=${maxAge}`,
    'Path=/',
    `SameSite=${sameSite}`,
    secure && 'Secure',
  ];
  return parts.filter(Boolean).join('; ');
}

/** Quotes a value that is empty or has an equals sign, as Python's http.cookies does. */
const quoteValue = (value: string): string => (/^[\w!#$%&'*+.^`|~:-]+$/.test(value) ? value : `"${value}"`);

const timeAfter = (mock: Mock, seconds: number): Date => new Date(mock.clock.now().getTime() + seconds * 1000);

export const tokenCookies = (mock: Mock, { access_token, refresh_token }: TokenPair): string[] => [
  cookie('refresh_token_lf', refresh_token, { expires: timeAfter(mock, mock.settings.refreshTokenSeconds) }),
  cookie('access_token_lf', access_token, { expires: timeAfter(mock, mock.settings.accessTokenSeconds) }),
];

export const accessCookie = (token: string): string => cookie('access_token_lf', token);

/** Without a store key the value is `None`: Python's `str(None)`. */
export const storeKeyCookie = (key: string | null): string => cookie('apikey_tkn_lflw', key ?? 'None');

export const expiredCookies = (now: Date): string[] =>
  (Object.keys(COOKIES) as CookieName[]).map((name) => cookie(name, '', { expires: now, maxAge: 0 }));
