import { HttpError } from '../errors.ts';
import type { Mock } from '../mock.ts';
import type { UserRow } from '../store/tables.ts';
import { type Credentials, callerOfApiKey, countUse, lastOf, userOfToken } from './authenticate.ts';
import { cookiesOf } from './cookies.ts';

/**
 * The user of a handshake's credential: the token of the cookie or of the query, else an API key of the query or of a
 * header, in this order (VOICE-013 to VOICE-016). The Authorization header is ignored. Undefined without a valid
 * credential.
 */
export async function userOfSocket(mock: Mock, { headers, query }: Credentials): Promise<UserRow | undefined> {
  const token = cookiesOf(headers.cookie)['access_token_lf'] || lastOf(query, 'token');
  if (token) return userOfToken(mock, token).catch(refusedIsNobody);
  const key = lastOf(query, 'x-api-key') || lastOf(query, 'api_key') || headers['x-api-key'] || headers['api_key'];
  if (typeof key === 'string') return userOfKey(mock, key);
  const { settings, store } = mock;
  return settings.autoLogin && settings.skipAuthAutoLogin
    ? store.users.find({ username: settings.username })
    : undefined;
}

function userOfKey(mock: Mock, key: string): UserRow | undefined {
  const caller = callerOfApiKey(mock, key);
  if (caller) countUse(mock, caller.apiKey);
  return caller?.user;
}

function refusedIsNobody(error: unknown): undefined {
  if (!(error instanceof HttpError)) throw error;
}
