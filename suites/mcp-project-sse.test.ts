import { messages } from './support/conversation.ts';
import { call, expect, given, requirement } from './support/index.ts';
import {
  givenToolOfVariable,
  initialize,
  messagesOf,
  openInitializedSession,
  openSession,
  request,
  toolCall,
  toolName,
} from './support/mcp.ts';
import { givenFlow } from './support/runs.ts';

const [OPEN, POST] = ['openProjectMcpSse', 'sendProjectMcpMessage'] as const;
const NOWHERE = '00000000-0000-4000-8000-000000000000';
const NO_SESSION = NOWHERE.replaceAll('-', '');
const JSON_TYPE = { 'content-type': 'application/json' };

const at = (project: { id: string }, who: 'alice' | 'bob' = 'alice') => ({
  path: { project_id: project.id },
  as: who,
  via: 'header' as const,
});

requirement('MCPTRANSPORT-030', { readOnly: true }, async () => {
  for (const project_id of [NOWHERE, 'no-uuid']) {
    expect((await call('checkProjectMcpSse', { path: { project_id }, as: null }).expectStatus(200)).bytes).toHaveLength(
      0,
    );
  }
});

requirement('MCPTRANSPORT-031', async () => {
  const project = await given.project();
  const { live, endpoint, ask } = await openSession(OPEN, POST, at(project));
  expect(endpoint.pathname).toBe(`/api/v1/mcp/project/${project.id}/`);
  expect(endpoint.searchParams.get('session_id')).toMatch(/^[0-9a-f]{32}$/);
  expect(await ask(request('ping'))).toMatchObject({ result: {} });
  const { status, headers } = await live.close();
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': expect.stringMatching(/^text\/event-stream(;|$)/),
    'cache-control': 'no-store',
  });
});

requirement('MCPTRANSPORT-032', async () => {
  const project = await given.project();
  await call(OPEN, { ...at(project), as: null }).expectStatus(401);
  await call(OPEN, at(project, 'bob')).expectStatus(404);
  await call(OPEN, at({ id: NOWHERE })).expectStatus(404);
  await call(OPEN, { ...at({ id: 'no-uuid' }), valid: false }).expectStatus(422);
});

requirement('MCPTRANSPORT-033', async () => {
  for (const who of ['alice', 'admin'] as const) {
    const project = await given.project({ as: who, auth_settings: { auth_type: 'none' } });
    const anyone = { path: { project_id: project.id }, as: null };
    if (who === 'alice') await call(OPEN, anyone).expectStatus(404);
    else expect(await (await openSession(OPEN, POST, anyone)).ask(request('ping'))).toMatchObject({ result: {} });
  }
});

requirement('MCPTRANSPORT-040', async () => {
  const project = await given.project();
  const name = toolName();
  await given.flow({ name, folder_id: project.id, mcp_enabled: true });
  const { post, ask, live } = await openSession(OPEN, POST, at(project));
  expect(await post(initialize(), { valid: true })).toMatchObject({ status: 202, text: 'Accepted' });
  const [first] = messagesOf(await live.until((text) => messagesOf(text).length === 1));
  expect(first?.result.serverInfo.name).toBe(`langflow-mcp-project-${project.id}`);
  expect(first?.result.capabilities.tools).toEqual({ listChanged: true });
  expect((await ask(request('tools/list'))).result.tools).toMatchObject([{ name }]);
});

requirement('MCPTRANSPORT-041', async () => {
  const project = await given.project();
  const { name, variable, flow } = await givenToolOfVariable(project);
  const session = await openInitializedSession(OPEN, POST, {
    ...at(project),
    headers: { [`X-LANGFLOW-GLOBAL-VAR-${variable}`]: 'of the header' },
  });
  expect((await session.ask(toolCall(name))).result).toEqual({
    content: [{ type: 'text', text: 'of the header' }],
    isError: false,
  });
  expect(await messages({ flow_id: flow.id })).toHaveLength(1);
});

requirement('MCPTRANSPORT-042', async () => {
  const project = await given.project();
  const { post } = await openSession(OPEN, POST, at(project));
  const ping = request('ping');
  expect((await post(ping, { as: null })).status).toBe(401);
  expect((await post(ping, { as: { label: 'bad key', headers: { 'x-api-key': 'sk-not-a-key' } } })).status).toBe(401);
  expect((await post(ping, { as: 'bob' })).status).toBe(404);
  expect((await post(ping)).status).toBe(202);
});

requirement('MCPTRANSPORT-043', async () => {
  const [project, other] = [await given.project(), await given.project()];
  const { endpoint, post } = await openSession(OPEN, POST, at(project));
  const session_id = endpoint.searchParams.get('session_id') ?? '';
  const ping = request('ping');
  for (const id of [undefined, 'none', 'g'.repeat(32)])
    expect((await post(ping, { query: { session_id: id } })).status).toBe(400);
  expect((await post(ping, { query: { session_id: NO_SESSION } })).status).toBe(404);
  expect((await post(ping, at(other))).status).toBe(404);
  await call('sendMcpMessage', { query: { session_id }, body: ping }).expectStatus(404);
  await call(POST, { ...at({ id: 'no-uuid' }), query: { session_id }, body: ping, valid: false }).expectStatus(422);
  expect((await post(ping)).status).toBe(202);
});

requirement('MCPTRANSPORT-044', async () => {
  const session = await openSession(OPEN, POST, at(await given.project()));
  const ping = JSON.stringify(request('ping'));
  for (const rawBody of ['{bad', `[${ping}]`]) {
    expect((await session.post(undefined, { rawBody, headers: JSON_TYPE, valid: false })).status).toBe(400);
  }
  expect(
    (await session.post(undefined, { rawBody: ping, headers: { 'content-type': 'text/plain' }, valid: false })).status,
  ).toBe(400);
  expect(await session.ask(request('ping'))).toMatchObject({ result: {} });
});

requirement('MCPTRANSPORT-051', async () => {
  const project = await given.project();
  const name = toolName();
  const flow = await givenFlow('echo', { name, folder_id: project.id });
  const twin = 'sendProjectMcpMessageNoSlash';
  const session = await openInitializedSession(OPEN, twin, at(project));
  expect((await session.ask(toolCall(name, 'hello'))).result).toEqual({
    content: [{ type: 'text', text: 'hello' }],
    isError: false,
  });
  expect(await messages({ flow_id: flow.id })).toHaveLength(2);
  expect((await session.post(request('ping'), { query: {} })).status).toBe(400);
  expect((await session.post(request('ping'), { query: { session_id: NO_SESSION } })).status).toBe(404);
  expect((await session.post(request('ping'), { as: null })).status).toBe(401);
  await call(twin, { ...at({ id: 'no-uuid' }), body: request('ping'), valid: false }).expectStatus(422);
});
