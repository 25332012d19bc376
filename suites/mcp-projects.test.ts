import { randomUUID } from 'node:crypto';
import type { BodyOf, Schema } from '../spec/operations.ts';
import type { Malformed } from './support/call.ts';
import { type As, call, expect, given, malformed, requirement, uniqueName } from './support/index.ts';
import { validationErrors } from './support/validation-errors.ts';

interface Tool {
  id: string;
  mcp_enabled: boolean | null;
  action_name: string;
  action_description: string;
  name: string;
  description: string | null;
}

const toolsOf = async (project: { id: string }, query: { mcp_enabled?: boolean } = {}, as?: As): Promise<Tool[]> =>
  (await call('listMcpTools', { path: { project_id: project.id }, query, ...(as && { as }) }).expectStatus(200)).body
    .tools;
const authOf = async (project: { id: string }) =>
  (await call('listMcpTools', { path: { project_id: project.id } }).expectStatus(200)).body.auth_settings;
const update = (project: { id: string }, body: BodyOf<'updateMcpProject'> | Malformed, as?: As) =>
  call('updateMcpProject', { path: { project_id: project.id }, body, as });
const readFlow = async ({ id }: { id: string }) =>
  (await call('readFlow', { path: { flow_id: id } }).expectStatus(200)).body;
const idsOf = (list: { id: string }[]) => list.map(({ id }) => id).sort();

/** A project with a flow that is a tool, a flow that is not, and a component. */
async function projectWithTools() {
  const project = await given.project();
  const inside = { folder_id: project.id };
  const tool = await given.flow({
    ...inside,
    mcp_enabled: true,
    action_name: 'first_tool',
    action_description: 'The first',
  });
  const other = await given.flow(inside);
  const component = await given.flow({ ...inside, is_component: true, mcp_enabled: true });
  return { project, tool, other, component };
}

requirement('MCPPROJECTS-001', async () => {
  const { project, tool } = await projectWithTools();
  await given.flow({ mcp_enabled: true });
  expect(await toolsOf(project)).toEqual([
    {
      id: tool.id,
      mcp_enabled: true,
      action_name: 'first_tool',
      action_description: 'The first',
      name: tool.name,
      description: tool.description,
    },
  ]);
});

requirement('MCPPROJECTS-002', async () => {
  const { project, tool, other } = await projectWithTools();
  const tools = await toolsOf(project, { mcp_enabled: false });
  expect(idsOf(tools)).toEqual(idsOf([tool, other]));
  for (const { id, mcp_enabled } of tools) expect(mcp_enabled).toBe(id === tool.id);
  expect(idsOf(await toolsOf(project, { mcp_enabled: true }))).toEqual([tool.id]);
});

requirement('MCPPROJECTS-003', async () => {
  const project = await given.project();
  const inside = { folder_id: project.id, mcp_enabled: true };
  const described = await given.flow({ ...inside, name: uniqueName('Told Flow') });
  const silent = await given.flow({ ...inside, name: uniqueName('Silent Flow'), description: null });
  const tools = await toolsOf(project);
  const snake = ({ name }: { name: string }) => name.toLowerCase().replaceAll(/[ -]/g, '_');
  expect(tools.find(({ id }) => id === described.id)).toMatchObject({
    action_name: snake(described),
    action_description: described.description,
  });
  const nameless = tools.find(({ id }) => id === silent.id) as Tool;
  expect(nameless).toMatchObject({ action_name: snake(silent), description: null });
  expect(nameless.action_description).toContain(snake(silent));
});

requirement('MCPPROJECTS-004', async () => {
  const project = await given.project();
  const names = [
    ['My Tool!', 'my_tool'],
    ['Größe - ändern', 'große_andern'],
    ['2nd  try', '_2nd_try'],
    ['fun \u{1F600} with__it ', 'fun_with_it'],
    [`${'a'.repeat(45)}-${'b'.repeat(20)}`, 'a'.repeat(45)],
    ['\u{1F600}', 'unnamed'],
  ];
  for (const [action_name] of names) await given.flow({ folder_id: project.id, mcp_enabled: true, action_name });
  expect((await toolsOf(project)).map(({ action_name }) => action_name).sort()).toEqual(
    names.map(([, told]) => told).sort(),
  );
});

