import type { Removal } from '../support/removal.ts';
import type { Person } from '../support/run-context.ts';
import { send } from './http.ts';
import { logIn } from './preflight.ts';

/** The users that the tests run as. */
export interface People {
  pairs: { alice: Person; bob: Person | null }[];
  noSecondUser?: string;
  /** Requests that remove them; written to the journal first. */
  removals: Removal[];
}

/** Creates two users for each worker; if the credential may not create users, the tests run as its own user. */
export async function makePeople(url: string, admin: Person, runId: string, workers: number): Promise<People> {
  const removals: Removal[] = [];
  try {
    const make = (name: string, worker: number) => makeUser(url, admin, name, `${runId}-${worker}`, removals);
    const pairs = Array.from({ length: workers }, async (_, index) => ({
      alice: await make('alice', index + 1),
      bob: await make('bob', index + 1),
    }));
    const settled = await Promise.allSettled(pairs);
    const failed = settled.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return { pairs: await Promise.all(pairs), removals };
  } catch (error) {
    return { pairs: [{ alice: admin, bob: null }], noSecondUser: (error as Error).message, removals };
  }
}

export const credentialOf = (who: Person): Record<string, string> =>
  who.token ? { authorization: `Bearer ${who.token}` } : { 'x-api-key': who.apiKey ?? '' };

async function makeUser(url: string, admin: Person, label: string, tag: string, removals: Removal[]): Promise<Person> {
  const headers = credentialOf(admin);
  const username = `flowpact-${label}-${tag}`;
  const password = `Pass-${crypto.randomUUID()}`;
  const made = await send(`${url}/api/v1/users/`, { method: 'POST', headers, json: { username, password } });
  if (made.status !== 201 && made.status !== 200)
    throw new Error(`${admin.username} may not create users (POST /api/v1/users/ answered ${made.status})`);
  const path = `/api/v1/users/${made.members['id']}`;
  removals.push({ what: `user ${username}`, method: 'DELETE', path, headers });
  const active = await retryServerErrors(() =>
    send(url + path, { method: 'PATCH', headers, json: { is_active: true } }),
  );
  if (active.status !== 200)
    throw new Error(`${admin.username} may not activate users (PATCH ${path} answered ${active.status})`);
  const { status, members } = await retryServerErrors(() => logIn(url, username, password));
  const { access_token: token } = members;
  if (status !== 200 || typeof token !== 'string')
    throw new Error(`a user that the run created can't log in (POST /api/v1/login answered ${status})`);
  return { id: String(made.members['id']), label, username, password, token, superuser: false, ours: true };
}

/** Retries errors: a busy deployment may respond before a new user, or its activation, is committed. */
async function retryServerErrors<Result extends { status: number }>(send: () => Promise<Result>): Promise<Result> {
  for (const pauseMs of [50, 200, 800]) {
    const response = await send();
    if (response.status < 400 || response.status >= 500) return response;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return send();
}
