import { messages } from './support/conversation.ts';
import { call, expect, malformed, requirement, uniqueName } from './support/index.ts';
import {
  initialize,
  messagesOf,
  notification,
  openInitializedSession,
  openSession,
  request,
  type SseSession,
  textsOf,
  toolCall,
} from './support/mcp.ts';
import { givenFlow } from './support/runs.ts';

const [OPEN, POST] = ['openMcpSse', 'sendMcpMessage'] as const;
const JSON_TYPE = { 'content-type': 'application/json' };
const NO_SESSION = '00000000000040008000000000000000';

const readOnly = { readOnly: true };
const toolName = () => uniqueName('flow').replaceAll(/[ -]/g, '_').toLowerCase();
const newSession = () => openSession(OPEN, POST);

requirement('MCPSSE-001', readOnly, async () => {
  expect((await call('checkMcpSse', { as: null }).expectStatus(200)).bytes).toHaveLength(0);
});

requirement('MCPSSE-002', readOnly, async () => {
  const { live, endpoint, ask } = await newSession();
  expect(endpoint.pathname).toBe('/api/v1/mcp/');
  expect(endpoint.searchParams.get('session_id')).toMatch(/^[0-9a-f]{32}$/);
  expect(await ask(request('ping'))).toMatchObject({ result: {} });
  const { status, headers } = await live.close();
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': expect.stringMatching(/^text\/event-stream(;|$)/),
    'cache-control': 'no-store',
  });
});

requirement('MCPSSE-003', readOnly, async () => {
  const [first, second] = [await newSession(), await newSession()];
  expect(first.endpoint.search).not.toBe(second.endpoint.search);
  await first.ask(request('ping', undefined, 'of the first'));
  await second.ask(request('ping', undefined, 'of the second'));
  const said = await Promise.all(
    [first, second].map(async ({ live }) => messagesOf((await live.close()).text).map(({ id }) => id)),
  );
  expect(said).toEqual([['of the first'], ['of the second']]);
});

requirement('MCPSSE-010', readOnly, async () => {
  const { live, post, ask } = await newSession();
  expect((await post(initialize()).then(expectAccepted)).text).toBe('Accepted');
  await live.until((text) => messagesOf(text).length === 1);
  expectAccepted(await post(notification('notifications/initialized')));
  expect(await ask(request('prompts/list', undefined, 'a text'))).toEqual({
    jsonrpc: '2.0',
    id: 'a text',
    result: { prompts: [] },
  });
  expect(await ask(request('prompts/get', { name: 'x' }))).toMatchObject({ error: { code: -32601 } });
  expect(await ask(request('no/such'))).toMatchObject({ error: { code: -32602 } });
  expect(messagesOf((await live.close()).text)).toHaveLength(4);
});

function expectAccepted<T extends { status: number }>(response: T): T {
  expect(response.status).toBe(202);
  return response;
}

requirement('MCPSSE-011', readOnly, async () => {
  const { ask } = await newSession();
  const { result } = await ask(initialize('2024-11-05'));
  expect(result.protocolVersion).toBe('2024-11-05');
  expect(result.serverInfo.name).toBe('langflow-mcp-server');
  expect(result.capabilities).toMatchObject({
    prompts: { listChanged: true },
    resources: { listChanged: true, subscribe: false },
    tools: { listChanged: true },
  });
});

requirement('MCPSSE-012', readOnly, async () => {
  const [first, second] = [await newSession(), await newSession()];
  for (const { ask } of [first, second]) {
    expect(await ask(request('tools/list'))).toMatchObject({ error: { code: -32602 } });
    expect(await ask(request('ping'))).toMatchObject({ result: {} });
  }
  await first.ask(initialize());
  expectAccepted(await second.post(notification('notifications/initialized')));
  for (const { ask } of [first, second])
    expect(await ask(request('prompts/list'))).toMatchObject({ result: { prompts: [] } });
});