requirement('MCPPROJECTS-005', async () => {
  const project = await given.project();
  for (const [project_id, as] of [
    [randomUUID(), 'alice'],
    [project.id, 'bob'],
  ] as const) {
    const { status, body } = await call('listMcpTools', { path: { project_id }, as });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.detail).toMatch(/not found/i);
  }
  await toolsOf(project);
});

requirement('MCPPROJECTS-010', async () => {
  const { project, other } = await projectWithTools();
  const settings = { mcp_enabled: true, action_name: 'second_tool', action_description: 'The second' };
  await update(project, { settings: [{ id: other.id, ...settings }] }).expectStatus(200);
  expect((await toolsOf(project)).find(({ id }) => id === other.id)).toMatchObject(settings);
  expect(await readFlow(other)).toMatchObject(settings);
  await update(project, { settings: [{ id: other.id, ...settings, mcp_enabled: false }] }).expectStatus(200);
  expect(idsOf(await toolsOf(project))).not.toContain(other.id);
});

requirement('MCPPROJECTS-011', async () => {
  const { project, tool } = await projectWithTools();
  await update(project, { settings: [{ id: tool.id }] }).expectStatus(200);
  expect(await readFlow(tool)).toMatchObject({ mcp_enabled: null, action_name: null, action_description: null });
  expect(await toolsOf(project)).toEqual([]);
});

requirement('MCPPROJECTS-012', async () => {
  const [{ project, tool, other }, elsewhere] = [await projectWithTools(), await given.flow()];
  const settings = [other.id, elsewhere.id, randomUUID()].map((id) => ({
    id,
    mcp_enabled: true,
    action_name: 'changed',
  }));
  await update(project, { settings }).expectStatus(200);
  expect(await readFlow(tool)).toMatchObject({
    mcp_enabled: true,
    action_name: 'first_tool',
    action_description: 'The first',
  });
  expect(await readFlow(elsewhere)).toMatchObject({ mcp_enabled: false, action_name: null });
  expect(await readFlow(other)).toMatchObject({ mcp_enabled: true, action_name: 'changed' });
});

requirement('MCPPROJECTS-013', async () => {
  const { project, tool } = await projectWithTools();
  const settings = [
    { id: tool.id, mcp_enabled: true, action_name: 'renamed', name: uniqueName('another'), description: 'another' },
  ];
  await update(project, { settings }).expectStatus(200);
  expect(await readFlow(tool)).toMatchObject({
    name: tool.name,
    description: tool.description,
    action_name: 'renamed',
  });
});

requirement('MCPPROJECTS-014', async () => {
  const { project, tool } = await projectWithTools();
  // Times are returned in whole seconds.
  const write = async () => {
    await update(project, { settings: [{ id: tool.id, mcp_enabled: true }] }).expectStatus(200);
    return Date.parse((await readFlow(tool)).updated_at ?? '');
  };
  await expect.poll(write, { timeout: 5000, interval: 250 }).toBeGreaterThan(Date.parse(tool.updated_at ?? ''));
});

requirement('MCPPROJECTS-015', async () => {
  const { project, tool, other } = await projectWithTools();
  const settings = [tool.id, other.id, randomUUID()].map((id) => ({ id, mcp_enabled: true }));
  await update(project, { settings })
    .expectStatus(200)
    .expectJson({ message: 'Updated MCP settings for 2 flows and project auth settings' });
});

const auth = (auth_settings: Schema<'McpAuthSettings'> | null) => ({ settings: [], auth_settings });
const projectAuth = async ({ id }: { id: string }) =>
  (await call('readProject', { path: { project_id: id } }).expectStatus(200)).body.auth_settings;

