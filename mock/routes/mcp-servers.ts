import { UnhandledError } from '../errors.ts';
import { whyUnwritable } from '../json.ts';
import { putServer } from '../mcp/servers.ts';
import { serverOf, serversOf } from '../mcp/servers-file.ts';
import { countTools } from '../mcp/tool-count.ts';
import type { Handlers } from '../operation.ts';

/** Throws for a configuration that Python can't write. It has been stored nevertheless. */
function toWireConfig<Config extends object>(config: Config): Config {
  const why = whyUnwritable(config);
  if (why !== undefined) throw new UnhandledError(why);
  return config;
}

export const mcpServerRoutes = {
  listMcpServersV2: ({ query, user }, mock) => {
    const servers = serversOf(mock, user);
    if (query.action_count) return servers.map((server) => countTools(mock, server));
    return servers.map(({ name }) => ({ name, mode: null, toolsCount: null }));
  },

  // Null, not 404, for an unknown name, as on Langflow 1.7.3 (MCPSERVERS-011).
  readMcpServerV2: ({ params, user }, mock) => serverOf(mock, user, params.server_name)?.config ?? null,

  createMcpServerV2: ({ params, body, user, fail }, mock) => {
    if (serverOf(mock, user, params.server_name)) return fail(500, 'Server already exists.');
    return toWireConfig(putServer(mock, user, params.server_name, body).config);
  },

  updateMcpServerV2: ({ params, body, user }, mock) =>
    toWireConfig(putServer(mock, user, params.server_name, body).config),

  deleteMcpServerV2: ({ params, user, fail }, mock) => {
    const server = serverOf(mock, user, params.server_name);
    if (!server) return fail(500, 'Server not found.');
    mock.store.delete('mcpServers', server.id);
    return null;
  },
} satisfies Handlers;
