import { messages } from './support/conversation.ts';
import { apiKeyOf, call, expect, given, malformed, people, person, requirement } from './support/index.ts';
import {
  ask,
  BOTH,
  errorOf,
  givenToolOfVariable,
  initialize,
  notification,
  refusal,
  request,
  rpcResponse,
  send,
  type Tool,
  textsOf,
  toolCall,
  toolName,
} from './support/mcp.ts';
import { open } from './support/open-stream.ts';
import { givenFlow } from './support/runs.ts';
import { validationErrors } from './support/validation-errors.ts';

const POST = 'sendProjectMcpRequest';
const EVENTS = { accept: 'text/event-stream' };
const NOWHERE = '00000000-0000-4000-8000-000000000000';

/** Path and API key for a request to a project's MCP server. */
const at = (project: { id: string }, who: 'alice' | 'bob' = 'alice') => ({
  path: { project_id: project.id },
  as: who,
  via: 'header' as const,
});
const listed = async (project: { id: string }): Promise<Tool[]> =>
  (await ask(POST, request('tools/list'), at(project))).tools;

requirement('MCPTRANSPORT-001', { readOnly: true }, async () => {
  const head = (project_id: string) => call('checkProjectMcpStream', { path: { project_id }, as: null });
  expect((await head(NOWHERE).expectStatus(200)).bytes).toHaveLength(0);
  await head('no-uuid').expectStatus(422);
});

requirement('MCPTRANSPORT-002', async () => {
  const project = await given.project();
  const live = await open('openProjectMcpStream', { ...at(project), headers: EVENTS });
  await ask(POST, request('tools/list'), at(project));
  expect(live.ended).toBe(false);
  const { status, headers, text } = await live.close();
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' });
  expect(text).toBe('');
  const { body } = await call('openProjectMcpStream', {
    ...at(project),
    headers: { accept: 'application/json' },
  }).expectStatus(406);
  expect(body).toEqual(refusal(-32600));
  await call('openProjectMcpStream', {
    ...at(project),
    headers: { ...EVENTS, 'mcp-protocol-version': '1999-01-01' },
  }).expectStatus(400);
});

requirement('MCPTRANSPORT-003', async () => {
  const project = await given.project();
  for (const headers of [{}, { 'mcp-session-id': 'any' }]) {
    expect((await call('endProjectMcpSession', { ...at(project), headers }).expectStatus(405)).body).toEqual(
      refusal(-32600),
    );
  }
});

requirement('MCPTRANSPORT-004', async () => {
  const project = await given.project();
  for (const operation of ['openProjectMcpStream', 'endProjectMcpSession'] as const) {
    await call(operation, { ...at(project), as: null, headers: EVENTS }).expectStatus(401);
    await call(operation, { ...at(project, 'bob'), headers: EVENTS }).expectStatus(404);
    await call(operation, { ...at({ id: NOWHERE }), headers: EVENTS }).expectStatus(404);
    await call(operation, { ...at({ id: 'no-uuid' }), headers: EVENTS, valid: false }).expectStatus(422);
  }
});

requirement('MCPTRANSPORT-010', async () => {
  const project = await given.project();
  const { serverInfo, protocolVersion, capabilities } = await ask(POST, initialize('2025-03-26'), at(project));
  expect(serverInfo.name).toBe(`langflow-mcp-project-${project.id}`);
  expect(protocolVersion).toBe('2025-03-26');
  expect(capabilities).toMatchObject({
    prompts: { listChanged: false },
    resources: { listChanged: false, subscribe: false },
    tools: { listChanged: false },
  });
});

requirement('MCPTRANSPORT-011', async () => {
  const project = await given.project();
  const [enabled, other] = [toolName(), toolName()];
  const flow = await given.flow({ name: enabled, folder_id: project.id, mcp_enabled: true });
  await given.flow({ name: other, folder_id: project.id });
  await given.flow({ name: toolName(), folder_id: project.id, mcp_enabled: true, is_component: true });
  await given.flow({ name: toolName(), mcp_enabled: true });
  expect((await listed(project)).map(({ name }) => name)).toEqual([enabled]);
  await call('updateFlow', { path: { flow_id: flow.id }, body: { mcp_enabled: false } }).expectStatus(200);
  expect(await listed(project)).toEqual([]);
});

