import type { BodyOf } from '../spec/operations.ts';
import type { Malformed } from './support/call.ts';
import { hasDigits, withDigits } from './support/digits.ts';
import {
  type As,
  apiKeyOf,
  call,
  expect,
  given,
  makeCredential,
  person,
  removeLater,
  requirement,
  uniqueName,
} from './support/index.ts';

interface Server {
  name: string;
  mode: string | null;
  toolsCount: number | null;
  error?: string;
}

const SERVERS = '/api/v2/mcp/servers';

const list = async (as: As = 'alice', query = {}): Promise<Server[]> =>
  (await call('listMcpServersV2', { as, query }).expectStatus(200)).body;
const namesOf = async (as: As = 'alice') => (await list(as)).map(({ name }) => name);
const read = async (server_name: string, as: As = 'alice') =>
  (await call('readMcpServerV2', { path: { server_name }, as }).expectStatus(200)).body;
const create = (server_name: string, body: BodyOf<'createMcpServerV2'> | Malformed, as: As = 'alice') =>
  call('createMcpServerV2', { path: { server_name }, body, as });
const update = (server_name: string, body: BodyOf<'updateMcpServerV2'> | Malformed, as: As = 'alice') =>
  call('updateMcpServerV2', { path: { server_name }, body, as });
const remove = (server_name: string, as: As = 'alice') => call('deleteMcpServerV2', { path: { server_name }, as });
const removedLater = (name: string, as: As = 'alice') =>
  removeLater('MCP server', `${SERVERS}/${encodeURIComponent(name)}`, as);

const COMMAND = { command: 'uvx', args: ['mcp-server-of-nobody'] };

/**
 * Creates a server. Reads the list first: a real deployment keeps all servers in one file, which the list creates.
 */
async function added(
  config: Record<string, unknown> = COMMAND,
  as: As = 'alice',
  name = uniqueName('server'),
): Promise<string> {
  await list(as);
  await removedLater(name, as);
  await create(name, config, as).expectStatus(200);
  return name;
}

requirement('MCPSERVERS-001', async () => {
  const [mine, other, foreign] = [await added(), await added({}), await added(COMMAND, 'bob')];
  const names = await namesOf();
  expect(names.filter((name) => [mine, other].includes(name))).toEqual([mine, other]);
  expect(names).not.toContain(foreign);
  expect(await namesOf('bob')).toContain(foreign);
});

requirement('MCPSERVERS-002', async () => {
  const name = await added({ url: 'http://127.0.0.1:9/mcp' });
  for (const query of [{}, { action_count: false }]) {
    expect((await list('alice', query)).find((server) => server.name === name)).toEqual({
      name,
      mode: null,
      toolsCount: null,
    });
  }
});

/** The server of a project, as a user would add it. */
async function ownServer(as: As, tools: number) {
  const project = await given.project({ as, auth_settings: { auth_type: 'apikey' } });
  for (let n = 0; n < tools; n++) await given.flow({ as, folder_id: project.id, mcp_enabled: true });
  const { api_key } = await given.apiKey({ as });
  const { body } = await call('readMcpUrls', { path: { project_id: project.id }, as }).expectStatus(200);
  return { url: body.streamable_http_url, headers: { 'x-api-key': api_key } };
}

/** A real deployment connects to each server: a new user has few. */
async function userWithServers(servers: Record<string, (user: As) => Promise<Record<string, unknown>>>) {
  const user = await given.user();
  const configs = Object.entries(servers);
  for (const [name, config] of configs) await added(await config(user), user, name);
  for (const name of await namesOf(user)) if (name.startsWith('lf-')) await remove(name, user).expectStatus(200);
  return list(user, { action_count: true });
}

requirement('MCPSERVERS-003', { timeoutMs: 60_000 }, async () => {
  const [full, bare] = await userWithServers({
    full: (user) => ownServer(user, 2),
    bare: (user) => ownServer(user, 0),
  });
  expect(full).toEqual({ name: 'full', mode: 'streamable_http', toolsCount: 2 });
  expect(bare).toMatchObject({ name: 'bare', toolsCount: 0, error: expect.stringMatching(/no tools/i) });
});

