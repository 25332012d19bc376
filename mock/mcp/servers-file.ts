import type { Mock } from '../mock.ts';
import type { McpServerRow, UserRow } from '../store/tables.ts';

/** A real deployment keeps the MCP servers of a user in a file of theirs: who uploads it or deletes all files changes them. */

/** The name of that file, without its extension: there is one, and no list shows it (FILES-120). */
export const serversFile = ({ id }: Pick<UserRow, 'id'>): string => `_mcp_servers_${id}`;

/** Takes the servers from a file's text; one that is no such file changes nothing (MCPSERVERS-061). */
export function replaceServers({ store, clock }: Mock, user: UserRow, text: string): void {
  const servers = serversIn(text);
  if (!servers) return;
  forgetServers({ store }, user);
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

/** @returns whether there were any (MCPSERVERS-060) */
export function forgetServers({ store }: Pick<Mock, 'store'>, user: UserRow): boolean {
  const servers = store.mcpServers.all({ user_id: user.id });
  for (const { id } of servers) store.delete('mcpServers', id);
  return servers.length > 0;
}
