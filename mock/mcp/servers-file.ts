import type { Mock } from '../mock.ts';
import type { McpServerRow, UserRow } from '../store/tables.ts';

/** A real deployment keeps the MCP servers of a user in a file of theirs: who uploads it or deletes all files changes them. */

/** The name of that file, without its extension: there is one, and no list shows it (FILES-120). */
export const serversFile = ({ id }: Pick<UserRow, 'id'>): string => `_mcp_servers_${id}`;

/** Takes the servers from a file's text; one that is no such file changes nothing (MCPSERVERS-061). */
export function replaceServers({ store, clock }: Mock, user: UserRow, text: string): void {
  const servers = serversIn(text);
  if (!servers) return;
  deleteServersFile({ store }, user);
  for (const [name, config] of Object.entries(servers)) store.mcpServers.insert({ id: clock.uuid(), user_id: user.id, name, config });
}

function serversIn(text: string): Record<string, McpServerRow['config']> | undefined {
  try {
    const { mcpServers } = JSON.parse(text);
    return typeof mcpServers === 'object' && mcpServers !== null ? mcpServers : undefined;
  } catch {
    return undefined;
  }
}

/** The servers and their file, which is there from the first look at it on. @returns whether there was one (MCPSERVERS-060, MCPSERVERS-062) */
export function deleteServersFile({ store }: Pick<Mock, 'store'>, user: UserRow): boolean {
  for (const { id } of store.mcpServers.all({ user_id: user.id })) store.delete('mcpServers', id);
  return store.mcpServerFiles.remove(user.id);
}

/** Looking at the file makes it. */
function ensureServersFile({ store }: Mock, { id }: Pick<UserRow, 'id'>): void {
  if (!store.mcpServerFiles.get(id)) store.mcpServerFiles.insert({ user_id: id });
}

/** The servers of a user. */
export function serversOf(mock: Mock, user: Pick<UserRow, 'id'>): McpServerRow[] {
  ensureServersFile(mock, user);
  return mock.store.mcpServers.all({ user_id: user.id });
}

/** The server of that name. */
export function serverOf(mock: Mock, user: Pick<UserRow, 'id'>, name: string): McpServerRow | undefined {
  ensureServersFile(mock, user);
  return mock.store.mcpServers.find({ user_id: user.id, name });
}
