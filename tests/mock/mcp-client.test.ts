import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildFlow } from '../../fixtures/build-flow.ts';
import catalogue from '../../fixtures/catalogue.json' with { type: 'json' };
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import { type RunningMock, startMock } from '../../mock/index.ts';
import { logIn } from './log-in.ts';

/** The official client of the Model Context Protocol gets along with the mock's servers, by both transports. */

const account = { username: 'langflow', password: 'langflow' };
let mock: RunningMock;
let headers: Record<string, string>;
let project: string;

const post = async (path: string, body: unknown) => {
  const response = await fetch(mock.url + path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, string>;
};

beforeAll(async () => {
  mock = await startMock({ port: 0, ...account });
  headers = { authorization: await logIn(mock.url, account) };
  headers = { 'x-api-key': (await post('/api/v1/api_key/', { name: 'client' }))['api_key'] as string };
  project = (await post('/api/v1/projects/', { name: 'Tools', description: '' }))['id'] as string;
  await post('/api/v1/flows/', {
    ...buildFlow(echo, catalogue),
    name: 'Say it back',
    folder_id: project,
    mcp_enabled: true,
    action_name: 'say',
  });
});
afterAll(() => mock.close());

const streamable = (path: string) =>
  new StreamableHTTPClientTransport(new URL(mock.url + path), { requestInit: { headers } });
const sse = (path: string) =>
  new SSEClientTransport(new URL(mock.url + path), { requestInit: { headers }, eventSourceInit: { fetch: withKey } });
const withKey: typeof fetch = (url, init) =>
  fetch(url, { ...init, headers: { ...(init?.headers as Record<string, string>), ...headers } });

describe.each([
  ['streamable HTTP', streamable, '/streamable'],
  ['streamable HTTP with a slash', streamable, '/streamable/'],
  ['SSE', sse, '/sse'],
] as const)('%s', (_name, transport, path) => {
  test.each([
    ['all flows', () => `/api/v1/mcp${path}`, 'langflow-mcp-server', 'say_it_back'],
    ['all flows, by the older path', () => `/api/mcp${path}`, 'langflow-mcp-server', 'say_it_back'],
    ['a project', () => `/api/v1/mcp/project/${project}${path}`, 'langflow-mcp-project-', 'say'],
  ])('the server of %s', async (_server, at, name, tool) => {
    const client = new Client({ name: 'test', version: '1.0' });
    await client.connect(transport(at()) as Parameters<Client['connect']>[0]);
    try {
      expect(client.getServerVersion()?.name).toContain(name);
      expect(Object.keys(client.getServerCapabilities() ?? {}).sort()).toEqual([
        'experimental',
        'prompts',
        'resources',
        'tools',
      ]);
      await client.ping();
      expect((await client.listTools()).tools.map((one) => one.name)).toEqual([tool]);
      const result = await client.callTool({ name: tool, arguments: { input_value: 'hello' } });
      expect(result).toMatchObject({ content: [{ type: 'text', text: 'hello' }], isError: false });
      expect(await client.callTool({ name: 'nothing' })).toMatchObject({ isError: true });
      expect(await client.listPrompts()).toEqual({ prompts: [] });
      await expect(client.getPrompt({ name: 'x' })).rejects.toThrow('Method not found');
    } finally {
      await client.close();
    }
  });
});

test('a client without a key is refused', async () => {
  const client = new Client({ name: 'test', version: '1.0' });
  const transport = new StreamableHTTPClientTransport(new URL(`${mock.url}/api/v1/mcp/streamable`));
  await expect(client.connect(transport as Parameters<Client['connect']>[0])).rejects.toThrow();
});
