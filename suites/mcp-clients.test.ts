import { randomUUID } from 'node:crypto';
import type { BodyOf, Schema } from '../spec/operations.ts';
import type { Malformed } from './support/call.ts';
import { type As, call, expect, given, malformed, requirement } from './support/index.ts';

const HERE = { 'x-forwarded-for': '127.0.0.1' };
/** An unknown client: nothing is written to its configuration. */
const UNKNOWN = { client: 'no-such-client' };

const install = (
  project: { id: string },
  body: BodyOf<'installMcpProject'> | Malformed,
  headers: Record<string, string> = HERE,
  as: As = 'alice',
) => call('installMcpProject', { path: { project_id: project.id }, body, headers, as });
const clientsOf = (project: { id: string }, as: As = 'alice') =>
  call('listMcpClients', { path: { project_id: project.id }, as });
const urlsOf = async (project: { id: string }, as: As = 'alice') =>
  (await call('readMcpUrls', { path: { project_id: project.id }, as }).expectStatus(200)).body;
const setAuth = (project: { id: string }, auth_settings: Schema<'McpAuthSettings'>) =>
  call('updateMcpProject', { path: { project_id: project.id }, body: { settings: [], auth_settings } }).expectStatus(
    200,
  );

/** A project that does not exist, and one of another user. */
const strangers = async () => [[{ id: randomUUID() }, 'alice'] as const, [await given.project(), 'bob'] as const];

requirement('MCPPROJECTS-030', async () => {
  const project = await given.project({ auth_settings: { auth_type: 'none' } });
  await install(project, UNKNOWN).expectStatus(400);
  expect(
    (await clientsOf(project).expectStatus(200)).body.filter(({ installed }: { installed: boolean }) => installed),
  ).toEqual([]);
});

requirement('MCPPROJECTS-031', async () => {
  const project = await given.project({ auth_settings: { auth_type: 'none' } });
  for (const address of ['192.0.2.7', '192.0.2.7, 127.0.0.1', 'no address']) {
    const { status, body } = await install(project, UNKNOWN, { 'x-forwarded-for': address });
    expect(status).toBe(500);
    expect(body.detail).toMatch(/local/);
  }
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', 'localhost', '127.0.0.1, 192.0.2.7']) {
    await install(project, UNKNOWN, { 'x-forwarded-for': address }).expectStatus(400);
  }
});

requirement('MCPPROJECTS-032', async () => {
  for (const [project, as] of await strangers()) await install(project, UNKNOWN, HERE, as).expectStatus(404);
});

requirement('MCPPROJECTS-033', { readOnly: true }, async () => {
  const { body } = await install({ id: randomUUID() }, malformed({ ...UNKNOWN, transport: 'stdio' })).expectStatus(422);
  expect(body.detail.map(({ loc }) => loc.join('.'))).toEqual(['body.transport']);
});

requirement('MCPPROJECTS-036', async () => {
  const project = await given.project();
  await setAuth(project, { auth_type: 'oauth' });
  const { status, body } = await install(project, UNKNOWN);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(body.detail).toBe((await urlsOf(project)).error_message);
});

requirement('MCPPROJECTS-040', async () => {
  const { body } = await clientsOf(await given.project()).expectStatus(200);
  expect(body.map(({ name }: { name: string }) => name).sort()).toEqual(['claude', 'cursor', 'windsurf']);
});

requirement('MCPPROJECTS-041', async () => {
  const { body } = await clientsOf(await given.project()).expectStatus(200);
  for (const { installed } of body) expect(installed).toBe(false);
});

requirement('MCPPROJECTS-042', async () => {
  for (const [project, as] of await strangers()) {
    const { status, body } = await clientsOf(project, as);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.detail).toMatch(/not found/i);
  }
});

requirement('MCPPROJECTS-050', async () => {
  const project = await given.project();
  for (const auth_type of ['apikey', 'none'] as const) {
    await setAuth(project, { auth_type });
    const urls = await urlsOf(project);
    expect(urls).toMatchObject({ project_id: project.id, uses_composer: false, error_message: null });
    expect(new URL(urls.streamable_http_url ?? '').pathname).toBe(`/api/v1/mcp/project/${project.id}/streamable`);
    expect(new URL(urls.legacy_sse_url ?? '').pathname).toBe(`/api/v1/mcp/project/${project.id}/sse`);
  }
});

requirement('MCPPROJECTS-051', async () => {
  const project = await given.project();
  const { body } = await setAuth(project, { auth_type: 'oauth', oauth_host: 'localhost', oauth_port: '9' });
  const urls = await urlsOf(project);
  expect(urls.error_message).toMatch(/./);
  expect(urls).toMatchObject({
    project_id: project.id,
    uses_composer: body.result?.uses_composer,
    error_message: body.result?.error_message,
  });
});

requirement('MCPPROJECTS-052', async () => {
  for (const [project, as] of await strangers()) {
    const urls = await urlsOf(project, as);
    expect(urls).toMatchObject({ project_id: project.id, streamable_http_url: null, legacy_sse_url: null });
    expect(urls.error_message).toMatch(/./);
  }
});
