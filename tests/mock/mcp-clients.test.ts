import { describe, expect, test } from 'vitest';
import { type RunningMock, startMock } from '../../mock/index.ts';
import type { Loose } from '../../spec/json.ts';
import type { Schema } from '../../spec/operations.ts';
import { logIn } from './log-in.ts';

/** What no suite can show, since it writes into programs on the server's machine (MCPPROJECTS-034, MCPPROJECTS-035). */

async function withProject(mock: RunningMock) {
  const authorization = await logIn(mock.url);
  const headers = { authorization, 'content-type': 'application/json' };
  const ask = async <Answer = Loose>(path: string, body?: object, method = body ? 'POST' : 'GET'): Promise<Answer> => {
    const response = await fetch(mock.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return (await response.json()) as Answer;
  };
  const { id } = await ask<{ id: string }>('/api/v1/projects/', { name: 'Support' });
  return {
    id,
    ask,
    install: (body: object) => ask(`/api/v1/mcp/project/${id}/install`, body),
    installed: () => ask<Schema<'McpClient'>[]>(`/api/v1/mcp/project/${id}/installed`),
  };
}

const withCursor = (mock: RunningMock) =>
  mock.restore({
    ...mock.snapshot(),
    mcpClients: [{ name: 'cursor', servers: { other: { command: 'x', args: [] } } }],
  });
const serversOf = (mock: RunningMock) => mock.snapshot().mcpClients[0]?.servers;

describe('installing a project for a client', () => {
  test('is refused where the client is not on the machine', async () => {
    await using mock = await startMock({ port: 0 });
    const { install, installed } = await withProject(mock);
    expect(await install({ client: 'Windsurf' })).toEqual({
      detail: 'Windsurf is not installed on this system. Please install Windsurf first.',
    });
    expect(await install({ client: 'claude' })).toEqual({
      detail: 'Unsupported operating system for Claude configuration',
    });
    for (const client of await installed()) expect(client).toMatchObject({ installed: false, available: false });
  });

  test('adds its server to those of the client, with a key', async () => {
    await using mock = await startMock({ port: 0 });
    await withCursor(mock);
    const { id, install, installed } = await withProject(mock);
    expect(await install({ client: 'Cursor' })).toEqual({
      message: 'Successfully installed MCP configuration for Cursor',
    });
    const args = [
      'mcp-proxy',
      '--headers',
      'x-api-key',
      expect.stringMatching(/^sk-/),
      `${mock.url}/api/v1/mcp/project/${id}/sse`,
    ];
    expect(serversOf(mock)).toEqual({ other: { command: 'x', args: [] }, 'lf-support': { command: 'uvx', args } });
    expect((await installed())[0]).toEqual({ name: 'cursor', installed: true, available: true });
  });

  test('replaces the entry of the same project', async () => {
    await using mock = await startMock({ port: 0 });
    await withCursor(mock);
    const { id, ask, install } = await withProject(mock);
    await install({ client: 'cursor' });
    await ask(`/api/v1/projects/${id}`, { name: 'Desk', auth_settings: { auth_type: 'none' } }, 'PATCH');
    const { message } = await install({ client: 'cursor', transport: 'streamablehttp' });
    expect(message).toBe(
      'Successfully reinstalled MCP configuration for cursor (replaced existing servers: lf-support)',
    );
    const args = ['mcp-proxy', '--transport', 'streamablehttp', `${mock.url}/api/v1/mcp/project/${id}/streamable`];
    expect(serversOf(mock)).toEqual({ other: { command: 'x', args: [] }, 'lf-desk': { command: 'uvx', args } });
  });
});
