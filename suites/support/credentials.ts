import type { Operation } from '../../spec/index.ts';
import { registerCleanup } from './cleanup.ts';
import { context, type Person, people } from './run-context.ts';
import { addSecret } from './secrets.ts';
import { Blocked, NotRun } from './verdict.ts';

export type Via = 'bearer' | 'cookie' | 'header' | 'query';

/** A credential to send, valid or not, such as a token with a broken signature. */
export interface Credential {
  /** Its name in reports and in the matrix: `bad bearer`. */
  label: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
}

export type As = 'alice' | 'bob' | 'admin' | Person | Credential | null;

const NONE: Credential = { label: 'none' };

/** Makes a credential from its text: `present('bearer', 'garbage', 'bad bearer')`. */
export function makeCredential(via: Via, secret: string, label: string): Credential {
  switch (via) {
    case 'bearer':
      return { label, headers: { authorization: `Bearer ${secret}` } };
    case 'cookie':
      return { label, headers: { cookie: `access_token_lf=${secret}` } };
    case 'header':
      return { label, headers: { 'x-api-key': secret } };
    case 'query':
      return { label, query: { 'x-api-key': secret } };
  }
}

/** The person with this name. @throws Blocked if the run has no second user */
export function person(who: 'alice' | 'bob' | 'admin' | Person): Person {
  if (who === 'alice') return people.alice;
  if (who === 'admin') return context.admin;
  if (who !== 'bob') return who;
  if (people.bob) return people.bob;
  if (context.readOnly) throw new NotRun('--read-only: it needs a second user, which is not created');
  throw new Blocked(`It needs a second user: ${context.noSecondUser ?? 'the run could not create one'}`);
}

/** The credential for `as` and `via`: by default a bearer token, or the API key if the operation accepts only that. */
export async function credentialFor(
  operation: Pick<Operation, 'security'> | undefined,
  as: As | undefined,
  via: Via | undefined,
): Promise<Credential> {
  if (as === null || (as === undefined && operation?.security.length === 0)) return NONE;
  if (typeof as === 'object' && !('username' in as)) return as;
  const who = person(as ?? 'alice');
  const way = via ?? defaultWay(operation, who);
  const secret = way === 'header' || way === 'query' ? await apiKeyOf(who) : await tokenOf(who);
  if (!secret) throw new Blocked(`${who.label} has no ${way} credential: the run has only an API key`);
  return makeCredential(way, secret, `${who.label} (${way === 'header' || way === 'query' ? `key in ${way}` : way})`);
}

function defaultWay(operation: Pick<Operation, 'security'> | undefined, who: Person): Via {
  const schemes = new Set((operation?.security ?? [{ bearer: [] }]).flatMap((alternative) => Object.keys(alternative)));
  const bearer = who.token ?? who.password;
  if (bearer && (schemes.has('bearer') || schemes.size === 0)) return 'bearer';
  if (schemes.has('apiKeyHeader') || !bearer) return 'header';
  return schemes.has('apiKeyQuery') ? 'query' : 'bearer';
}

/**
 * The access token of a person, by login if needed; undefined if they have only an API key.
 *
 * @throws Blocked if the login fails
 */
export async function tokenOf(who: Person): Promise<string | undefined> {
  if (who.password !== undefined) who.token ??= await logIn(who.username, who.password);
  return who.token;
}

/** Logs in and returns the access token. @throws Blocked if the login fails */
export async function logIn(username: string, password: string): Promise<string> {
  const response = await fetch(`${context.url}/api/v1/login`, {
    method: 'POST',
    body: new URLSearchParams({ username, password }),
    signal: AbortSignal.timeout(context.requestTimeoutMs),
  });
  const { access_token: token } = response.ok ? ((await response.json()) as { access_token?: unknown }) : {};
  if (typeof token !== 'string')
    throw new Blocked(`It needs to log in as ${username}: POST /api/v1/login answered ${response.status}`);
  return addSecret(token);
}

/** The API key of a person, created when first needed. */
export async function apiKeyOf(who: Person): Promise<string> {
  if (who.apiKey) return who.apiKey;
  if (context.readOnly) throw new NotRun('--read-only: it needs an API key, which is not created');
  const headers = { authorization: `Bearer ${await tokenOf(who)}`, 'content-type': 'application/json' };
  const response = await fetch(`${context.url}/api/v1/api_key/`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: `flowpact ${context.runId}` }),
    signal: AbortSignal.timeout(context.requestTimeoutMs),
  });
  const made = response.ok ? ((await response.json()) as { id?: string; api_key?: string }) : {};
  if (!made.api_key)
    throw new Blocked(
      `No API key could be created for ${who.label}: POST /api/v1/api_key/ answered ${response.status}`,
    );
  who.apiKey = addSecret(made.api_key);
  // Kept for the following tests, until the end of the run.
  registerCleanup(
    { what: `API key of ${who.label}`, method: 'DELETE', path: `/api/v1/api_key/${made.id}`, headers },
    'run',
  );
  return who.apiKey;
}
