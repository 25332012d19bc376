import assert from 'node:assert/strict';
import type { Loose } from '../spec/json.ts';
import { type Answer, echoFlow, type Sent, send } from './client.ts';

/** What the steps hand on to one another. */
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
const as = <Body = Loose>(walk: Walk, method: string, path: string, sent: Sent = {}): Promise<Answer<Body>> =>
  send<Body>(walk.url, method, path, { ...sent, headers: { ...bearer(walk), ...sent.headers } });
const logIn = (walk: Walk, password: string) =>
  send<{ token_type?: string; access_token: string; detail?: unknown }>(walk.url, 'POST', '/api/v1/login', { form: { username: walk.username, password } });

const is = ({ status }: Pick<Answer, 'status'>, wanted: number) => assert.equal(status, wanted, `answered ${status}, not ${wanted}`);
const isTold = (found: unknown, wanted: unknown, what: string) =>
  assert.deepEqual(found, wanted, `${what} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
const hasDetail = ({ json }: Answer<{ detail?: unknown }>) => assert.equal(typeof json?.detail, 'string', 'the error has no detail');
function refused(answer: Answer<{ detail?: unknown }>, ...statuses: number[]): void {
  assert.ok(statuses.includes(answer.status), `answered ${answer.status}, not ${statuses.join(' or ')}`);
  hasDetail(answer);
}

/** The fifteen steps of a client's life, each with what it may rely on. */
export const steps: Step[] = [
  {
    title: 'Log in',
    async take(walk) {
      const answer = await logIn(walk, walk.password);
      is(answer, 200);
      isTold(answer.json?.token_type, 'bearer', 'the token type');
      walk.token = answer.json.access_token;
      const me = await as(walk, 'GET', '/api/v1/users/whoami');
      isTold(me.json?.username, walk.username, 'whoami');
    },
  },
  { title: 'A wrong password is refused', take: async (walk) => refused(await logIn(walk, `${walk.password}!`), 401) },
  { title: 'No credential is refused', take: async (walk) => refused(await send(walk.url, 'GET', '/api/v1/users/whoami'), 401, 403) },
  {
    title: 'A garbage token is refused',
    take: async (walk) => refused(await send(walk.url, 'GET', '/api/v1/users/whoami', { headers: { authorization: 'Bearer garbage' } }), 401),
  },
  {
    title: 'An API key works, a wrong one does not',
    async take(walk) {
      const made = await as<{ api_key: string }>(walk, 'POST', '/api/v1/api_key/', { json: { name: walk.name } });
      walk.key = made.json.api_key;
      const me = await send(walk.url, 'GET', '/api/v1/users/whoami', { headers: { 'x-api-key': String(walk.key) } });
      isTold(me.json?.username, walk.username, 'whoami with the key');
      refused(await send(walk.url, 'GET', '/api/v1/users/whoami', { headers: { 'x-api-key': 'sk-wrong' } }), 401, 403);
    },
  },
  {
    title: 'Create a flow',
    async take(walk) {
      const answer = await as<{ id: string; name?: string }>(walk, 'POST', '/api/v1/flows/', { json: await echoFlow(walk.url, bearer(walk), walk.name) });
      is(answer, 201);
      isTold(answer.json?.name, walk.name, 'the name');
      walk.flow = answer.json;
    },
  },
  {
    title: 'Read it back',
    async take(walk) {
      const answer = await as(walk, 'GET', `/api/v1/flows/${walk.flow?.id}`);
      is(answer, 200);
      isTold(answer.json?.name, walk.name, 'the name');
      isTold(answer.json?.data?.nodes?.length, 2, 'the number of nodes');
    },
  },
  { title: 'An unknown id answers 404', take: async (walk) => refused(await as(walk, 'GET', '/api/v1/flows/00000000-0000-4000-8000-000000000000'), 404) },
  {
    title: "A faulty body answers 422 in FastAPI's shape",
    async take(walk) {
      const answer = await as(walk, 'POST', '/api/v1/flows/', { json: { description: 'without a name' } });
      is(answer, 422);
      const fault = answer.json?.['detail']?.[0];
      assert.deepEqual([fault?.type, fault?.loc], ['missing', ['body', 'name']], 'the detail names another fault');
    },
  },
  {
    title: 'Delete a flow, then it is gone',
    async take(walk) {
      const made = await as(walk, 'POST', '/api/v1/flows/', { json: { name: `${walk.name} spare`, data: { nodes: [], edges: [] } } });
      is(made, 201);
      const path = `/api/v1/flows/${made.json?.id}`;
      is(await as(walk, 'GET', path), 200);
      is(await as(walk, 'DELETE', path), 200);
      refused(await as(walk, 'GET', path), 404);
    },
  },
  { title: 'Run the flow, streaming', take: runStreaming },
  {
    title: 'Read the messages it left',
    async take(walk) {
      const answer = await as<Record<'sender' | 'text' | 'session_id', string>[]>(walk, 'GET', `/api/v1/monitor/messages?flow_id=${walk.flow?.id}`);
      const said = answer.json?.map?.(({ sender, text, session_id }) => [sender, text, session_id]);
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
      const answer = await as(walk, 'POST', '/api/v1/logout');
      is(answer, 200);
      const cleared = answer.headers.getSetCookie().filter((cookie) => /^access_token_lf=("")?;/.test(cookie));
      assert.equal(cleared.length, 1, 'the cookie of the access token is not cleared');
    },
  },
];

async function runStreaming(walk: Walk): Promise<void> {
  const answer = await send(walk.url, 'POST', `/api/v1/run/${walk.flow?.id}?stream=true`, {
    headers: { 'x-api-key': String(walk.key) },
    json: { input_value: 'good morning', session_id: walk.name },
  });
  is(answer, 200);
  assert.match(answer.headers.get('content-type') ?? '', /^text\/event-stream/, 'the answer is no stream');
  const events = answer.text
    .split('\n\n')
    .filter(Boolean)
    .map((frame) => JSON.parse(frame));
  assert.deepEqual(
    events.filter((event) => event.event === 'add_message').map((event) => event.data.text),
    ['good morning', 'good morning'],
    'the events are not those of the run',
  );
  isTold(events.at(-1)?.event, 'end', 'the last event');
}

async function keepVariable(walk: Walk): Promise<void> {
  const name = walk.name.replaceAll(/\W/g, '_');
  const made = await as<{ id: string }>(walk, 'POST', '/api/v1/variables/', { json: { name, value: 'a secret', type: 'Credential', default_fields: [] } });
  is(made, 201);
  const listed = async () =>
    (await as<{ id: string; name: string; value: unknown }[]>(walk, 'GET', '/api/v1/variables/')).json?.find?.((variable) => variable.name === name);
  const found = await listed();
  isTold(found?.id === made.json.id, true, 'whether it is listed');
  assert.notEqual(found?.value, 'a secret', 'a credential is shown in the clear');
  is(await as(walk, 'DELETE', `/api/v1/variables/${made.json.id}`), 204);
  assert.equal(await listed(), undefined, 'it is still listed after it was deleted');
}

async function carryProject(walk: Walk): Promise<void> {
  const project = await as<{ id: string }>(walk, 'POST', '/api/v1/projects/', {
    json: { name: `${walk.name} project`, flows_list: [walk.flow?.id], components_list: [] },
  });
  is(project, 201);
  const made = [project.json.id];
  try {
    const zip = await as(walk, 'GET', `/api/v1/projects/download/${project.json.id}`);
    assert.equal(Buffer.from(zip.bytes.slice(0, 2)).toString(), 'PK', 'the download is no ZIP');
    const { unzipSync, strFromU8 } = await import('fflate');
    const flows = Object.values(unzipSync(zip.bytes)).map((file) => JSON.parse(strFromU8(file)));
    const body = new FormData();
    const upload = { folder_name: `${walk.name} copy`, folder_description: '', flows };
    body.append('file', new Blob([JSON.stringify(upload)], { type: 'application/json' }), 'project.json');
    const uploaded = await as<{ id: string; folder_id: string; data: { nodes: object[] } }[]>(walk, 'POST', '/api/v1/projects/upload/', { body });
    is(uploaded, 201);
    isTold(uploaded.json?.length, 1, 'the number of uploaded flows');
    const [flow] = uploaded.json;
    assert.ok(flow);
    made.push(flow.folder_id);
    isTold(flow.data.nodes.length, 2, 'the number of nodes');
    assert.notEqual(flow.id, walk.flow?.id, 'the uploaded flow is the old one');
  } finally {
    for (const id of made) await as(walk, 'DELETE', `/api/v1/projects/${id}`);
  }
}