requirement('MCPPROJECTS-016', async () => {
  const project = await given.project();
  const sent = { auth_type: 'none' as const, oauth_host: 'localhost', oauth_client_id: 'a client' };
  await update(project, auth(sent)).expectStatus(200);
  for (const body of [{ settings: [] }, auth(null)]) {
    await update(project, body).expectStatus(200);
    expect(await authOf(project)).toMatchObject({ ...sent, oauth_port: null, oauth_client_secret: null });
    expect(await projectAuth(project)).toEqual(sent);
  }
  await update(project, auth({ auth_type: 'apikey' })).expectStatus(200);
  expect(await authOf(project)).toMatchObject({ auth_type: 'apikey', oauth_host: null, oauth_client_id: null });
  expect(await projectAuth(project)).toEqual({ auth_type: 'apikey' });
});

requirement('MCPPROJECTS-017', async () => {
  const project = await given.project();
  const secret = randomUUID();
  await update(project, auth({ auth_type: 'none', oauth_client_secret: secret })).expectStatus(200);
  const { body, text } = await call('listMcpTools', { path: { project_id: project.id } }).expectStatus(200);
  expect(body.auth_settings?.oauth_client_secret).toMatch(/^\*+$/);
  const read = await call('readProject', { path: { project_id: project.id } }).expectStatus(200);
  expect(read.body.auth_settings?.oauth_client_secret).toBeTypeOf('string');
  expect(text + read.text).not.toContain(secret);
});

requirement('MCPPROJECTS-018', async () => {
  const project = await given.project();
  const { body } = await update(
    project,
    auth({ auth_type: 'oauth', oauth_host: 'localhost', oauth_port: '9' }),
  ).expectStatus(200);
  expect(body.result).toMatchObject({ project_id: project.id, error_message: expect.stringMatching(/./) });
  expect(await authOf(project)).toMatchObject({ auth_type: 'oauth', oauth_host: 'localhost', oauth_port: '9' });
});

requirement('MCPPROJECTS-019', async () => {
  const project = await given.project();
  expect((await update(project, auth({ auth_type: 'apikey' })).expectStatus(200)).body.result).toBeUndefined();
  await update(project, auth({ auth_type: 'oauth' })).expectStatus(200);
  const { body } = await update(project, auth({ auth_type: 'none' })).expectStatus(200);
  expect(body.result).toMatchObject({ project_id: project.id, uses_composer: false });
  const { streamable_http_url = '', legacy_sse_url = '', sse_url } = body.result ?? {};
  expect(new URL(streamable_http_url).pathname).toBe(`/api/v1/mcp/project/${project.id}/streamable`);
  expect(new URL(legacy_sse_url).pathname).toBe(`/api/v1/mcp/project/${project.id}/sse`);
  expect(sse_url).toBe(legacy_sse_url);
});

requirement('MCPPROJECTS-020', async () => {
  const { project, tool } = await projectWithTools();
  const body = { settings: [{ id: tool.id, mcp_enabled: false }], auth_settings: { auth_type: 'none' as const } };
  for (const [id, as] of [
    [randomUUID(), 'alice'],
    [project.id, 'bob'],
  ] as const) {
    const response = await update({ id }, body, as);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.body.detail).toMatch(/not found/i);
  }
  expect(await projectAuth(project)).toEqual(project.auth_settings);
  expect(idsOf(await toolsOf(project))).toEqual([tool.id]);
});

requirement('MCPPROJECTS-021', async () => {
  const { project, tool } = await projectWithTools();
  const settings = [{ id: tool.id, mcp_enabled: false }];
  const locs = (body: unknown) => validationErrors(body).map(({ loc }) => loc.join('.'));
  expect(
    locs(
      (await update(project, malformed({ settings, auth_settings: { auth_type: 'magic' } })).expectStatus(422)).body,
    ),
  ).toEqual(['body.auth_settings.auth_type']);
  expect(locs((await update(project, malformed({ settings: { id: tool.id } })).expectStatus(422)).body)).toEqual([
    'body.settings',
  ]);
  expect(
    locs((await update(project, malformed({ settings: [{ mcp_enabled: false }] })).expectStatus(422)).body),
  ).toEqual(['body.settings.0.id']);
  expect(idsOf(await toolsOf(project))).toEqual([tool.id]);
});
