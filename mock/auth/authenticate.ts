import type { IncomingHttpHeaders } from 'node:http';
import type { Operation } from '../../spec/index.ts';
import { isoNaive } from '../clock.ts';
import { HttpError } from '../errors.ts';
import type { Mock } from '../mock.ts';
import type { ApiKeyRow, UserRow } from '../store/tables.ts';
import { cookiesOf } from './cookies.ts';
import { authFacts } from './facts.ts';
import { type Claims, rememberedClaims, verifyToken } from './tokens.ts';

/** The parts of a request that can hold a credential. */
export interface Credentials {
  headers: IncomingHttpHeaders;
  query: URLSearchParams;
}

/** The user who sends a request, and the API key if one was used. */
export interface Caller {
  user: UserRow;
  apiKey?: ApiKeyRow;
}

/** What an operation's `security` requires. */
interface SecurityNeeds {
  open: boolean;
  /** Without a valid credential the request goes on without a user. */
  optional: boolean;
  bearer: boolean;
  cookie: boolean;
  superuser: boolean;
  /** With AUTO_LOGIN, a request without a credential is the superuser's, whatever SKIP_AUTH_AUTO_LOGIN says. */
  automatic: boolean;
}

/**
 * The user of a request's credential; undefined on an operation that is open to all. Does not count the use of an API
 * key yet. A bearer token precedes the cookie, which precedes API keys; the query parameter precedes the header
 * (AUTH-040 to AUTH-047). API keys are tried even where the contract has only bearer tokens: the operation itself fails
 * then.
 *
 * @throws HttpError 401 for an invalid token; 403 without a credential, for a wrong API key, or where a superuser is
 * required
 */
export function authenticate(
  mock: Mock,
  operation: Operation,
  credentials: Credentials,
): Caller | undefined | Promise<Caller | undefined> {
  const demand = securityNeeds(operation);
  if (demand.open) return undefined;
  const token = tokenOf(demand, credentials.headers);
  // Awaits only what is not known yet.
  const claims = token ? rememberedClaims(mock, token) : undefined;
  if (!demand.optional && (claims || !token))
    return requirePermission(
      demand,
      claims ? { user: userOfClaims(mock, claims) } : callerWithoutToken(mock, demand, credentials),
    );
  const found = callerOf(mock, demand, token, credentials);
  return demand.optional ? found.catch(refusedIsNobody) : found;
}

/** Whether `authenticate` may find a user: false if the request has no credential and needs one. Looks nothing up. */
export function hasCredential({ settings }: Mock, operation: Operation, { headers, query }: Credentials): boolean {
  const { open, optional, automatic } = securityNeeds(operation);
  if (open || optional || automatic || settings.autoLogin) return true;
  return Boolean(headers.authorization || headers.cookie || headers['x-api-key'] || query.get('x-api-key'));
}

function refusedIsNobody(error: unknown): undefined {
  if (!(error instanceof HttpError)) throw error;
}

async function callerOf(
  mock: Mock,
  demand: SecurityNeeds,
  token: string | undefined,
  credentials: Credentials,
): Promise<Caller> {
  return requirePermission(
    demand,
    token ? { user: await userOfToken(mock, token) } : callerWithoutToken(mock, demand, credentials),
  );
}

function requirePermission({ superuser }: SecurityNeeds, caller: Caller): Caller {
  if (superuser && !caller.user.is_superuser) throw new HttpError(403, "The user doesn't have enough privileges");
  return caller;
}

/**
 * Whether a use of an API key counts only if the request succeeds: true where MCP has its own credential (KEYS-005).
 */
export const countsWithSuccess = (operation: Operation): boolean => securityNeeds(operation).automatic;

/** The API key of a request, valid or not: the last query parameter, else the header. */
export function apiKeyOf(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  return lastOf(query, 'x-api-key') || (headers['x-api-key'] as string | undefined) || undefined;
}

/** The last of several query parameters of a name, as in Starlette. */
export const lastOf = (query: URLSearchParams, name: string): string | undefined => query.getAll(name).at(-1);

/** The access token that authenticates a request, valid or not. */
export function requestToken(mock: Mock, operationId: string, headers: IncomingHttpHeaders): string | undefined {
  return tokenOf(securityNeeds(mock.spec.operation(operationId)), headers);
}

const demands = new WeakMap<Operation, SecurityNeeds>();