requirement('MCPSERVERS-004', { timeoutMs: 60_000 }, async () => {
  const servers = await userWithServers({
    empty: async () => ({}),
    gone: async () => ({ url: 'http://127.0.0.1:9/mcp' }),
    nowhere: async () => ({ url: 'no address' }),
  });
  expect(servers.map(({ name }) => name)).toEqual(['empty', 'gone', 'nowhere']);
  for (const { toolsCount, error } of servers) {
    expect(toolsCount).toBeNull();
    expect(error).toMatch(/./);
  }
});

requirement('MCPSERVERS-010', async () => {
  const config = {
    command: 'uvx',
    args: ['a', ''],
    env: { KEY: 'ü \u{1F600}' },
    other: { deep: [1, 1.5, true, null, { of: [] }] },
  };
  const name = await added(config, 'alice', uniqueName('Größe \u{1F600}'));
  expect(await read(name)).toEqual(config);
});

requirement('MCPSERVERS-011', async () => {
  const name = await added();
  expect(await read(name)).toEqual(COMMAND);
  expect(await read(name, 'bob')).toBeNull();
  expect(await read(uniqueName('nothing'))).toBeNull();
});

requirement('MCPSERVERS-020', async () => {
  const name = uniqueName('server');
  await list();
  await removedLater(name);
  expect((await create(name, COMMAND).expectStatus(200)).body).toEqual(COMMAND);
  expect(await namesOf()).toContain(name);
});

requirement('MCPSERVERS-063', async () => {
  const name = uniqueName('server');
  await list();
  await removedLater(name);
  const options = {
    path: { server_name: name },
    headers: { 'content-type': 'application/json' },
    rawBody: withDigits(COMMAND),
  };
  expect(hasDigits((await call('createMcpServerV2', options).expectStatus(200)).text)).toBe(true);
  expect(hasDigits((await call('readMcpServerV2', { path: { server_name: name } }).expectStatus(200)).text)).toBe(true);
});

requirement('MCPSERVERS-021', async () => {
  const name = await added();
  const { status, body } = await create(name, { command: 'other' });
  expect(status).toBeGreaterThanOrEqual(400);
  expect(body.detail).toMatch(/already exists/);
  expect(await read(name)).toEqual(COMMAND);
  expect((await namesOf()).filter((other) => other === name)).toHaveLength(1);
});

requirement('MCPSERVERS-022', async () => {
  const name = await added();
  await added({ command: 'other' }, 'bob', name);
  expect(await read(name)).toEqual(COMMAND);
  expect(await read(name, 'bob')).toEqual({ command: 'other' });
});

requirement('MCPSERVERS-030', async () => {
  const [name, other] = [await added(), await added()];
  expect((await update(name, { url: 'http://127.0.0.1:9/mcp' }).expectStatus(200)).body).toEqual({
    url: 'http://127.0.0.1:9/mcp',
  });
  expect(await read(name)).toEqual({ url: 'http://127.0.0.1:9/mcp' });
  expect(await read(other)).toEqual(COMMAND);
  await update(name, {}).expectStatus(200);
  expect(await read(name)).toEqual({});
});

requirement('MCPSERVERS-031', async () => {
  await list();
  const name = uniqueName('server');
  await removedLater(name);
  await update(name, COMMAND).expectStatus(200);
  expect(await read(name)).toEqual(COMMAND);
  expect(await namesOf()).toContain(name);
});

requirement('MCPSERVERS-040', async () => {
  const [name, other] = [await added(), await added()];
  expect((await remove(name).expectStatus(200)).body).toBeNull();
  expect(await read(name)).toBeNull();
  expect(await namesOf()).toEqual(expect.arrayContaining([other]));
  expect(await namesOf()).not.toContain(name);
});

requirement('MCPSERVERS-041', async () => {
  const name = await added();
  for (const [wanted, as] of [
    [uniqueName('nothing'), 'alice'],
    [name, 'bob'],
  ] as const) {
    const { status, body } = await remove(wanted, as);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.detail).toMatch(/not found/i);
  }
  expect(await read(name)).toEqual(COMMAND);
});

/** Short enough not to be cut in the server's name: 26 characters. */
const shortName = () => uniqueName('p');
const serverOf = (project: string) => `lf-${project.toLowerCase().replaceAll(/[ -]/g, '_')}`;

