import type { OperationId } from '../spec/operations.ts';
import { messages } from './support/conversation.ts';
import { call, expect, raw, requirement } from './support/index.ts';
import {
  ask,
  BOTH,
  errorOf,
  initialize,
  notification,
  refusal,
  request,
  rpcResponse,
  send,
  type Tool,
  toolCall,
  VERSIONS,
} from './support/mcp.ts';
import { open } from './support/open-stream.ts';
import { givenFlow } from './support/runs.ts';

const POST = 'sendMcpRequest';
const EVENTS = { accept: 'text/event-stream' };
const OLD = { 'mcp-protocol-version': '1999-01-01' };

const readOnly = { readOnly: true };

requirement('MCP-001', readOnly, async () => {
  expect((await call('checkMcpStream', { as: null }).expectStatus(200)).bytes).toHaveLength(0);
});

requirement('MCP-005', readOnly, async () => {
  const live = await open('openMcpStream', { headers: EVENTS });
  // Otherwise it would end before the response.
  await ask(POST, request('ping'));
  await ask(POST, request('tools/list'));
  expect(live.ended).toBe(false);
  const { status, headers, text } = await live.close();
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' });
  expect(text).toBe('');
});

requirement('MCP-006', readOnly, async () => {
  for (const accept of ['application/json', '*/*', 'text/html']) {
    expect((await call('openMcpStream', { headers: { accept } }).expectStatus(406)).body).toEqual(refusal(-32600));
  }
});

requirement('MCP-007', readOnly, async () => {
  const { body } = await call('openMcpStream', { headers: { ...EVENTS, ...OLD } }).expectStatus(400);
  expect(body).toEqual(refusal(-32600));
});

requirement('MCP-008', readOnly, async () => {
  await call('openMcpStream', { headers: { ...EVENTS, 'last-event-id': '1' } }).expectStatus(500);
});

requirement('MCP-009', readOnly, async () => {
  for (const headers of [{}, { 'mcp-session-id': 'any' }]) {
    const { body } = await call('endMcpSession', { headers }).expectStatus(405);
    expect(body).toEqual(refusal(-32600));
  }
});

requirement('MCP-010', readOnly, async () => {
  for (const version of VERSIONS) {
    const result = await ask(POST, initialize(version));
    expect(result.protocolVersion).toBe(version);
    expect(result.serverInfo).toEqual({ name: 'langflow-mcp-server', version: expect.stringMatching(/^\d+\./) });
    expect(result.capabilities).toMatchObject({
      prompts: { listChanged: false },
      resources: { listChanged: false, subscribe: false },
      tools: { listChanged: false },
    });
  }
});

requirement('MCP-011', readOnly, async () => {
  for (const version of ['1999-01-01', '2099-01-01', 'none'])
    expect((await ask(POST, initialize(version))).protocolVersion).toBe(VERSIONS.at(-1));
});

requirement('MCP-012', readOnly, async () => {
  const first = await send(POST, initialize()).expectStatus(200);
  expect(first.headers).not.toHaveProperty('mcp-session-id');
  expect(await ask(POST, request('tools/list'))).toHaveProperty('tools');
  expect(await ask(POST, request('ping'), { headers: { 'mcp-session-id': 'any' } })).toEqual({});
});

requirement('MCP-013', readOnly, async () => {
  for (const id of [7, 0, 'seven', '']) {
    const sent = request('ping', undefined, id);
    const response = await send(POST, sent).expectStatus(200);
    expect(response.headers['content-type']).toMatch(/^text\/event-stream(;|$)/);
    expect(rpcResponse(response, id).result).toEqual({});
  }
});

requirement('MCP-014', readOnly, async () => {
  const taken = [
    notification('notifications/initialized'),
    notification('notifications/nothing'),
    { jsonrpc: '2.0', id: 1, result: {} },
    { jsonrpc: '2.0', id: 'x', error: { code: 1, message: 'no' } },
    // A message without an id is a notification, and runs nothing.
    notification('tools/list'),
  ];
  for (const message of taken) expect((await send(POST, message).expectStatus(202)).bytes).toHaveLength(0);
});

requirement('MCP-015', readOnly, async () => {
  expect(await ask(POST, request('ping'))).toEqual({});
  expect(await ask(POST, request('ping', {}))).toEqual({});
});

requirement('MCP-016', readOnly, async () => {
  for (const [method, params] of [
    ['prompts/get', { name: 'x' }],
    ['resources/templates/list', undefined],
    ['logging/setLevel', { level: 'info' }],
    ['resources/subscribe', { uri: 'any://where' }],
  ] as const) {
    expect(await errorOf(POST, request(method, params)), method).toBe(-32601);
  }
  for (const [method, params] of [
    ['no/such', {}],
    ['initialize', {}],
    ['tools/call', {}],
    ['tools/call', { name: 'x', arguments: [] }],
  ] as const) {
    expect(await errorOf(POST, request(method, params)), method).toBe(-32602);
  }
});

requirement('MCP-017', readOnly, async () => {
  expect(await ask(POST, request('prompts/list'))).toEqual({ prompts: [] });
});

