import type { IncomingHttpHeaders } from 'node:http';
import type { Operation } from '../../spec/index.ts';
import { HttpError } from '../http/errors.ts';
import type { Mock } from '../mock.ts';
import type { UserRow } from '../store/tables.ts';
import { verifyToken } from './tokens.ts';

const challenge = { 'WWW-Authenticate': 'Bearer' };

/** What of a request can hold a credential. */
export interface Credentials {
  headers: IncomingHttpHeaders;
  query: URLSearchParams;
}

/**
 * The user whom the credential of a request stands for; undefined on an operation that is open to all.
 * A bearer token wins over API keys; of these the query parameter wins over the header (AUTH requirements).
 *
 * @throws HttpError 401 for a bearer token that is not valid, 403 without a credential or with a wrong API key
 */
export async function authenticate(mock: Mock, operation: Operation, credentials: Credentials): Promise<UserRow | undefined> {
  if (operation.security.length === 0) return undefined;
  const accepts = (scheme: string) => operation.security.some((alternative) => scheme in alternative);
  const token = accepts('bearer') ? bearerToken(credentials.headers.authorization) : undefined;
  if (token) return userOfToken(mock, token);
  const key = credentials.query.get('x-api-key') || (credentials.headers['x-api-key'] as string | undefined);
  if (key) return userOfKey(mock, key);
  return userWithoutCredential(mock);
}

function bearerToken(authorization: string | undefined): string | undefined {
  const [scheme, ...rest] = (authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' ? rest.join(' ') : undefined;
}

async function userOfToken(mock: Mock, token: string): Promise<UserRow> {
  const claims = await verifyToken(mock, token);
  if (!claims) throw new HttpError(401, 'Could not validate credentials', challenge);
  if (claims.type !== 'access') throw new HttpError(401, 'Token is invalid.', challenge);
  const user = mock.store.users.get(claims.sub);
  if (!user?.is_active) throw new HttpError(401, 'User not found or is inactive.', challenge);
  return user;
}

function userOfKey(mock: Mock, key: string): UserRow {
  const row = mock.store.apiKeys.find({ api_key: key });
  const user = row && mock.store.users.get(row.user_id);
  if (!row || !user) throw new HttpError(403, 'Invalid or missing API key');
  mock.store.apiKeys.update(row.id, { total_uses: row.total_uses + 1 });
  if (!user.is_active) throw new HttpError(401, 'Inactive user');
  return user;
}

function userWithoutCredential(mock: Mock): UserRow {
  const { settings, store, spec } = mock;
  if (!settings.autoLogin) throw new HttpError(403, spec.facts['missingCredentialDetail']);
  if (!settings.skipAuthAutoLogin) {
    throw new HttpError(
      403,
      'Since v1.5, LANGFLOW_AUTO_LOGIN requires a valid API key. Set LANGFLOW_SKIP_AUTH_AUTO_LOGIN=true to skip this check. Please update your authentication method.',
    );
  }
  const superuser = store.users.find({ username: settings.username });
  if (!superuser) throw new HttpError(400, 'Missing first superuser credentials');
  return superuser;
}