/** The server of a project, as a client starts it. */
const startedServer = async (project: { name: string }) =>
  (await read(serverOf(project.name))) as { command: string; args: string[] };

requirement('MCPSERVERS-050', async () => {
  const project = await given.project({ name: shortName() });
  const { command, args } = await startedServer(project);
  const { body } = await call('readMcpUrls', { path: { project_id: project.id } }).expectStatus(200);
  expect(command).toBeTypeOf('string');
  expect(args).toContain(body.streamable_http_url);
  expect(await namesOf()).toContain(serverOf(project.name));
});

requirement('MCPSERVERS-051', async () => {
  const project = await given.project({ name: shortName() });
  const { args } = await startedServer(project);
  if (project.auth_settings?.auth_type !== 'apikey') return expect(args).not.toContain('x-api-key');
  const key = args[args.indexOf('x-api-key') + 1] ?? '';
  const { body } = await call('readCurrentUser', {
    as: makeCredential('header', key, 'key of the project'),
  }).expectStatus(200);
  expect(body.id).toBe(person('alice').id);
  expect(key).not.toBe(await apiKeyOf(person('alice')));
});

const rename = (project: { id: string }, name: string) =>
  call('updateProject', { path: { project_id: project.id }, body: { name } });

requirement('MCPSERVERS-052', async () => {
  const [project, name] = [await given.project({ name: shortName() }), shortName()];
  const config = await read(serverOf(project.name));
  await rename(project, name).expectStatus(200);
  expect(await read(serverOf(name))).toEqual(config);
  expect(await read(serverOf(project.name))).toBeNull();
  expect(await namesOf()).toEqual(expect.arrayContaining([serverOf(name)]));
});

requirement('MCPSERVERS-053', async () => {
  const [project, other] = [await given.project({ name: shortName() }), await given.project({ name: shortName() })];
  await call('deleteProject', { path: { project_id: project.id } }).expectStatus(204);
  await expect.poll(() => namesOf()).not.toContain(serverOf(project.name));
  expect(await namesOf()).toContain(serverOf(other.name));
});

requirement('MCPSERVERS-054', async () => {
  const [name, project] = [shortName(), await given.project({ name: shortName() })];
  await added(COMMAND, 'alice', serverOf(name));
  await call('createProject', { body: { name } }).expectStatus(409);
  await rename(project, name).expectStatus(409);
  expect(await read(serverOf(name))).toEqual(COMMAND);
  expect((await startedServer(project)).args).toBeInstanceOf(Array);
});

requirement('MCPSERVERS-055', async () => {
  const [first, second] = [await given.project({ name: shortName() }), await given.project({ name: shortName() })];
  for (const { name } of [first, second]) {
    await removedLater(serverOf(name));
    await update(serverOf(name), COMMAND).expectStatus(200);
  }
  await rename(first, shortName()).expectStatus(200);
  await call('deleteProject', { path: { project_id: second.id } }).expectStatus(204);
  for (const { name } of [first, second]) expect(await read(serverOf(name))).toEqual(COMMAND);
});

requirement('MCPSERVERS-060', async () => {
  const user = await given.user();
  const name = await added(COMMAND, user);
  await call('deleteAllFilesV2', { as: user }).expectStatus(200);
  await expect.poll(() => namesOf(user)).toEqual([]);
  expect(await read(name, user)).toBeNull();
});

requirement('MCPSERVERS-061', async () => {
  const user = await given.user();
  await added(COMMAND, user);
  const content = JSON.stringify({ mcpServers: { first: COMMAND, second: { url: 'http://127.0.0.1:9/mcp' } } });
  await call('createFileV2', {
    multipart: { file: { content, filename: `_mcp_servers_${user.id}.json` } },
    as: user,
  }).expectStatus(201);
  expect(await namesOf(user)).toEqual(['first', 'second']);
  expect(await read('first', user)).toEqual(COMMAND);
});

requirement('MCPSERVERS-062', async () => {
  const user = await given.user();
  const deleted = async () => (await call('deleteAllFilesV2', { as: user }).expectStatus(200)).body.message;
  expect(await deleted()).toMatch(/\b0 files/);
  expect(await namesOf(user)).toEqual([]);
  await expect.poll(deleted).toMatch(/\b1 files/);
  await expect.poll(deleted).toMatch(/\b0 files/);
});