function securityNeeds(operation: Operation): SecurityNeeds {
  let demand = demands.get(operation);
  if (!demand) {
    const accepts = (scheme: string) => operation.security.some((alternative) => scheme in alternative);
    const optional = operation.security.some((alternative) => Object.keys(alternative).length === 0);
    const superuser = operation.security.some((alternative) =>
      Object.values(alternative).some((roles) => roles.includes('superuser')),
    );
    demand = {
      open: operation.security.length === 0,
      optional,
      bearer: accepts('bearer'),
      cookie: accepts('cookie'),
      superuser,
      automatic: operation.automaticUser,
    };
    demands.set(operation, demand);
  }
  return demand;
}

function tokenOf({ bearer, cookie }: SecurityNeeds, headers: IncomingHttpHeaders): string | undefined {
  return (
    (bearer ? bearerToken(headers.authorization) : undefined) ||
    (cookie ? cookiesOf(headers.cookie)['access_token_lf'] : undefined) ||
    undefined
  );
}

/** The text after the scheme and one space, as FastAPI splits the header. */
function bearerToken(authorization: string | undefined): string | undefined {
  if (!authorization) return undefined;
  const at = authorization.indexOf(' ');
  return at > 0 && authorization.slice(0, at).toLowerCase() === 'bearer' ? authorization.slice(at + 1) : undefined;
}

export async function userOfToken(mock: Mock, token: string): Promise<UserRow> {
  return userOfClaims(mock, await verifyToken(mock, token));
}

function userOfClaims(mock: Mock, claims: Claims | undefined): UserRow {
  const { authDetails, bearerChallenge } = authFacts(mock);
  const refuse = (detail: string) =>
    new HttpError(401, detail, bearerChallenge ? { 'WWW-Authenticate': 'Bearer' } : {});
  if (!claims) throw refuse(authDetails.badToken);
  if (claims.type !== 'access') throw refuse(authDetails.tokenType);
  if (!claims.sub) throw refuse(authDetails.tokenWithoutSubject);
  const user = mock.store.users.get(claims.sub);
  if (!user) throw refuse(authDetails.userGone);
  if (!user.is_active) throw refuse(authDetails.userInactive);
  return user;
}

function callerWithoutToken(mock: Mock, demand: SecurityNeeds, { headers, query }: Credentials): Caller {
  const key = apiKeyOf(headers, query);
  return key ? callerOfKey(mock, demand, key) : { user: userWithoutCredential(mock, demand) };
}

function callerOfKey(mock: Mock, { bearer }: SecurityNeeds, key: string): Caller {
  const { authDetails, keyUserInactiveStatus } = authFacts(mock);
  const caller = callerOfApiKey(mock, key);
  if (!caller) throw new HttpError(403, bearer ? authDetails.badKey : authDetails.keyOnlyBad);
  // Where only API keys are accepted, a real server also serves an inactive user (AUTH-022).
  if (bearer && !caller.user.is_active) throw new HttpError(keyUserInactiveStatus, authDetails.keyUserInactive);
  return caller;
}

/** The owner of an API key; undefined for an unknown key. */
export function callerOfApiKey({ store }: Mock, key: string): Required<Caller> | undefined {
  const apiKey = store.apiKeys.find({ api_key: key });
  const user = apiKey && store.users.get(apiKey.user_id);
  return user && { user, apiKey };
}

/** Counts a use of an API key in its own unit of work, so it stays counted if the request fails. */
export function countUse({ store, clock }: Mock, { id }: ApiKeyRow): void {
  store.unitOfWork(() => {
    const key = store.apiKeys.get(id);
    if (key) store.apiKeys.update(id, { total_uses: key.total_uses + 1, last_used_at: isoNaive(clock.now()) });
  });
}

function userWithoutCredential(mock: Mock, { bearer, automatic }: SecurityNeeds): UserRow {
  const { settings, store } = mock;
  const { authDetails } = authFacts(mock);
  if (!settings.autoLogin) throw new HttpError(403, bearer ? authDetails.missing : authDetails.keyOnlyMissing);
  if (!settings.skipAuthAutoLogin && !automatic)
    throw new HttpError(403, bearer ? authDetails.missingWithAutoLogin : authDetails.keyOnlyMissingWithAutoLogin);
  const superuser = store.users.find({ username: settings.username });
  if (!superuser) throw new HttpError(400, 'Missing first superuser credentials');
  return superuser;
}
