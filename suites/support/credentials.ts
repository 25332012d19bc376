import type { Operation } from '../../spec/index.ts';
import { registerCleanup } from './cleanup.ts';
import { context, type Person, people } from './run-context.ts';
import { addSecret } from './secrets.ts';
import { Blocked, NotRun } from './verdict.ts';

export type Via = 'bearer' | 'cookie' | 'header' | 'query';

/** A credential as it is sent: also one that no person has, such as a token with a broken signature. */
export interface Presented {
  /** What reports and the matrix call it: `bad bearer`. */
  label: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
}

export type As = 'alice' | 'bob' | 'admin' | Person | Presented | null;

const NONE: Presented = { label: 'none' };

/** Makes a credential by hand: `present('bearer', 'garbage', 'bad bearer')`. */
export function present(via: Via, secret: string, label: string): Presented {
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

/** The person behind a name. @throws Blocked where the run could not make a second user. */
export function person(who: 'alice' | 'bob' | 'admin' | Person): Person {
  if (who === 'alice') return people.alice;
  if (who === 'admin') return context.admin;
  if (who !== 'bob') return who;
  if (people.bob) return people.bob;
  if (context.readOnly) throw new NotRun('--read-only: it needs a second user, and none is made');
  throw new Blocked(`It needs a second user: ${context.noSecondUser ?? 'the run could not make one'}`);
}

/** What goes into the request for `as` and `via`; by default a bearer token, or the API key where the operation takes keys alone. */
export async function credentialFor(operation: Pick<Operation, 'security'> | undefined, as: As | undefined, via: Via | undefined): Promise<Presented> {
  if (as === null || (as === undefined && operation?.security.length === 0)) return NONE;
  if (typeof as === 'object' && !('username' in as)) return as;
  const who = person(as ?? 'alice');
  const way = via ?? defaultWay(operation, who);
  const secret = way === 'header' || way === 'query' ? await apiKeyOf(who) : await tokenOf(who);
  if (!secret) throw new Blocked(`${who.label} has no ${way} credential: the run was given an API key alone`);
  return present(way, secret, `${who.label} (${way === 'header' || way === 'query' ? `key in ${way}` : way})`);
}

function defaultWay(operation: Pick<Operation, 'security'> | undefined, who: Person): Via {
  const schemes = new Set((operation?.security ?? [{ bearer: [] }]).flatMap((alternative) => Object.keys(alternative)));
  const bearer = who.token ?? who.password;
  if (bearer && (schemes.has('bearer') || schemes.size === 0)) return 'bearer';
  if (schemes.has('apiKeyHeader') || !bearer) return 'header';
  return schemes.has('apiKeyQuery') ? 'query' : 'bearer';
}

/** The access token of a person, who logs in when first asked for it; undefined for one who has an API key alone. @throws Blocked where the target refuses */
export async function tokenOf(who: Person): Promise<string | undefined> {
  if (who.password !== undefined) who.token ??= await logIn(who.username, who.password);
  return who.token;
}

/** Logs in and returns the access token. @throws Blocked where the target refuses */
export async function logIn(username: string, password: string): Promise<string> {
  const response = await fetch(`${context.url}/api/v1/login`, {
    method: 'POST',
    body: new URLSearchParams({ username, password }),
    signal: AbortSignal.timeout(context.requestTimeoutMs),
  });
  const { access_token: token } = response.ok ? ((await response.json()) as { access_token?: unknown }) : {};
  if (typeof token !== 'string') throw new Blocked(`It needs to log in as ${username}: POST /api/v1/login answered ${response.status}`);
  return addSecret(token);
}

/** The API key of a person, made when first needed. */
export async function apiKeyOf(who: Person): Promise<string> {
  if (who.apiKey) return who.apiKey;
  if (context.readOnly) throw new NotRun('--read-only: it needs an API key, and none is made');
  const headers = { authorization: `Bearer ${await tokenOf(who)}`, 'content-type': 'application/json' };
  const response = await fetch(`${context.url}/api/v1/api_key/`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: `flowpact ${context.runId}` }),
    signal: AbortSignal.timeout(context.requestTimeoutMs),
  });
  const made = response.ok ? ((await response.json()) as { id?: string; api_key?: string }) : {};
  if (!made.api_key) throw new Blocked(`No API key could be made for ${who.label}: POST /api/v1/api_key/ answered ${response.status}`);
  who.apiKey = addSecret(made.api_key);
  // It lives as long as the run: the worker keeps it for the tests that follow.
  registerCleanup({ what: `API key of ${who.label}`, method: 'DELETE', path: `/api/v1/api_key/${made.id}`, headers }, 'run');
  return who.apiKey;
}
