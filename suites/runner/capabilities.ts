import { ask } from './http.ts';
import type { People } from './people.ts';
import type { Checked } from './preflight.ts';

const ORIGIN = 'http://flowpact.example';

/** What a deployment may lack without fault, by the name that requirements use: true, or why not. */
export async function probeCapabilities(url: string, checked: Checked, people: People): Promise<Record<string, true | string>> {
  const [login, version] = await Promise.all([ask(`${url}/api/v1/auto_login`), ask(`${url}/api/v1/version`, { headers: { origin: ORIGIN } })]);
  const autoLogin = login.status === 200 && typeof login.body?.access_token === 'string';
  return {
    'auto-login': autoLogin || 'the deployment has automatic login off (LANGFLOW_AUTO_LOGIN)',
    'no-auto-login': !autoLogin || 'the deployment has automatic login on (LANGFLOW_AUTO_LOGIN)',
    corsOpen:
      ['*', ORIGIN].includes(version.headers.get('access-control-allow-origin') ?? '') || 'the deployment allows chosen origins alone (LANGFLOW_CORS_ORIGINS)',
    'signing-key':
      process.env['FLOWPACT_SIGNING_KEY'] !== undefined ||
      "the run does not know the deployment's secret key (FLOWPACT_SIGNING_KEY), so it can't sign tokens that are over",
    superuser: checked.admin.superuser || `${checked.admin.username} is no superuser`,
    'second-user': people.noSecondUser === undefined || people.noSecondUser,
  };
}
