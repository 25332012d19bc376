import type { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { endSession, openStream, takeMessage } from '../../../mock/mcp/streamable.ts';
import type { HttpResponse } from '../../../mock/operation.ts';
import { addFlow, bytesOf, JSON_TYPE, mcpContext, request } from './context.ts';

const HEADERS = { ...JSON_TYPE, accept: 'application/json, text/event-stream' };

const jsonOf = ({ body }: HttpResponse) => (body as { json: { error: { code: number; message: string } } }).json;
const eventOf = ({ body }: HttpResponse) =>
  JSON.parse(/^event: message\r\ndata: (.*)\r\n\r\n$/.exec((body as { chunks: string[] }).chunks[0] ?? '')?.[1] ?? '');

test('a request is answered with one event', async () => {
  const response = await takeMessage(bytesOf(request('ping')), mcpContext(HEADERS));
  expect([response.status, response.headers['content-type']]).toEqual([200, 'text/event-stream']);
  expect(eventOf(response)).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
});

test('a notification is accepted without a body', async () => {
  const response = await takeMessage(
    bytesOf({ jsonrpc: '2.0', method: 'notifications/initialized' }),
    mcpContext(HEADERS),
  );
  expect([response.status, response.body]).toEqual([202, undefined]);
});

test.each([
  ['another media type', { ...HEADERS, 'content-type': 'text/plain' }, '{}', 400],
  ['a media type that only begins alike', { ...HEADERS, 'content-type': 'application/jsonp' }, '{}', 415],
  ['no stream accepted', { ...HEADERS, accept: 'application/json' }, '{}', 406],
  [
    'a version that nobody has',
    { ...HEADERS, 'mcp-protocol-version': '1999-01-01' },
    JSON.stringify(request('ping')),
    400,
  ],
  ['no JSON', HEADERS, '{', 400],
  ['no message', HEADERS, '[]', 400],
])('a message with %s is refused', async (_what, headers, body, status) => {
  expect((await takeMessage(Buffer.from(body), mcpContext(headers))).status).toBe(status);
});

test('a broken body is refused with its place', async () => {
  const response = await takeMessage(Buffer.from('{\n  "a": nope}'), mcpContext(HEADERS));
  expect(jsonOf(response).error).toEqual({
    code: -32700,
    message: 'Parse error: Expecting value: line 2 column 8 (char 9)',
  });
});

test('a version is not looked at in initialize', async () => {
  const params = { protocolVersion: '1999-01-01', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  const response = await takeMessage(
    bytesOf(request('initialize', params)),
    mcpContext({ ...HEADERS, 'mcp-protocol-version': '1999-01-01' }),
  );
  expect(eventOf(response).result.protocolVersion).toBe('2025-11-25');
});

test('a stream opens for who accepts events, and is not resumed', () => {
  const response = openStream(mcpContext({ accept: 'text/event-stream' }));
  expect(response.status).toBe(200);
  (response.body as { chunks: PassThrough }).chunks.destroy();
  expect(openStream(mcpContext({ accept: 'application/json' })).status).toBe(406);
  expect(openStream(mcpContext({ accept: 'text/event-stream', 'last-event-id': '4' })).status).toBe(500);
});

test('a session can not be ended', () => {
  expect(endSession().status).toBe(405);
});

test('a flow whose graph can not be read breaks the list of nobody', async () => {
  const context = mcpContext(HEADERS);
  addFlow(context, 'broken', {
    nodes: [{ id: 'TextInput-1', data: { type: 'TextInput', node: { template: {}, outputs: 5 } } }],
    edges: [],
  });
  addFlow(context, 'whole', { nodes: [], edges: [] });
  const { result } = eventOf(await takeMessage(bytesOf(request('tools/list')), context));
  expect(result.tools.map(({ name }: { name: string }) => name)).toEqual(['whole']);
});
