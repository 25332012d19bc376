/** Which requests count as a use of their API key, as measured on Langflow 1.7.3. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningMock, startMock } from '../../mock/index.ts';
import { logIn } from './log-in.ts';

let mock: RunningMock;
let key: { id: string; api_key: string };
let project: string;
const nothing = crypto.randomUUID();

beforeAll(async () => {
  mock = await startMock({ port: 0 });
  const headers = { authorization: await logIn(mock.url), 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'counted' });
  key = (await (await fetch(`${mock.url}/api/v1/api_key/`, { method: 'POST', headers, body })).json()) as typeof key;
  project = mock.snapshot().projects[0]?.id as string;
});
afterAll(() => mock.close());

const uses = () => mock.snapshot().apiKeys.find(({ id }) => id === key.id)?.total_uses as number;
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

const counted: [string, string, string, number, unknown?][] = [
  ['a list of keys', 'GET', '/api/v1/api_key/', 200],
  ['a flow that is not there', 'GET', `/api/v1/flows/${nothing}`, 404],
  ['a path that is refused', 'GET', '/api/v1/flows/nope', 422],
  ['a body that is refused', 'POST', '/api/v1/flows/', 422, {}],
  ['an error of the server', 'GET', '/api/v1/users/?skip=9223372036854775808', 500],
  ['a file that is not there', 'PUT', `/api/v2/files/${nothing}?name=x`, 500],
  ['a message to MCP that is refused', 'POST', '/api/v1/mcp/streamable', 406, LIST],
  ['a stream of MCP that is not resumed', 'GET', '/api/v1/mcp/streamable', 500],
];
const uncounted: typeof counted = [
  ['a body that is no JSON', 'POST', '/api/v1/flows/', 422, '{'],
  ['a run of no flow', 'POST', `/api/v1/run/${nothing}`, 404, {}],
  ['a project of MCP that is not there', 'GET', `/api/v1/mcp/project/${nothing}`, 500],
  ['settings of MCP that are refused', 'PATCH', 'project', 422, { settings: 5 }],
];

async function send(method: string, path: string, body: unknown): Promise<number> {
  const resumed = { accept: 'text/event-stream', 'last-event-id': '4' };
  const response = await fetch(mock.url + (path === 'project' ? `/api/v1/mcp/project/${project}` : path), {
    method,
    headers: { 'x-api-key': key.api_key, ...(body === undefined ? resumed : { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return response.status;
}

test.each(counted)('%s counts', async (_what, method, path, status, body) => {
  const before = uses();
  expect(await send(method, path, body)).toBe(status);
  expect(uses()).toBe(before + 1);
});

test.each(uncounted)('%s does not count', async (_what, method, path, status, body) => {
  const before = uses();
  expect(await send(method, path, body)).toBe(status);
  expect(uses()).toBe(before);
});