requirement('MCPTRANSPORT-012', async () => {
  const project = await given.project();
  const [plain, bare, action] = [toolName(), toolName(), toolName('action')];
  const mine = { folder_id: project.id, mcp_enabled: true };
  await given.flow({
    ...mine,
    name: toolName(),
    action_name: `${action}!`,
    action_description: 'Does it',
    description: 'Is not told',
  });
  await given.flow({ ...mine, name: plain, description: 'Is told' });
  await givenFlow('echo', { ...mine, name: bare, description: null });
  const inputSchema = { type: 'object', properties: {}, required: [] };
  expect(await listed(project)).toEqual([
    { name: action, description: 'Does it', inputSchema },
    { name: plain, description: 'Is told', inputSchema },
    {
      name: bare,
      description: `Tool generated from flow: ${bare}`,
      inputSchema: { ...inputSchema, properties: { input_value: { type: 'string', description: expect.any(String) } } },
    },
  ]);
});

requirement('MCPTRANSPORT-013', async () => {
  const project = await given.project();
  const [action, name] = [toolName('action'), toolName()];
  const flow = await givenFlow('prompt', { name, folder_id: project.id, mcp_enabled: true, action_name: action });
  expect(await ask(POST, toolCall(action, 'hello'), at(project))).toEqual({
    content: [{ type: 'text', text: 'You said: hello' }],
    isError: false,
  });
  expect((await messages({ flow_id: flow.id })).map(({ text }) => text)).toEqual(['hello', 'You said: hello']);
  const unknown = await ask(POST, toolCall(name, 'hello'), at(project));
  expect(unknown.isError).toBe(true);
  expect(textsOf(unknown)).toEqual([expect.stringContaining(name)]);
  expect((await ask(POST, toolCall(action, 5), at(project))).isError).toBe(true);
});

requirement('MCPTRANSPORT-014', async () => {
  const project = await given.project();
  const name = toolName();
  const flow = await givenFlow('echo', { name, mcp_enabled: true });
  expect((await ask(POST, toolCall(name, 'hello'), at(project))).isError).toBe(true);
  expect(await messages({ flow_id: flow.id })).toEqual([]);
});

requirement('MCPTRANSPORT-015', async () => {
  const project = await given.project();
  const name = toolName();
  await givenFlow('echo', { name, folder_id: project.id });
  expect(textsOf(await ask(POST, toolCall(name, 'hello'), at(project)))).toEqual(['hello']);
});

requirement('MCPTRANSPORT-016', async () => {
  const project = await given.project();
  const { name, variable } = await givenToolOfVariable(project);
  const headers = { [`X-LANGFLOW-GLOBAL-VAR-${variable}`]: 'of the header' };
  expect(textsOf(await ask(POST, toolCall(name), { ...at(project), headers }))).toEqual(['of the header']);
  expect(textsOf(await ask('sendMcpRequest', toolCall(name), { headers }))).toEqual([
    expect.stringContaining(variable),
  ]);
});

requirement('MCPTRANSPORT-020', async () => {
  const place = { path: { project_id: (await given.project()).id } };
  const tried = [
    await send(POST, request('ping'), { ...place, as: null }).expectStatus(401),
    ...(people.alice.token ? [await send(POST, request('ping'), { ...place, via: 'bearer' }).expectStatus(401)] : []),
  ];
  for (const { body } of tried) expect(body).toEqual({ detail: expect.any(String) });
  for (const via of ['header', 'query'] as const)
    expect(await ask(POST, request('ping'), { ...place, as: 'alice', via })).toEqual({});
});

requirement('MCPTRANSPORT-021', async () => {
  const path = { project_id: (await given.project()).id };
  const key = await apiKeyOf(people.alice);
  const [good, bad] = [{ 'x-api-key': key }, { 'x-api-key': 'sk-not-a-key' }];
  const both = (headers: Record<string, string>, query: Record<string, string>) =>
    send(POST, request('ping'), { path, as: { label: 'keys', headers, query }, valid: false });
  await both(bad, {}).expectStatus(401).expectBody({ detail: 'Invalid API key' });
  await both({}, bad).expectStatus(401);
  await both(good, bad).expectStatus(401);
  expect(rpcResponse(await both(bad, good).expectStatus(200), expect.anything()).result).toEqual({});
});

requirement('MCPTRANSPORT-022', async () => {
  const project = await given.project();
  const { body } = await send(POST, request('ping'), at(project, 'bob')).expectStatus(404);
  expect(body).toEqual({ detail: expect.any(String) });
  const theirs = await given.project({ as: 'bob' });
  await send(POST, request('ping'), at(theirs)).expectStatus(404);
  expect(await ask(POST, request('ping'), at(theirs, 'bob'))).toEqual({});
});

requirement('MCPTRANSPORT-023', async () => {
  await send(POST, request('ping'), at({ id: NOWHERE })).expectStatus(404);
  await send(POST, request('ping'), { ...at({ id: NOWHERE }), as: null }).expectStatus(404);
});

