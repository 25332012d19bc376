import { buildFlow, type Catalogue, type FlowJson } from '../../../fixtures/build-flow.ts';
import echo from '../../../fixtures/flows/echo.json' with { type: 'json' };
import type { Exchange } from '../../../reports/run.ts';
import { parameterNames } from '../../../spec/path-template.ts';
import type { Target } from '../../../targets/index.ts';
import { send } from './send.ts';

export interface Credential {
  id: string;
  token: string;
  key: string;
}

/** The users and things that exist on a side while the requests to an operation are sent. */
export interface World {
  url: string;
  superuser: Credential;
  user: Credential;
  /** Values of path parameters, by name. */
  values: Record<string, string>;
}

type Json = Record<string, unknown>;

/**
 * Creates a world on a deployment: a user and, by `renew`, new things for the path parameters of each operation. Users
 * are named after the run.
 */
export async function openWorld(
  target: Target,
  run: string,
): Promise<{ world: World; renew: (path: string) => Promise<void> }> {
  const { url } = target;
  if (!('username' in target.credentials)) throw new Error('It needs a superuser with a password');
  const superuser = await logIn(url, target.credentials.username, target.credentials.password);
  const made = await post(url, '/api/v1/users/', superuser.token, { username: run, password: 'malformed-1' });
  await post(url, `/api/v1/users/${made['id']}`, superuser.token, { is_active: true }, 'PATCH');
  const user = await logIn(url, run, 'malformed-1');
  const flow = buildFlow(echo, (await post(url, '/api/v1/all', user.token, undefined, 'GET')) as Catalogue);
  const world: World = { url, superuser, user, values: {} };
  let count = 0;
  const renew = async (path: string) => {
    count += 1;
    const makers: Record<string, () => Promise<string>> = makersOf(world, flow, `${count}-${run}`);
    world.values = { ...NAMES };
    for (const name of parameterNames(path)) world.values[name] ??= await (makers[name]?.() ?? crypto.randomUUID());
  };
  return { world, renew };
}

const NAMES = {
  vertex_id: 'ChatInput-echo1',
  kb_name: 'my_notes',
  server_name: 'side_by_side',
  file_name: 'note.txt',
  folder_name: 'People',
};

/** Functions that create what path parameters name. */
function makersOf({ url, superuser, user }: World, flow: FlowJson, name: string) {
  const make = async (path: string, body: Json) => (await post(url, path, user.token, body))['id'] as string;
  const newFlow = () => make('/api/v1/flows/', { ...flow, name: `Flow ${name}`, access_type: 'PUBLIC' });
  const newProject = () => make('/api/v1/projects/', { name: `Project ${name}`, components_list: [], flows_list: [] });
  const session = `session-${name}`;
  const speak = async () => {
    await post(
      url,
      `/api/v1/run/${await newFlow()}`,
      user.token,
      { input_value: 'hello', session_id: session },
      'POST',
      user.key,
    );
    return session;
  };
  const newFile = async () => {
    const headers = { authorization: `Bearer ${user.token}`, 'content-type': 'multipart/form-data; boundary=b' };
    const form = `--b\r\nContent-Disposition: form-data; name="file"; filename="kept-${name}.txt"\r\n\r\nhello\r\n--b--\r\n`;
    return (await ask(url, 'POST', '/api/v2/files', headers, form))['id'] as string;
  };
  const newMessage = async () => {
    await speak();
    const messages: unknown = await post(
      url,
      `/api/v1/monitor/messages?session_id=${session}`,
      user.token,
      undefined,
      'GET',
    );
    return (messages as [{ id: string }])[0].id;
  };
  return {
    flow_id: newFlow,
    flow_id_or_name: newFlow,
    project_id: newProject,
    folder_id: newProject,
    variable_id: () =>
      make('/api/v1/variables/', { name: `VARIABLE ${name}`, value: 'x', type: 'Generic', default_fields: [] }),
    api_key_id: () => make('/api/v1/api_key/', { name: `key ${name}` }),
    user_id: async () =>
      (await post(url, '/api/v1/users/', superuser.token, { username: `victim-${name}`, password: 'malformed-1' }))[
        'id'
      ] as string,
    file_id: newFile,
    message_id: newMessage,
    session_id: speak,
  };
}

async function logIn(url: string, username: string, password: string): Promise<Credential> {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const { access_token } = await ask(
    url,
    'POST',
    '/api/v1/login',
    form,
    new URLSearchParams({ username, password }).toString(),
  );
  const token = String(access_token);
  const { api_key, user_id } = await post(url, '/api/v1/api_key/', token, { name: 'malformed' });
  return { id: String(user_id), token, key: String(api_key) };
}

async function post(
  url: string,
  path: string,
  token: string,
  body: Json | undefined,
  method = 'POST',
  key = '',
): Promise<Json> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    ...(key && { 'x-api-key': key }),
  };
  return ask(url, method, path, headers, body && JSON.stringify(body));
}

async function ask(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Json> {
  const { response, error } = await send(url, '', {
    fault: '',
    method,
    path,
    headers,
    ...(body !== undefined && { body: Buffer.from(body) }),
  });
  if (!response || response.status >= 400)
    throw new Error(`${method} ${path} answered ${response?.status ?? error}: ${response?.body.slice(0, 300)}`);
  return JSON.parse(response.body) as Json;
}

/** The exchange with the ids of its world, valid or malformed, replaced by names. */
export function withoutIds(exchange: Exchange, { values }: World): Exchange {
  const { response } = exchange;
  if (!response) return exchange;
  let { body } = response;
  for (const [name, id] of Object.entries(values))
    if (/^[0-9a-f-]{36}$/.test(id)) body = body.replaceAll(spoiledId(id), `<${name}>`);
  return { ...exchange, response: { ...response, body } };
}

/** Matches an id without its first or last character, with hyphens or slashes anywhere, in any case. */
function spoiledId(id: string): RegExp {
  const inner = [...id.replaceAll('-', '').slice(1, -1)].join('[-/]?');
  return new RegExp(`[0-9a-f]?[-/]?${inner}[0-9a-f]?`, 'gi');
}
