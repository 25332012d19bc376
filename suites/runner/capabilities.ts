import { forge } from '../support/tokens.ts';
import { send } from './http.ts';
import { credentialOf, type People } from './people.ts';
import type { TargetInfo } from './preflight.ts';

const ORIGIN = 'http://flowpact.example';

type Capabilities = Record<string, true | string>;

/** Optional capabilities of a deployment, by the names that requirements use: true, or why it lacks it. */
export async function probeCapabilities(
  url: string,
  checked: TargetInfo,
  people: People,
  signingKey?: string,
): Promise<Capabilities> {
  const [login, version] = await Promise.all([
    send(`${url}/api/v1/auto_login`),
    send(`${url}/api/v1/version`, { headers: { origin: ORIGIN } }),
  ]);
  const headers = credentialOf(checked.admin);
  const read = (path: string) => send(url + path, { headers });
  const [logs, starters, config] = await Promise.all([
    read('/logs'),
    read('/api/v1/starter-projects/'),
    read('/api/v1/config'),
  ]);
  const autoLogin = login.status === 200 && typeof login.members['access_token'] === 'string';
  return {
    'auto-login': autoLogin || 'the deployment has automatic login off (LANGFLOW_AUTO_LOGIN)',
    'no-auto-login': !autoLogin || 'the deployment has automatic login on (LANGFLOW_AUTO_LOGIN)',
    corsOpen:
      ['*', ORIGIN].includes(version.headers.get('access-control-allow-origin') ?? '') ||
      'the deployment allows only configured origins (LANGFLOW_CORS_ORIGINS)',
    'log-retrieval': logs.status !== 501 || 'log retrieval is off (LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE)',
    'no-log-retrieval': logs.status === 501 || 'log retrieval is on (LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE)',
    'signing-key': await knowsKey(url, checked, signingKey),
    'starter-projects':
      starters.status === 200 ||
      `the deployment lacks packages that its starter projects need: ${starters.members['message'] ?? starters.status}`,
    'no-starter-projects': starters.status === 500 || 'the deployment has all packages that its starter projects need',
    'webhook-auth':
      config.members['webhook_auth_enable'] === true || 'webhooks need no API key (LANGFLOW_WEBHOOK_AUTH_ENABLE)',
    superuser: checked.admin.superuser || `${checked.admin.username} is no superuser`,
    'second-user': people.noSecondUser === undefined || people.noSecondUser,
  };
}

/** The web UI's page, if the deployment returns it for unknown paths. */
export async function probeUiPage(url: string): Promise<string | undefined> {
  const [one, other] = await Promise.all(['/no-such-page', '/api/v1/no-such-thing'].map((path) => send(url + path)));
  const page = one?.body;
  return one?.status === 200 && typeof page === 'string' && page === other?.body && /^\s*<!doctype html/i.test(page)
    ? page
    : undefined;
}

/**
 * Checks that a token signed with the key is accepted: with a wrong key every token is refused, which proves nothing.
 */
async function knowsKey(url: string, { admin }: TargetInfo, key: string | undefined): Promise<true | string> {
  if (key === undefined)
    return "the run does not know the deployment's secret key (FLOWPACT_SIGNING_KEY), so it can't sign expired tokens";
  const token = forge({ sub: admin.id, type: 'access', exp: Math.floor(Date.now() / 1000) + 60 }, key);
  const { status } = await send(`${url}/api/v1/users/whoami`, { headers: { authorization: `Bearer ${token}` } });
  return status === 200 || 'the deployment signs its tokens with another key than FLOWPACT_SIGNING_KEY';
}
