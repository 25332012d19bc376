import { expect, test } from 'vitest';
import { startMock } from '../../mock/index.ts';

test('a mock with automatic login creates once what a deployment creates for its superuser', async () => {
  await using mock = await startMock({ port: 0, autoLogin: true });
  const { users, projects, mcpServers, apiKeys } = mock.snapshot();
  expect(projects).toMatchObject([{ name: 'Starter Project', user_id: users[0]?.id, auth_settings: null }]);
  const streamable = `${mock.url}/api/v1/mcp/project/${projects[0]?.id}/streamable`;
  const config = { command: 'uvx', args: ['mcp-proxy', '--transport', 'streamablehttp', streamable] };
  expect(mcpServers).toMatchObject([{ name: 'lf-starter_project', user_id: users[0]?.id, config }]);
  expect(apiKeys).toMatchObject([{ name: 'MCP Project Starter Project - langflow', total_uses: 0 }]);
  await using next = await startMock({ port: 0, autoLogin: true, seed: mock.snapshot() });
  expect(next.snapshot()).toEqual(mock.snapshot());
});

test('a mock without it has no project before the first login', async () => {
  await using mock = await startMock({ port: 0 });
  expect(mock.snapshot()).toMatchObject({ projects: [], mcpServers: [], apiKeys: [] });
});
