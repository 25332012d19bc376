import { newApiKey } from '../auth/new-api-key.ts';
import type { Mock } from '../mock.ts';
import { DEFAULT_PROJECT, ensureDefaultProject } from '../store/default-project.ts';
import { serverUrls } from './connection.ts';
import { mcpServerName } from './names.ts';
import { addProjectServer } from './servers.ts';
import { serverOf } from './servers-file.ts';

/**
 * Creates what a deployment with AUTO_LOGIN creates for its superuser at the start: the default project (LOGIN-036),
 * its MCP server, which needs no API key, and an API key nevertheless.
 */
export function prepareAutoLogin(mock: Mock, host: string): void {
  const user = mock.store.users.find({ username: mock.settings.username });
  if (!user) return;
  const project = ensureDefaultProject(mock, user.id);
  if (serverOf(mock, user, mcpServerName(project.name))) return;
  mock.store.apiKeys.insert(newApiKey(mock.clock, user, `MCP Project ${DEFAULT_PROJECT} - ${user.username}`));
  addProjectServer(mock, user, project, serverUrls(project.id, { host }), undefined);
}
