import { expect } from 'vitest';
import { call, raw } from './call.ts';
import { registerCleanup } from './cleanup.ts';
import { apiKeyOf, credentialFor, logIn, type Presented, person, present, type Via } from './credentials.ts';
import { context, type Person, people } from './run-context.ts';
import { addSecret } from './secrets.ts';
import { claimsOf, forge } from './tokens.ts';
import { Blocked } from './verdict.ts';

/** Credentials in every state of disrepair, and right ones sent each way. */

export const badToken = present('bearer', 'not-a-token', 'bad bearer');
export const badKey = (via: Via): Presented => present(via, 'sk-not-a-key', `bad key in ${via}`);

/** Alice with a token of her own. */
export function alice(): Person & { token: string } {
  const { token } = people.alice;
  if (!token) throw new Blocked('It needs a bearer token: the run was given an API key alone');
  return { ...people.alice, token };
}

/** The right credential of a person, sent one way. */
export async function credentials(who: 'alice' | 'bob' | 'admin', via: Via): Promise<Presented> {
  if (via === 'header' || via === 'query') await apiKeyOf(person(who));
  return credentialFor(undefined, who, via);
}

/** Two credentials in one request. */
export function both(first: Presented, second: Presented): Presented {
  return { label: `${first.label} + ${second.label}`, headers: { ...second.headers, ...first.headers }, query: { ...second.query, ...first.query } };
}

const now = (): number => Math.floor(Date.now() / 1000);

export const tokens = {
  signedByAnother: (): Presented => present('bearer', forge({ ...claimsOf(alice().token), exp: now() + 600 }, 'another key'), 'bearer signed with another key'),
  unsigned: (): Presented => present('bearer', forge({ ...claimsOf(alice().token), exp: now() + 600 }, undefined), 'unsigned bearer'),
  /** Needs the key that the target signs with. */
  expired: (): Presented => {
    const { signingKey } = context;
    if (!signingKey) throw new Blocked('It needs the key that the target signs with');
    return present('bearer', forge({ ...claimsOf(alice().token), exp: now() - 60 }, signingKey), 'expired bearer');
  },
  refreshing: async (): Promise<Presented> => {
    const { username, password } = people.alice.password ? people.alice : context.admin;
    const answer = await call('login', { form: { username, password: password ?? '' } }).expectStatus(200);
    return present('bearer', addSecret(answer.body.refresh_token), 'refresh token as bearer');
  },
};

/** The credentials of a user of whom something is no more. */
interface Former {
  bearer: Presented;
  key: Presented;
}

/** Made when first needed, and kept for the tests that follow. */
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

/** Asks apart from the tests: these users outlive the one that needs them first. */
async function ask(method: string, path: string, who: Person, body?: object): Promise<{ id: string; api_key: string }> {
  const credential = await credentialFor(undefined, who, undefined);
  const response = await fetch(context.url + path, {
    method,
    headers: { ...credential.headers, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Blocked(`It needs a user of its own: ${method} ${path} answered ${response.status}`);
  return (await response.json()) as { id: string; api_key: string };
}

/** A user who has logged in and has an API key, until the run ends. */
async function someone(what: string): Promise<Former & { id: string }> {
  const username = `flowpact-${what}-${crypto.randomUUID()}`;
  const password = addSecret(`Pass-${crypto.randomUUID()}`);
  const { id } = await ask('POST', '/api/v1/users/', context.admin, { username, password });
  const { headers = {} } = await credentialFor(undefined, context.admin, undefined);
  registerCleanup({ what: 'user', method: 'DELETE', path: `/api/v1/users/${id}`, headers }, 'run');
  await ask('PATCH', `/api/v1/users/${id}`, context.admin, { is_active: true });
  const token = await logIn(username, password);
  const user: Person = { id, label: what, username, password, token, superuser: false, ours: true };
  const { api_key } = await ask('POST', '/api/v1/api_key/', user, { name: `of a ${what} user` });
  return { id, bearer: present('bearer', token, `bearer of a ${what} user`), key: present('header', addSecret(api_key), `key of a ${what} user`) };
}

/** Writes are kept after they are answered: waits until the credential is refused. */
const untilRefused = async ({ bearer }: Former): Promise<void> => {
  await expect.poll(async () => (await raw('GET', '/api/v1/users/whoami', { as: bearer })).status, { timeout: 5000 }).toBeGreaterThanOrEqual(400);
};

/** The credentials of a user who was deactivated. */
export const inactive = once(async (): Promise<Former> => {
  const user = await someone('deactivated');
  await ask('PATCH', `/api/v1/users/${user.id}`, context.admin, { is_active: false });
  await untilRefused(user);
  return user;
});

/** The credentials of a user who was deleted. */
export const gone = once(async (): Promise<Former> => {
  const user = await someone('deleted');
  await ask('DELETE', `/api/v1/users/${user.id}`, context.admin);
  await untilRefused(user);
  return user;
});

const revoked = once(async (): Promise<string> => {
  const { id, api_key } = await ask('POST', '/api/v1/api_key/', people.alice, { name: `flowpact ${context.runId} revoked` });
  await ask('DELETE', `/api/v1/api_key/${id}`, people.alice);
  const key = present('header', addSecret(api_key), 'revoked key');
  await expect.poll(async () => (await raw('GET', '/api/v1/users/whoami', { as: key })).status, { timeout: 5000 }).toBeGreaterThanOrEqual(400);
  return api_key;
});

/** An API key of alice's that was deleted. */
export const revokedKey = async (via: Via): Promise<Presented> => present(via, await revoked(), `revoked key in ${via}`);