requirement('MCP-050', readOnly, async () => {
  for (const accept of ['application/json', 'text/event-stream', '*/*']) {
    const { body } = await send(POST, request('ping'), { headers: { accept }, valid: false }).expectStatus(406);
    expect(body).toEqual(refusal(-32600));
  }
  for (const accept of ['text/event-stream;q=0.5,application/json', 'text/html, application/json, text/event-stream']) {
    expect(await ask(POST, request('ping'), { headers: { accept } })).toEqual({});
  }
});

const withBody = (rawBody: string | Buffer, headers: Record<string, string> = {}) =>
  call(POST, { rawBody, headers: { ...BOTH, 'content-type': 'application/json', ...headers }, valid: false });

requirement('MCP-051', readOnly, async () => {
  const ping = JSON.stringify(request('ping'));
  for (const type of ['text/plain', 'application/xml']) {
    const { text } = await withBody(ping, { 'content-type': type }).expectStatus(400);
    expect(text).toBe('Invalid Content-Type header');
  }
  const { body } = await withBody(ping, { 'content-type': 'application/json-patch+json' }).expectStatus(415);
  expect(body).toEqual(refusal(-32600));
  await withBody(ping, { 'content-type': 'application/json; charset=utf-8' }).expectStatus(200);
});

requirement('MCP-052', readOnly, async () => {
  for (const text of ['{bad', '', '{"jsonrpc":"2.0"'])
    expect((await withBody(text).expectStatus(400)).body).toEqual(refusal(-32700));
});

requirement('MCP-053', readOnly, async () => {
  const ping = request('ping');
  for (const wrong of [
    [],
    [ping],
    'text',
    1,
    null,
    {},
    { ...ping, jsonrpc: '1.0' },
    { jsonrpc: '2.0', id: 1 },
    { ...ping, params: [1] },
  ]) {
    expect((await withBody(JSON.stringify(wrong)).expectStatus(400)).body, JSON.stringify(wrong)).toEqual(
      refusal(-32602),
    );
  }
});

requirement('MCP-054', readOnly, async () => {
  for (const message of [request('ping'), notification('notifications/initialized')]) {
    const { body } = await send(POST, message, { headers: OLD, valid: false }).expectStatus(400);
    expect(body).toEqual(refusal(-32600));
  }
  expect(await ask(POST, initialize(), { headers: OLD })).toHaveProperty('protocolVersion');
  for (const version of VERSIONS)
    expect(await ask(POST, request('ping'), { headers: { 'mcp-protocol-version': version } })).toEqual({});
});

requirement('MCP-055', readOnly, async () => {
  expect((await withBody(Buffer.from([0x7b, 0xff, 0x7d])).expectStatus(500)).body).toEqual(refusal(-32603));
});

const SLASHED = ['openMcpStreamSlash', 'sendMcpRequestSlash', 'endMcpSessionSlash'] as const;
const UNVERSIONED = ['openMcpStreamUnversioned', 'sendMcpRequestUnversioned', 'endMcpSessionUnversioned'] as const;
const BOTH_WAYS = [
  'openMcpStreamUnversionedSlash',
  'sendMcpRequestUnversionedSlash',
  'endMcpSessionUnversionedSlash',
] as const;

/** Each operation behaves like its twin, and refuses the same requests. */
async function answersAlike([get, post, remove]: typeof SLASHED | typeof UNVERSIONED | typeof BOTH_WAYS) {
  const { status, headers } = await (await open(get, { headers: EVENTS })).close();
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/event-stream');
  await call(get, { headers: OLD }).expectStatus(406);
  await call(get, { headers: { ...EVENTS, ...OLD } }).expectStatus(400);
  for (const message of [initialize(), request('ping'), request('prompts/list')])
    expect(await ask(post, message)).toEqual(await ask(POST, message));
  expect(await errorOf(post, request('no/such'))).toBe(-32602);
  const flow = await givenFlow('echo');
  const tools = async (operation: OperationId) =>
    (await ask(operation, request('tools/list'))).tools.filter(({ description }: Tool) =>
      description.startsWith(flow.id),
    );
  const [tool] = await tools(POST);
  expect(await tools(post)).toEqual([tool]);
  expect(await ask(post, toolCall(tool?.name ?? '', 'hello'))).toEqual({
    content: [{ type: 'text', text: 'hello' }],
    isError: false,
  });
  expect(await messages({ flow_id: flow.id })).toHaveLength(2);
  await send(post, notification('notifications/initialized')).expectStatus(202);
  await send(post, request('ping'), { headers: { accept: 'application/json' }, valid: false }).expectStatus(406);
  await send(post, [], { valid: false }).expectStatus(400);
  await send(post, request('ping'), { headers: { 'content-type': 'application/json-seq' }, valid: false }).expectStatus(
    415,
  );
  expect((await call(remove).expectStatus(405)).body).toEqual(refusal(-32600));
}

requirement('MCP-060', async () => {
  await answersAlike(SLASHED);
  for (const path of ['/api/v1/mcp/streamable/', '/api/mcp/streamable/']) await raw('HEAD', path).expectStatus(405);
});

requirement('MCP-061', async () => {
  expect((await call('checkMcpStreamUnversioned', { as: null }).expectStatus(200)).bytes).toHaveLength(0);
  for (const twins of [UNVERSIONED, BOTH_WAYS]) await answersAlike(twins);
});
