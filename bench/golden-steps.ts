import assert from 'node:assert/strict';
import type { Loose } from '../spec/json.ts';
import { type ClientResponse, echoFlow, type RequestContent, send } from './client.ts';

/** State that the steps pass on. */
export interface Walk {
  url: string;
  username: string;
  password: string;
  name: string;
  token?: string;
  key?: string;
  flow?: { id: string };
  spare?: { id: string };
}

export interface Step {
  title: string;
  take(walk: Walk): Promise<void>;
}

const bearer = ({ token }: Walk) => ({ authorization: `Bearer ${token}` });
const as = <Body = Loose>(
  walk: Walk,
  method: string,
  path: string,
  sent: RequestContent = {},
): Promise<ClientResponse<Body>> =>
  send<Body>(walk.url, method, path, { ...sent, headers: { ...bearer(walk), ...sent.headers } });
const logIn = (walk: Walk, password: string) =>
  send<{ token_type?: string; access_token: string; detail?: unknown }>(walk.url, 'POST', '/api/v1/login', {
    form: { username: walk.username, password },
  });

const expectStatus = ({ status }: Pick<ClientResponse, 'status'>, wanted: number) =>
  assert.equal(status, wanted, `answered ${status}, not ${wanted}`);
const expectEqual = (found: unknown, wanted: unknown, what: string) =>
  assert.deepEqual(found, wanted, `${what} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
const hasDetail = ({ json }: ClientResponse<{ detail?: unknown }>) =>
  assert.equal(typeof json?.detail, 'string', 'the error has no detail');
function expectRefused(response: ClientResponse<{ detail?: unknown }>, ...statuses: number[]): void {
  assert.ok(statuses.includes(response.status), `answered ${response.status}, not ${statuses.join(' or ')}`);
  hasDetail(response);
}

/** The fifteen steps, each with what a client relies on. */
export const steps: Step[] = [
  {
    title: 'Log in',
    async take(walk) {
      const response = await logIn(walk, walk.password);
      expectStatus(response, 200);
      expectEqual(response.json?.token_type, 'bearer', 'the token type');
      walk.token = response.json.access_token;
      const me = await as(walk, 'GET', '/api/v1/users/whoami');
      expectEqual(me.json?.username, walk.username, 'whoami');
    },
  },
  {
    title: 'A wrong password is refused',
    take: async (walk) => expectRefused(await logIn(walk, `${walk.password}!`), 401),
  },
  {
    title: 'No credential is refused',
    take: async (walk) => expectRefused(await send(walk.url, 'GET', '/api/v1/users/whoami'), 401, 403),
  },
  {
    title: 'A garbage token is refused',
    take: async (walk) =>
      expectRefused(
        await send(walk.url, 'GET', '/api/v1/users/whoami', { headers: { authorization: 'Bearer garbage' } }),
        401,
      ),
  },
  {
    title: 'An API key works, a wrong one does not',
    async take(walk) {
      const made = await as<{ api_key: string }>(walk, 'POST', '/api/v1/api_key/', { json: { name: walk.name } });
      walk.key = made.json.api_key;
      const me = await send(walk.url, 'GET', '/api/v1/users/whoami', { headers: { 'x-api-key': String(walk.key) } });
      expectEqual(me.json?.username, walk.username, 'whoami with the key');
      expectRefused(
        await send(walk.url, 'GET', '/api/v1/users/whoami', { headers: { 'x-api-key': 'sk-wrong' } }),
        401,
        403,
      );
    },
  },
  {
    title: 'Create a flow',
    async take(walk) {
      const response = await as<{ id: string; name?: string }>(walk, 'POST', '/api/v1/flows/', {
        json: await echoFlow(walk.url, bearer(walk), walk.name),
      });
      expectStatus(response, 201);
      expectEqual(response.json?.name, walk.name, 'the name');
      walk.flow = response.json;
    },
  },
  {
    title: 'Read it back',
    async take(walk) {
      const response = await as(walk, 'GET', `/api/v1/flows/${walk.flow?.id}`);
      expectStatus(response, 200);
      expectEqual(response.json?.name, walk.name, 'the name');
      expectEqual(response.json?.data?.nodes?.length, 2, 'the number of nodes');
    },
  },
  {
    title: 'An unknown id answers 404',
    take: async (walk) =>
      expectRefused(await as(walk, 'GET', '/api/v1/flows/00000000-0000-4000-8000-000000000000'), 404),
  },
  {
    title: "A faulty body answers 422 in FastAPI's shape",
    async take(walk) {
      const response = await as(walk, 'POST', '/api/v1/flows/', { json: { description: 'without a name' } });
      expectStatus(response, 422);
      const error = response.json?.['detail']?.[0];
      assert.deepEqual(
        [error?.type, error?.loc],
        ['missing', ['body', 'name']],
        'the detail has another validation error',
      );
    },
  },
  {
    title: 'Delete a flow, then it is gone',
    async take(walk) {
      const made = await as(walk, 'POST', '/api/v1/flows/', {
        json: { name: `${walk.name} spare`, data: { nodes: [], edges: [] } },
      });
      expectStatus(made, 201);
      const path = `/api/v1/flows/${made.json?.id}`;
      expectStatus(await as(walk, 'GET', path), 200);
      expectStatus(await as(walk, 'DELETE', path), 200);
      expectRefused(await as(walk, 'GET', path), 404);
    },
  },
  { title: 'Run the flow, streaming', take: runStreaming },
  {
    title: 'Read the messages it left',
    async take(walk) {
      const response = await as<Record<'sender' | 'text' | 'session_id', string>[]>(
        walk,
        'GET',
        `/api/v1/monitor/messages?flow_id=${walk.flow?.id}`,
      );
      const said = response.json?.map?.(({ sender, text, session_id }) => [sender, text, session_id]);
      assert.deepEqual(
        said,
        [
          ['User', 'good morning', walk.name],
          ['Machine', 'good morning', walk.name],
        ],
        'the messages are not those of the run',
      );
    },
  },
  { title: 'Create, list and delete a variable', take: keepVariable },
  { title: 'Download a project with its flow as ZIP, upload it again', take: carryProject },
  {
    title: 'Log out',
    async take(walk) {
      const response = await as(walk, 'POST', '/api/v1/logout');
      expectStatus(response, 200);
      const cleared = response.headers.getSetCookie().filter((cookie) => /^access_token_lf=("")?;/.test(cookie));
      assert.equal(cleared.length, 1, 'the cookie of the access token is not cleared');
    },
  },
];

async function runStreaming(walk: Walk): Promise<void> {
  const response = await send(walk.url, 'POST', `/api/v1/run/${walk.flow?.id}?stream=true`, {
    headers: { 'x-api-key': String(walk.key) },
    json: { input_value: 'good morning', session_id: walk.name },
  });
  expectStatus(response, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/, 'the response is not a stream');
  const events = response.text
    .split('\n\n')
    .filter(Boolean)
    .map((frame) => JSON.parse(frame));
  assert.deepEqual(
    events.filter((event) => event.event === 'add_message').map((event) => event.data.text),
    ['good morning', 'good morning'],
    'the events are not those of the run',
  );
  expectEqual(events.at(-1)?.event, 'end', 'the last event');
}

async function keepVariable(walk: Walk): Promise<void> {
  const name = walk.name.replaceAll(/\W/g, '_');
  const made = await as<{ id: string }>(walk, 'POST', '/api/v1/variables/', {
    json: { name, value: 'a secret', type: 'Credential', default_fields: [] },
  });
  expectStatus(made, 201);
  const listed = async () =>
    (await as<{ id: string; name: string; value: unknown }[]>(walk, 'GET', '/api/v1/variables/')).json?.find?.(
      (variable) => variable.name === name,
    );
  const found = await listed();
  expectEqual(found?.id === made.json.id, true, 'whether it is listed');
  assert.notEqual(found?.value, 'a secret', 'the value of a credential is returned as plain text');
  expectStatus(await as(walk, 'DELETE', `/api/v1/variables/${made.json.id}`), 204);
  assert.equal(await listed(), undefined, 'it is still listed after it was deleted');
}

async function carryProject(walk: Walk): Promise<void> {
  const project = await as<{ id: string }>(walk, 'POST', '/api/v1/projects/', {
    json: { name: `${walk.name} project`, flows_list: [walk.flow?.id], components_list: [] },
  });
  expectStatus(project, 201);
  const made = [project.json.id];
  try {
    const zip = await as(walk, 'GET', `/api/v1/projects/download/${project.json.id}`);
    assert.equal(Buffer.from(zip.bytes.slice(0, 2)).toString(), 'PK', 'the download is not a ZIP file');
    const { unzipSync, strFromU8 } = await import('fflate');
    const flows = Object.values(unzipSync(zip.bytes)).map((file) => JSON.parse(strFromU8(file)));
    const body = new FormData();
    const upload = { folder_name: `${walk.name} copy`, folder_description: '', flows };
    body.append('file', new Blob([JSON.stringify(upload)], { type: 'application/json' }), 'project.json');
    const uploaded = await as<{ id: string; folder_id: string; data: { nodes: object[] } }[]>(
      walk,
      'POST',
      '/api/v1/projects/upload/',
      { body },
    );
    expectStatus(uploaded, 201);
    expectEqual(uploaded.json?.length, 1, 'the number of uploaded flows');
    const [flow] = uploaded.json;
    assert.ok(flow);
    made.push(flow.folder_id);
    expectEqual(flow.data.nodes.length, 2, 'the number of nodes');
    assert.notEqual(flow.id, walk.flow?.id, 'the uploaded flow is the old one');
  } finally {
    for (const id of made) await as(walk, 'DELETE', `/api/v1/projects/${id}`);
  }
}
