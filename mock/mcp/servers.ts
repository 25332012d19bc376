import type { Mock } from '../mock.ts';
import type { McpServerRow, ProjectRow, UserRow } from '../store/tables.ts';
import type { serverUrls } from './connection.ts';
import { mcpServerName } from './names.ts';
import { serverOf } from './servers-file.ts';

/** The MCP servers of users, including those of projects. */

/** Adds a server, or replaces its configuration. */
export function putServer(
  mock: Mock,
  user: Pick<UserRow, 'id'>,
  name: string,
  config: McpServerRow['config'],
): McpServerRow {
  const { store, clock } = mock;
  const before = serverOf(mock, user, name);
  return before
    ? store.mcpServers.update(before.id, { config })
    : store.mcpServers.insert({ id: clock.uuid(), user_id: user.id, name, config });
}

type Project = Pick<ProjectRow, 'id' | 'name'>;

/** Whether a server is the project's own: an argument contains an address with the project's id (MCPSERVERS-055). */
export function isOwn({ config }: McpServerRow, { id }: Pick<Project, 'id'>): boolean {
  const args = Array.isArray(config['args']) ? config['args'] : [];
  return args.some((argument) => typeof argument === 'string' && /https?:\/\//.test(argument) && argument.includes(id));
}

/**
 * @throws HttpError 409 if a server that is not the project's has the name that its own would get (PROJECTS-011,
 * MCPSERVERS-054)
 */
export function refuseTakenName(
  mock: Mock,
  user: UserRow,
  project: Project,
  what: 'create' | 'update',
  fail: (status: 409, detail: string) => never,
): void {
  const name = mcpServerName(project.name);
  const other = serverOf(mock, user, name);
  if (!other || isOwn(other, project)) return;
  const conflict = what === 'create' ? 'already exists for a different project' : 'exists for a different project';
  fail(
    409,
    `MCP server name conflict: '${name}' ${conflict}. Cannot ${what} MCP server for project '${project.name}' (ID: ${project.id})`,
  );
}

/** Adds the server of a new project to those of its user. */
export function addProjectServer(
  mock: Mock,
  user: UserRow,
  project: Project,
  urls: ReturnType<typeof serverUrls>,
  apiKey: string | undefined,
): void {
  const headers = apiKey ? ['--headers', 'x-api-key', apiKey] : [];
  const args = ['mcp-proxy', '--transport', 'streamablehttp', ...headers, urls.streamable_http_url];
  putServer(mock, user, mcpServerName(project.name), { command: 'uvx', args });
}

/** Renames the server of a project. It moves to the end of the list, like a new one. */
export function renameProjectServer(mock: Mock, user: UserRow, before: Project, name: string): void {
  const server = serverOf(mock, user, mcpServerName(before.name));
  if (!server || !isOwn(server, before)) return;
  mock.store.delete('mcpServers', server.id);
  putServer(mock, user, mcpServerName(name), server.config);
}

export function removeProjectServer(mock: Mock, user: UserRow, project: Project): void {
  const server = serverOf(mock, user, mcpServerName(project.name));
  if (server && isOwn(server, project)) mock.store.delete('mcpServers', server.id);
}
