import { expect } from 'vitest';
import { call, raw } from './call.ts';
import { registerCleanup } from './cleanup.ts';
import { apiKeyOf, type Credential, credentialFor, logIn, makeCredential, person, type Via } from './credentials.ts';
import { context, type Person, people } from './run-context.ts';
import { addSecret } from './secrets.ts';
import { claimsOf, forge } from './tokens.ts';
import { Blocked } from './verdict.ts';

/** Invalid credentials of every kind, and valid ones sent in each way. */

export const badToken = makeCredential('bearer', 'not-a-token', 'bad bearer');
export const badKey = (via: Via): Credential => makeCredential(via, 'sk-not-a-key', `bad key in ${via}`);

/** Alice with her bearer token. @throws Blocked if she has none */
export function alice(): Person & { token: string } {
  const { token } = people.alice;
  if (!token) throw new Blocked('It needs a bearer token: the run has only an API key');
  return { ...people.alice, token };
}

/** A valid credential of a person, sent in one way. */
export async function credentials(who: 'alice' | 'bob' | 'admin', via: Via): Promise<Credential> {
  if (via === 'header' || via === 'query') await apiKeyOf(person(who));
  return credentialFor(undefined, who, via);
}

/** Two credentials in one request. */
export function combine(first: Credential, second: Credential): Credential {
  return {
    label: `${first.label} + ${second.label}`,
    headers: { ...second.headers, ...first.headers },
    query: { ...second.query, ...first.query },
  };
}

const now = (): number => Math.floor(Date.now() / 1000);

export const tokens = {
  signedByAnother: (): Credential =>
    makeCredential(
      'bearer',
      forge({ ...claimsOf(alice().token), exp: now() + 600 }, 'another key'),
      'bearer signed with another key',
    ),
  unsigned: (): Credential =>
    makeCredential('bearer', forge({ ...claimsOf(alice().token), exp: now() + 600 }, undefined), 'unsigned bearer'),
  /** Needs the key that the deployment signs with. */
  expired: (): Credential => {
    const { signingKey } = context;
    if (!signingKey) throw new Blocked('It needs the key that the deployment signs tokens with');
    return makeCredential(
      'bearer',
      forge({ ...claimsOf(alice().token), exp: now() - 60 }, signingKey),
      'expired bearer',
    );
  },
  refreshToken: async (): Promise<Credential> => {
    const { username, password } = people.alice.password ? people.alice : context.admin;
    const response = await call('login', { form: { username, password: password ?? '' } }).expectStatus(200);
    return makeCredential('bearer', addSecret(response.body.refresh_token), 'refresh token as bearer');
  },
};

/** The credentials of a user who was deactivated or deleted. */
interface RevokedUser {
  bearer: Credential;
  key: Credential;
}

/** Creates the value when first needed and keeps it; after a failure the next call tries again. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    made.catch(() => {
      made = undefined;
    });
    return made;
  };
}

/** Sends a request that no test records: these users outlive the test that needs them first. */
async function setUp(
  method: string,
  path: string,
  who: Person,
  body?: object,
): Promise<{ id: string; api_key: string }> {
  const credential = await credentialFor(undefined, who, undefined);
  const response = await fetch(context.url + path, {
    method,
    headers: { ...credential.headers, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Blocked(`It needs a user of its own: ${method} ${path} answered ${response.status}`);
  return (await response.json()) as { id: string; api_key: string };
}

/** Creates a user with a token and an API key; removed at the end of the run. */
async function createUserWithCredentials(what: string): Promise<RevokedUser & { id: string }> {
  const username = `flowpact-${what}-${crypto.randomUUID()}`;
  const password = addSecret(`Pass-${crypto.randomUUID()}`);
  const { id } = await setUp('POST', '/api/v1/users/', context.admin, { username, password });
  const { headers = {} } = await credentialFor(undefined, context.admin, undefined);
  registerCleanup({ what: 'user', method: 'DELETE', path: `/api/v1/users/${id}`, headers }, 'run');
  await setUp('PATCH', `/api/v1/users/${id}`, context.admin, { is_active: true });
  const token = await logIn(username, password);
  const user: Person = { id, label: what, username, password, token, superuser: false, ours: true };
  const { api_key } = await setUp('POST', '/api/v1/api_key/', user, { name: `of a ${what} user` });
  return {
    id,
    bearer: makeCredential('bearer', token, `bearer of a ${what} user`),
    key: makeCredential('header', addSecret(api_key), `key of a ${what} user`),
  };
}

/** A deployment may commit after its response: waits until the credential is refused. */
const untilRefused = async ({ bearer }: RevokedUser): Promise<void> => {
  await expect
    .poll(async () => (await raw('GET', '/api/v1/users/whoami', { as: bearer })).status, { timeout: 5000 })
    .toBeGreaterThanOrEqual(400);
};

/** The credentials of a user who was deactivated. */
export const inactiveUser = once(async (): Promise<RevokedUser> => {
  const user = await createUserWithCredentials('deactivated');
  await setUp('PATCH', `/api/v1/users/${user.id}`, context.admin, { is_active: false });
  await untilRefused(user);
  return user;
});

/** The credentials of a user who was deleted. */
export const deletedUser = once(async (): Promise<RevokedUser> => {
  const user = await createUserWithCredentials('deleted');
  await setUp('DELETE', `/api/v1/users/${user.id}`, context.admin);
  await untilRefused(user);
  return user;
});

const revoked = once(async (): Promise<string> => {
  const { id, api_key } = await setUp('POST', '/api/v1/api_key/', people.alice, {
    name: `flowpact ${context.runId} revoked`,
  });
  await setUp('DELETE', `/api/v1/api_key/${id}`, people.alice);
  const key = makeCredential('header', addSecret(api_key), 'revoked key');
  await expect
    .poll(async () => (await raw('GET', '/api/v1/users/whoami', { as: key })).status, { timeout: 5000 })
    .toBeGreaterThanOrEqual(400);
  return api_key;
});

/** A deleted API key of alice. */
export const revokedKey = async (via: Via): Promise<Credential> =>
  makeCredential(via, await revoked(), `revoked key in ${via}`);
