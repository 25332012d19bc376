import type { IncomingHttpHeaders } from 'node:http';
import type { JsonResponse } from '../operation.ts';
import type { ProjectRow } from '../store/tables.ts';

type Connection = NonNullable<JsonResponse<'updateMcpProject'>['result']>;

/** The addresses of a project's own MCP server, on the host of the request. */
export function serverUrls(projectId: string, { host = 'localhost:7860' }: IncomingHttpHeaders) {
  const base = `http://${host}/api/v1/mcp/project/${projectId}`;
  return { streamable_http_url: `${base}/streamable`, legacy_sse_url: `${base}/sse` };
}

/**
 * The connection to the MCP server of a project with OAuth, which is behind MCP Composer if its settings are complete
 * (MCPPROJECTS-018).
 */
export function composerConnection({ id, auth_settings }: ProjectRow): Connection {
  const error_message = whyNot(auth_settings ?? {});
  if (error_message) return { project_id: id, uses_composer: true, error_message };
  const base = `http://${auth_settings?.['oauth_host']}:${auth_settings?.['oauth_port']}`;
  return { project_id: id, uses_composer: true, streamable_http_url: base, legacy_sse_url: `${base}/sse` };
}

const NEEDED = [
  'oauth_host',
  'oauth_port',
  'oauth_server_url',
  'oauth_auth_url',
  'oauth_token_url',
  'oauth_client_id',
  'oauth_client_secret',
];

function whyNot(settings: Record<string, unknown>): string | undefined {
  const missing = NEEDED.filter((name) => settings[name] == null);
  const empty = NEEDED.filter((name) => settings[name] != null && String(settings[name]).trim() === '');
  const errors = [
    ...(missing.length > 0 ? [`Missing required fields: ${missing.join(', ')}`] : []),
    ...(empty.length > 0 ? [`Empty required fields: ${empty.join(', ')}`] : []),
  ];
  if (errors.length > 0) return `Invalid OAuth configuration: ${errors.join('; ')}`;
  const port = String(settings['oauth_port']);
  if (!/^\s*[+-]?\d+\s*$/.test(port)) return `Invalid OAuth port: ${port}`;
  return Number(port) < 0 || Number(port) > 65535
    ? `Invalid port number: ${Number(port)}. Port must be an integer between 0 and 65535.`
    : undefined;
}
