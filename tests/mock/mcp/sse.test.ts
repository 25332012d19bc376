import type { PassThrough } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import type { McpContext } from '../../../mock/mcp/server.ts';
import { openSession, postMessage } from '../../../mock/mcp/sse.ts';
import type { HttpResponse } from '../../../mock/operation.ts';
import { addFlow, bytesOf, JSON_TYPE, mcpContext, request } from './context.ts';

const ENDPOINT = '/api/v1/mcp/';
const INITIALIZE = request('initialize', {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
});

afterEach(() => vi.restoreAllMocks());

/** A session of its own, what it was told so far, and how to post to it. */
function open(context: McpContext = mcpContext()) {
  const { body } = openSession(ENDPOINT, context);
  const stream = (body as { chunks: PassThrough }).chunks;
  const id = /session_id=([0-9a-f]{32})/.exec(String(stream.read()))?.[1] as string;
  const post = (message: unknown, session: string | undefined = id): HttpResponse =>
    postMessage(
      ENDPOINT,
      session,
      Buffer.isBuffer(message) ? message : bytesOf(message),
      { headers: JSON_TYPE },
      context.mock,
    );
  /** The next event, as text. */
  const next = async (): Promise<string> => {
    for (let chunk = stream.read(); ; chunk = stream.read()) {
      if (chunk !== null) return String(chunk);
      await new Promise((resolve) => stream.once('readable', resolve));
    }
  };
  const nextMessage = async () =>
    JSON.parse(/^event: message\r\ndata: (.*)\r\n\r\n$/.exec(await next())?.[1] as string);
  return { context, stream, id, post, next, nextMessage };
}

const statusAndText = ({ status, body }: HttpResponse) => [status, (body as { latin1: string }).latin1];

test('a session begins with the place that messages are posted to', () => {
  const { body, status, headers } = openSession(ENDPOINT, mcpContext());
  const stream = (body as { chunks: PassThrough }).chunks;
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
  expect(String(stream.read())).toMatch(/^event: endpoint\r\ndata: \/api\/v1\/mcp\/\?session_id=[0-9a-f]{32}\r\n\r\n$/);
  stream.destroy();
});

test('a posted message is accepted, and its response comes over the stream', async () => {
  const { post, nextMessage, stream } = open();
  expect(statusAndText(post(INITIALIZE))).toEqual([202, 'Accepted']);
  expect(await nextMessage()).toMatchObject({ id: 1, result: { serverInfo: { name: 'langflow-mcp-server' } } });
  post(request('ping'));
  expect(await nextMessage()).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  stream.destroy();
});

test('nothing but a ping is taken before initialize', async () => {
  const { post, nextMessage, stream } = open();
  post(request('tools/list'));
  expect(await nextMessage()).toMatchObject({ id: 1, error: { code: -32602 } });
  post(request('ping'));
  expect(await nextMessage()).toMatchObject({ result: {} });
  post({ jsonrpc: '2.0', method: 'notifications/initialized' });
  post(request('tools/list'));
  expect(await nextMessage()).toMatchObject({ result: { tools: [] } });
  stream.destroy();
});

test.each([
  ['no session', undefined, 400, 'session_id is required'],
  ['no id of a session', 'nope', 400, 'Invalid session ID'],
  ['an unknown session', 'f'.repeat(32), 404, 'Could not find session'],
])('a message to %s is refused', (_what, session, status, text) => {
  const { context } = open();
  const refused = postMessage(ENDPOINT, session, bytesOf(INITIALIZE), { headers: JSON_TYPE }, context.mock);
  expect(statusAndText(refused)).toEqual([status, text]);
});

test('a session is known under its id with hyphens, and at its own endpoint alone', () => {
  const { id, post, context, stream } = open();
  const hyphenated = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-').toUpperCase();
  expect(post(INITIALIZE, hyphenated).status).toBe(202);
  expect(
    postMessage('/api/v1/mcp/project/p/', id, bytesOf(INITIALIZE), { headers: JSON_TYPE }, context.mock).status,
  ).toBe(404);
  stream.destroy();
});

test('what is no message is refused, and the stream tells of trouble', async () => {
  const { post, nextMessage, stream } = open();
  expect(statusAndText(post(Buffer.from('{')))).toEqual([400, 'Could not parse message']);
  expect(await nextMessage()).toMatchObject({ method: 'notifications/message', params: { level: 'error' } });
  stream.destroy();
});

test('messages to a stream that has gone are taken, and nothing comes of them', async () => {
  const { post, stream } = open();
  stream.destroy();
  await new Promise((resolve) => setImmediate(resolve));
  expect(post(INITIALIZE).status).toBe(202);
});

test('a method that fails is answered with its error, and logged', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { context, post, nextMessage, stream } = open();
  post(INITIALIZE);
  await nextMessage();
  vi.spyOn(context.mock.store.flows, 'all').mockImplementation(() => {
    throw new Error('the database is gone');
  });
  post(request('tools/list'));
  expect(await nextMessage()).toEqual({ jsonrpc: '2.0', id: 1, error: { code: 0, message: 'the database is gone' } });
  expect(stderr.mock.calls.join()).toContain('MCP tools/list: Error: the database is gone');
  stream.destroy();
});

test('a flow whose graph can not be read is no tool, and the others are', async () => {
  const { context, post, nextMessage, stream } = open();
  const node = { id: 'TextInput-1', data: { type: 'TextInput', node: { template: {}, outputs: 5 } } };
  addFlow(context, 'broken', { nodes: [node], edges: [] });
  addFlow(context, 'whole', { nodes: [], edges: [] });
  post(INITIALIZE);
  await nextMessage();
  post(request('tools/list'));
  expect((await nextMessage()).result.tools.map(({ name }: { name: string }) => name)).toEqual(['whole']);
  expect(context.mock.logs.last(1)[0]?.text).toMatch(/^Error in listing tools: .* from flow: broken$/);
  stream.destroy();
});