requirement('MCPSSE-013', async () => {
  const name = toolName();
  const flow = await givenFlow('echo', { name, as: 'bob' });
  const [alice, bob] = [
    await openInitializedSession(OPEN, POST),
    await openInitializedSession(OPEN, POST, { as: 'bob' }),
  ];
  expect((await bob.ask(toolCall(name, 'hello'))).result).toEqual({
    content: [{ type: 'text', text: 'hello' }],
    isError: false,
  });
  expect((await alice.ask(toolCall(name, 'hello'))).result?.isError).toBe(true);
  expect((await messages({ flow_id: flow.id }, 'bob')).map(({ text }) => text)).toEqual(['hello', 'hello']);
});

const posted = (session_id: string | undefined, body: unknown = request('ping')) =>
  call(POST, { query: { session_id }, body: malformed(body) });

requirement('MCPSSE-014', readOnly, async () => {
  for (const id of [undefined, 'none', '123', 'g'.repeat(32)])
    expect((await posted(id).expectStatus(400)).text).not.toBe('');
  await posted(NO_SESSION).expectStatus(404);
  await posted(NO_SESSION, 'no message').expectStatus(404);
  const { endpoint } = await newSession();
  await posted(endpoint.searchParams.get('session_id') ?? '').expectStatus(202);
});

const trouble = {
  jsonrpc: '2.0',
  method: 'notifications/message',
  params: { level: 'error', logger: expect.any(String), data: expect.any(String) },
};

/** Posts a body that is refused. */
const postRefused = async ({ post }: SseSession, rawBody: string, headers: Record<string, string> = JSON_TYPE) => {
  const { status, text } = await post(undefined, { rawBody, headers, valid: false });
  expect(status).toBe(400);
  expect(text).not.toBe('');
};

requirement('MCPSSE-015', readOnly, async () => {
  const session = await newSession();
  const wrong = ['{bad', '', '[]', JSON.stringify([request('ping')]), '{"jsonrpc":"1.0","id":1,"method":"ping"}'];
  for (const body of wrong) await postRefused(session, body);
  const said = await session.live.until((text) => messagesOf(text).length === wrong.length);
  expect(messagesOf(said)).toEqual(wrong.map(() => trouble));
  expect(await session.ask(request('ping'))).toMatchObject({ result: {} });
});

requirement('MCPSSE-016', readOnly, async () => {
  const session = await newSession();
  for (const type of ['text/plain', 'application/xml'])
    await postRefused(session, JSON.stringify(request('ping')), { 'content-type': type });
  await session.ask(request('ping', undefined, 'last'));
  expect(messagesOf((await session.live.close()).text).map(({ id }) => id)).toEqual(['last']);
});

requirement('MCPSSE-017', readOnly, async () => {
  const { live, post } = await newSession();
  await live.close();
  expectAccepted(await post(request('ping')));
});

requirement('MCPSSE-020', async () => {
  expect((await call('checkMcpSseUnversioned', { as: null }).expectStatus(200)).bytes).toHaveLength(0);
  const name = toolName();
  const flow = await givenFlow('echo', { name });
  const old = await openSession('openMcpSseUnversioned', 'sendMcpMessageUnversioned');
  const message = initialize();
  expect(await old.ask(message)).toEqual(await (await newSession()).ask(message));
  expect(old.endpoint.pathname).toBe('/api/v1/mcp/');
  expect((await old.ask(toolCall(name, 'hello'))).result).toEqual({
    content: [{ type: 'text', text: 'hello' }],
    isError: false,
  });
  expect(await messages({ flow_id: flow.id })).toHaveLength(2);
  const session_id = old.endpoint.searchParams.get('session_id') ?? '';
  expectAccepted(await posted(session_id, request('ping', undefined, 'by the other path')));
  await old.live.until((text) => messagesOf(text).some(({ id }) => id === 'by the other path'));
  await call('sendMcpMessageUnversioned', { body: request('ping') }).expectStatus(400);
  await call('sendMcpMessageUnversioned', { body: request('ping'), query: { session_id: NO_SESSION } }).expectStatus(
    404,
  );
  expect(textsOf((await old.ask(toolCall(name))).result)).toEqual(['']);
});
