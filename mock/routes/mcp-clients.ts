import { newApiKey } from '../auth/new-api-key.ts';
import { CLIENTS, composerCommand, isLocal, proxyCommand, serversAt, usesOauth, whyNoClient } from '../mcp/clients.ts';
import { composerConnection, serverUrls } from '../mcp/connection.ts';
import { mcpServerName } from '../mcp/names.ts';
import type { Mock } from '../mock.ts';
import type { Call, Handlers } from '../operation.ts';
import type { McpClientRow, ProjectRow } from '../store/tables.ts';

/** Configures MCP clients on the deployment's machine for a project's server. The mock only changes its own state. */
export const mcpClientRoutes = {
  installMcpProject: (call, mock) => {
    const { params, body, user, headers, fail } = call;
    const forwarded = headers['x-forwarded-for'] as string | undefined;
    const from = forwarded ? (forwarded.split(',', 1)[0] ?? '').trim() : call.address;
    if (!isLocal(from)) return fail(500, 'MCP configuration can only be installed from a local connection');
    const project = mock.store.projects.find({ id: params.project_id, user_id: user.id });
    if (!project) return fail(404, 'Project not found');
    const server = commandFor(call, mock, project);
    const client = mock.store.mcpClients.get(body.client.toLowerCase());
    const reason = whyNoClient(body.client, client);
    if (reason || !client) return fail(400, reason);
    const replaced = writeServer(mock, client, project, server, serverUrls(project.id, headers));
    if (replaced.length === 0) return { message: `Successfully installed MCP configuration for ${body.client}` };
    return {
      message: `Successfully reinstalled MCP configuration for ${body.client} (replaced existing servers: ${replaced.join(', ')})`,
    };
  },

  listMcpClients: ({ params, user, headers, fail }, { store }) => {
    const project = store.projects.find({ id: params.project_id, user_id: user.id });
    if (!project) return fail(500, '404: Project not found');
    const { oauth_host, oauth_port } = project.auth_settings ?? {};
    if (usesOauth(project) && (!oauth_host || !oauth_port))
      return fail(500, 'OAuth host and port are required to get the MCP Composer URL');
    const { streamable_http_url, legacy_sse_url } = usesOauth(project)
      ? composerConnection(project)
      : serverUrls(project.id, headers);
    return CLIENTS.map((name) => {
      const client = store.mcpClients.get(name);
      const installed = client !== undefined && serversAt(client, [streamable_http_url, legacy_sse_url]).length > 0;
      return { name, installed, available: client !== undefined };
    });
  },

  // The status depends only on the credential and on the form of the id (MCPPROJECTS-052).
  readMcpUrls: ({ params, user, headers }, { store }) => {
    const nothing = {
      project_id: params.project_id,
      streamable_http_url: null,
      legacy_sse_url: null,
      error_message: null,
    };
    const project = store.projects.find({ id: params.project_id, user_id: user.id });
    if (!project)
      return {
        ...nothing,
        uses_composer: true,
        error_message: 'Failed to get MCP Composer URL. See logs for details.',
      };
    if (usesOauth(project)) return { ...nothing, ...composerConnection(project) };
    return { ...nothing, uses_composer: false, ...serverUrls(project.id, headers) };
  },
} satisfies Handlers;

/** As on a real server, an API key is created before the client is checked. */
function commandFor(
  { body, user, headers, fail }: Call<'installMcpProject'>,
  { store, clock }: Mock,
  project: ProjectRow,
): McpClientRow['servers'][string] {
  if (usesOauth(project)) {
    const connection = composerConnection(project);
    return connection.error_message ? fail(500, connection.error_message) : composerCommand(connection);
  }
  const keyed = project.auth_settings?.['auth_type'] === 'apikey';
  const apiKey = keyed ? store.apiKeys.insert(newApiKey(clock, user, `MCP Server ${project.name}`)).api_key : undefined;
  return proxyCommand(serverUrls(project.id, headers), body.transport, apiKey);
}

/** @returns the names of the replaced servers, which belong to the same project */
function writeServer(
  { store }: Mock,
  client: McpClientRow,
  project: ProjectRow,
  server: McpClientRow['servers'][string],
  urls: { streamable_http_url: string; legacy_sse_url: string },
): string[] {
  const addresses = [...Object.values(urls), ...server.args.filter((argument) => argument.startsWith('http'))];
  const replaced = serversAt(client, addresses);
  const kept = Object.entries(client.servers).filter(([name]) => !replaced.includes(name));
  store.mcpClients.update(client.name, {
    servers: { ...Object.fromEntries(kept), [mcpServerName(project.name)]: server },
  });
  return replaced;
}
