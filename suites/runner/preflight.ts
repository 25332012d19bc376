import type { Person } from '../support/run-context.ts';
import { type RunnerResponse, reasonOf, send } from './http.ts';
import { NotMeasured } from './not-measured.ts';

export type Credentials = { username: string; password: string } | { apiKey: string } | { token: string };

/** What the pre-flight found out about the deployment. */
export interface TargetInfo {
  /** `1.7.3` */
  release: string;
  /** `Langflow`, `Langflow Base` … */
  package: string;
  admin: Person;
}

/**
 * Checks that there is a Langflow that can be judged: it is reachable, returns its version, accepts the given
 * credential
 * and refuses wrong ones. A server that accepts or refuses everything fails here.
 *
 * @throws NotMeasured with the request, the response, and what to do
 */
export async function preflight(url: string, credentials: Credentials): Promise<TargetInfo> {
  const { version, package: name } = await readVersion(url);
  await refuseUnknownCredentials(url);
  return { release: version, package: name, admin: await adminOf(url, credentials) };
}

function adminOf(url: string, credentials: Credentials): Promise<Person> {
  if ('apiKey' in credentials) return withKey(url, credentials.apiKey);
  return 'token' in credentials ? withToken(url, credentials.token) : withPassword(url, credentials);
}

async function get(url: string, path: string, headers: Record<string, string> = {}): Promise<RunnerResponse> {
  try {
    return await send(url + path, { headers });
  } catch (error) {
    throw new NotMeasured(
      `${url} does not answer GET ${path}: ${reasonOf(error)}. Is it running, and is the address right?`,
    );
  }
}

async function readVersion(url: string): Promise<{ version: string; package: string }> {
  const reply = await get(url, '/api/v1/version');
  const { version, main_version: main, package: name } = reply.members;
  const fits =
    reply.status === 200 &&
    /^\d+\.\d+\.\d+/.test(String(version)) &&
    typeof main === 'string' &&
    /langflow/i.test(String(name));
  if (!fits)
    throw new NotMeasured(
      `${url} is not a Langflow: GET /api/v1/version answered ${describe(reply)}, not 200 with version, main_version and package`,
    );
  return { version: String(version), package: String(name) };
}

/** Credentials that do not exist must be refused. */
async function refuseUnknownCredentials(url: string): Promise<void> {
  const wrong = await get(url, '/api/v1/users/whoami', { authorization: 'Bearer not-a-token' });
  if (![401, 403].includes(wrong.status))
    throw new NotMeasured(
      `${url} does not check credentials: GET /api/v1/users/whoami with an invalid token answered ${describe(wrong)}, not 401 or 403`,
    );
  const wrongKey = await get(url, '/api/v1/users/whoami', { 'x-api-key': 'sk-not-a-key' });
  if (![401, 403].includes(wrongKey.status))
    throw new NotMeasured(
      `${url} does not check credentials: GET /api/v1/users/whoami with an unknown API key answered ${describe(wrongKey)}, not 401 or 403`,
    );
}

async function withPassword(
  url: string,
  { username, password }: { username: string; password: string },
): Promise<Person> {
  const wrong = await logIn(url, username, `${password}-wrong`);
  if (wrong.status < 400 || wrong.status > 499)
    throw new NotMeasured(`${url} does not check passwords: a login with a wrong password answered ${describe(wrong)}`);
  const login = await logIn(url, username, password);
  const token = login.members['access_token'];
  if (login.status !== 200 || typeof token !== 'string')
    throw new NotMeasured(
      `The login of ${username} is refused: POST /api/v1/login answered ${describe(login)}. Give --username and --password (or --api-key) of a user of ${url}`,
    );
  const me = await whoAmI(url, { authorization: `Bearer ${token}` });
  if (me.username !== username)
    throw new NotMeasured(`${url} mixes up users: after the login of ${username}, whoami returns ${me.username}`);
  return { id: me.id, label: 'admin', username, password, token, superuser: me.is_superuser === true, ours: false };
}

async function withKey(url: string, apiKey: string): Promise<Person> {
  const me = await whoAmI(url, { 'x-api-key': apiKey });
  return { id: me.id, label: 'admin', username: me.username, apiKey, superuser: me.is_superuser === true, ours: false };
}

async function withToken(url: string, token: string): Promise<Person> {
  const me = await whoAmI(url, { authorization: `Bearer ${token}` });
  return { id: me.id, label: 'admin', username: me.username, token, superuser: me.is_superuser === true, ours: false };
}

export const logIn = (url: string, username: string, password: string): Promise<RunnerResponse> =>
  send(`${url}/api/v1/login`, { method: 'POST', form: { username, password } }).catch((error: unknown) => {
    throw new NotMeasured(`${url} does not answer POST /api/v1/login: ${reasonOf(error)}`);
  });

async function whoAmI(
  url: string,
  headers: Record<string, string>,
): Promise<{ id: string; username: string; is_superuser: boolean }> {
  const reply = await get(url, '/api/v1/users/whoami', headers);
  const { id, username: name, is_superuser } = reply.members;
  if (reply.status !== 200 || typeof id !== 'string' || typeof name !== 'string')
    throw new NotMeasured(
      `The credential is refused: GET /api/v1/users/whoami answered ${describe(reply)}. Give --username and --password, or --api-key, of a user of ${url}`,
    );
  return { id, username: name, is_superuser: is_superuser === true };
}

function describe({ status, type, body }: RunnerResponse): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return `${status} ${type.split(';')[0]} ${text.slice(0, 100)}`.trim();
}
