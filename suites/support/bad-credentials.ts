import { call } from './call.ts';
import { registerCleanup } from './cleanup.ts';
import { type As, apiKeyOf, credentialFor, type Presented, person, present, type Via } from './credentials.ts';
import { given } from './given.ts';
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
    const key = process.env['FLOWPACT_SIGNING_KEY'] ?? '';
    return present('bearer', forge({ ...claimsOf(alice().token), exp: now() - 60 }, key), 'expired bearer');
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

async function userWithKey(what: string): Promise<Former & { id: string }> {
  const user = await newcomer(what);
  const key = await call('createApiKey', { body: { name: what }, as: user }).expectStatus(200);
  const secret = addSecret(key.body.api_key as string);
  return { id: user.id, bearer: present('bearer', user.token ?? '', `bearer of a ${what} user`), key: present('header', secret, `key of a ${what} user`) };
}

/** A user who lives as long as the run. */
async function newcomer(what: string): Promise<Person> {
  const user = await given.user({ username: `flowpact-${what}-${crypto.randomUUID()}` });
  return user;
}

const change = (id: string, body: object) => call('updateUser', { path: { user_id: id }, body, as: 'admin' }).expectStatus(200);
