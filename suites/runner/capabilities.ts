import { forge } from '../support/tokens.ts';
import { ask } from './http.ts';
import { credentialOf, type People } from './people.ts';
import type { Checked } from './preflight.ts';

const ORIGIN = 'http://flowpact.example';

type Capabilities = Record<string, true | string>;

/** What a deployment may lack without fault, by the name that requirements use: true, or why not. */
export async function probeCapabilities(url: string, checked: Checked, people: People, signingKey?: string): Promise<Capabilities> {
  const [login, version] = await Promise.all([ask(`${url}/api/v1/auto_login`), ask(`${url}/api/v1/version`, { headers: { origin: ORIGIN } })]);
  const headers = credentialOf(checked.admin);
  const read = (path: string) => ask(url + path, { headers });
  const [logs, starters, config] = await Promise.all([read('/logs'), read('/api/v1/starter-projects/'), read('/api/v1/config')]);
  const autoLogin = login.status === 200 && typeof login.members['access_token'] === 'string';
  return {
    'auto-login': autoLogin || 'the deployment has automatic login off (LANGFLOW_AUTO_LOGIN)',
    'no-auto-login': !autoLogin || 'the deployment has automatic login on (LANGFLOW_AUTO_LOGIN)',
    corsOpen:
      ['*', ORIGIN].includes(version.headers.get('access-control-allow-origin') ?? '') || 'the deployment allows chosen origins alone (LANGFLOW_CORS_ORIGINS)',
    'log-retrieval': logs.status !== 501 || 'the deployment keeps no lines of its log (LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE)',
    'no-log-retrieval': logs.status === 501 || 'the deployment keeps lines of its log (LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE)',
    'signing-key': await knowsKey(url, checked, signingKey),
    'starter-projects':
      starters.status === 200 || `the deployment lacks packages that its starter projects need: ${starters.members['message'] ?? starters.status}`,
    'no-starter-projects': starters.status === 500 || 'the deployment has all packages that its starter projects need',
    'webhook-auth': config.members['webhook_auth_enable'] === true || 'webhooks of the deployment ask for no key (LANGFLOW_WEBHOOK_AUTH_ENABLE)',
    superuser: checked.admin.superuser || `${checked.admin.username} is no superuser`,
    'second-user': people.noSecondUser === undefined || people.noSecondUser,
  };
}

/** The web UI's page, where it is what a path that nobody has is answered with. */
export async function probeUiPage(url: string): Promise<string | undefined> {
  const [one, other] = await Promise.all(['/no-such-page', '/api/v1/no-such-thing'].map((path) => ask(url + path)));
  const page = one?.body;
  return one?.status === 200 && typeof page === 'string' && page === other?.body && /^\s*<!doctype html/i.test(page) ? page : undefined;
}

/** A token that is made with the key must be accepted: with a wrong key every token would be refused, and prove nothing. */
async function knowsKey(url: string, { admin }: Checked, key: string | undefined): Promise<true | string> {
  if (key === undefined) return "the run does not know the deployment's secret key (FLOWPACT_SIGNING_KEY), so it can't sign tokens that are over";
  const token = forge({ sub: admin.id, type: 'access', exp: Math.floor(Date.now() / 1000) + 60 }, key);
  const { status } = await ask(`${url}/api/v1/users/whoami`, { headers: { authorization: `Bearer ${token}` } });
  return status === 200 || 'the deployment signs its tokens with another key than the one that the run was told (FLOWPACT_SIGNING_KEY)';
}
