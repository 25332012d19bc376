import { echoFlow, send } from './client.ts';
import { type BenchRequest, UNIQUE } from './load.ts';

/** A request that is measured. */
export interface BenchCase extends BenchRequest {
  name: string;
  /** Aim: the lowest ratio to the bare server's requests a second. */
  aim: number;
}

const FLOWS = 100;

export const ACCOUNT = { username: 'langflow', password: 'bench-password' };

/** Fills a mock and returns the requests to measure. Another user creates flows, so that the list keeps its length. */
export async function prepare(url: string, account: { username: string; password: string }): Promise<BenchCase[]> {
  const bearer = await logIn(url, account);
  const flow = await echoFlow(url, bearer, 'flow 0');
  const ids: string[] = [];
  for (let index = 0; index < FLOWS; index++)
    ids.push(
      (
        await send<{ id: string }>(url, 'POST', '/api/v1/flows/', {
          headers: bearer,
          json: { ...flow, name: `flow ${index}` },
        })
      ).json.id,
    );
  const key = (
    await send<{ api_key: string }>(url, 'POST', '/api/v1/api_key/', { headers: bearer, json: { name: 'bench' } })
  ).json.api_key;
  const other = { username: 'other', password: 'other-password' };
  const made = await send<{ id: string }>(url, 'POST', '/api/v1/users/', { headers: bearer, json: other });
  await send(url, 'PATCH', `/api/v1/users/${made.json.id}`, { headers: bearer, json: { is_active: true } });
  const json = { 'content-type': 'application/json' };
  const run = {
    method: 'POST',
    headers: { ...json, 'x-api-key': key },
    body: JSON.stringify({ input_value: 'hello' }),
  } as const;
  return [
    { name: 'health', aim: 0.6, method: 'GET', path: '/health', headers: {} },
    { name: 'version', aim: 0.6, method: 'GET', path: '/api/v1/version', headers: {} },
    { name: 'one flow', aim: 0.8, method: 'GET', path: `/api/v1/flows/${ids[0]}`, headers: bearer },
    {
      name: `${FLOWS} flow headers`,
      aim: 0.6,
      method: 'GET',
      path: '/api/v1/flows/?get_all=true&header_flows=true',
      headers: bearer,
    },
    { name: 'run', aim: 0.3, path: `/api/v1/run/${ids[0]}?stream=false`, ...run },
    { name: 'run, stream', aim: 0.4, path: `/api/v1/run/${ids[0]}?stream=true`, ...run },
    {
      name: 'create a flow',
      aim: 0.2,
      method: 'POST',
      path: '/api/v1/flows/',
      headers: { ...json, ...(await logIn(url, other)) },
      body: JSON.stringify({ ...flow, name: `made ${UNIQUE}` }),
    },
  ];
}

export async function logIn(
  url: string,
  form: { username: string; password: string },
): Promise<{ authorization: string }> {
  const { json } = await send(url, 'POST', '/api/v1/login', { form });
  return { authorization: `Bearer ${json.access_token}` };
}
