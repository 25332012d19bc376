import type { Mock } from '../mock.ts';
import type { McpServerRow, UserRow } from '../store/tables.ts';

/**
 * A real deployment keeps the MCP servers of a user in a file of that user. Uploading this file or deleting all files
 * changes the servers.
 */

/** The name of the file, without its extension. No list of files contains it (FILES-120). */
export const serversFile = ({ id }: Pick<UserRow, 'id'>): string => `_mcp_servers_${id}`;

/** Replaces the servers by those of a file's text. A text without servers changes nothing (MCPSERVERS-061). */
export function replaceServers({ store, clock }: Mock, user: UserRow, text: string): void {
  const servers = serversIn(text);
  if (!servers) return;
  deleteServersFile({ store }, user);
  for (const [name, config] of Object.entries(servers))
    store.mcpServers.insert({ id: clock.uuid(), user_id: user.id, name, config });
}

function serversIn(text: string): Record<string, McpServerRow['config']> | undefined {
  try {
    const { mcpServers } = JSON.parse(text);
    return typeof mcpServers === 'object' && mcpServers !== null ? mcpServers : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Deletes the servers and their file, which exists from the first read on. @returns whether the file existed
 * (MCPSERVERS-060, MCPSERVERS-062)
 */
export function deleteServersFile({ store }: Pick<Mock, 'store'>, user: UserRow): boolean {
  for (const { id } of store.mcpServers.all({ user_id: user.id })) store.delete('mcpServers', id);
  return store.mcpServerFiles.remove(user.id);
}

/** Creates the file at the first read. */
function ensureServersFile({ store }: Mock, { id }: Pick<UserRow, 'id'>): void {
  if (!store.mcpServerFiles.get(id)) store.mcpServerFiles.insert({ user_id: id });
}

/** The servers of a user. */
export function serversOf(mock: Mock, user: Pick<UserRow, 'id'>): McpServerRow[] {
  ensureServersFile(mock, user);
  return mock.store.mcpServers.all({ user_id: user.id });
}

/** The server with a name. */
export function serverOf(mock: Mock, user: Pick<UserRow, 'id'>, name: string): McpServerRow | undefined {
  ensureServersFile(mock, user);
  return mock.store.mcpServers.find({ user_id: user.id, name });
}