requirement('MCPTRANSPORT-024', async () => {
  for (const as of ['alice', null] as const) {
    const { body } = await send(POST, request('ping'), { ...at({ id: 'no-uuid' }), as, valid: false }).expectStatus(
      422,
    );
    expect(validationErrors(body)[0]).toMatchObject({ type: 'uuid_parsing', loc: ['path', 'project_id'] });
  }
});

requirement('MCPTRANSPORT-025', async () => {
  const project = await given.project({ auth_settings: { auth_type: 'none' } });
  const name = toolName();
  const flow = await givenFlow('echo', { name, folder_id: project.id, mcp_enabled: true });
  const path = { project_id: project.id };
  for (const as of [null, { label: 'bad key', headers: { 'x-api-key': 'sk-not-a-key' } }, 'bob'] as const) {
    const { tools } = await ask(POST, request('tools/list'), { path, as });
    expect(tools.map((tool: Tool) => tool.name)).toEqual([name]);
  }
  // Only the superuser's flows run here, and alice is not the superuser.
  expect(person('alice').superuser).toBe(false);
  expect((await ask(POST, toolCall(name, 'hello'), at(project))).isError).toBe(true);
  expect(await messages({ flow_id: flow.id })).toEqual([]);
});

requirement('MCPTRANSPORT-026', async () => {
  const place = { ...at(await given.project()), valid: false };
  const withBody = (rawBody: string, headers: Record<string, string> = {}) =>
    call(POST, { ...place, rawBody, headers: { ...BOTH, 'content-type': 'application/json', ...headers } });
  const ping = JSON.stringify(request('ping'));
  expect((await withBody(ping, { accept: 'application/json' }).expectStatus(406)).body).toEqual(refusal(-32600));
  expect((await withBody('{bad').expectStatus(400)).body).toEqual(refusal(-32700));
  expect((await withBody(`[${ping}]`).expectStatus(400)).body).toEqual(refusal(-32602));
  expect((await withBody(ping, { 'mcp-protocol-version': '1999-01-01' }).expectStatus(400)).body).toEqual(
    refusal(-32600),
  );
  expect((await withBody(ping, { 'content-type': 'text/plain' }).expectStatus(400)).text).toBe(
    'Invalid Content-Type header',
  );
  expect((await withBody(ping, { 'content-type': 'application/json-seq' }).expectStatus(415)).body).toEqual(
    refusal(-32600),
  );
  await withBody(ping).expectStatus(200);
});

requirement('MCPTRANSPORT-027', async () => {
  const project = await given.project();
  expect(
    (await send(POST, notification('notifications/initialized'), at(project)).expectStatus(202)).bytes,
  ).toHaveLength(0);
});

requirement('MCPTRANSPORT-050', async () => {
  const project = await given.project();
  const name = toolName();
  const flow = await givenFlow('echo', { name, folder_id: project.id, mcp_enabled: true });
  const live = await open('openProjectMcpStreamSlash', { ...at(project), headers: EVENTS });
  expect((await live.close()).status).toBe(200);
  const twin = 'sendProjectMcpRequestSlash';
  for (const message of [initialize(), request('tools/list')])
    expect(await ask(twin, message, at(project))).toEqual(await ask(POST, message, at(project)));
  expect(await errorOf(twin, request('no/such'), at(project))).toBe(-32602);
  expect(await errorOf(POST, request('no/such'), at(project))).toBe(-32602);
  expect(await ask(twin, toolCall(name, 'hello'), at(project))).toEqual({
    content: [{ type: 'text', text: 'hello' }],
    isError: false,
  });
  expect(await messages({ flow_id: flow.id })).toHaveLength(2);
  await send(twin, request('ping'), {
    ...at(project),
    headers: { accept: 'application/json' },
    valid: false,
  }).expectStatus(406);
  await send(twin, [], { ...at(project), valid: false }).expectStatus(400);
  expect((await call('endProjectMcpSessionSlash', at(project)).expectStatus(405)).body).toEqual(refusal(-32600));
  await call('openProjectMcpStreamSlash', { ...at(project), headers: { accept: 'text/html' } }).expectStatus(406);
  for (const operation of ['openProjectMcpStreamSlash', twin, 'endProjectMcpSessionSlash'] as const) {
    const body = operation === twin ? malformed(request('ping')) : undefined;
    await call(operation, { ...at({ id: NOWHERE }), body }).expectStatus(404);
    await call(operation, { ...at({ id: 'no-uuid' }), body, valid: false }).expectStatus(422);
  }
});
