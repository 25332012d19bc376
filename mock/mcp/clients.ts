import type { McpClientRow, ProjectRow } from '../store/tables.ts';

/** The MCP clients whose configuration file Langflow can write. */
export const CLIENTS = ['cursor', 'windsurf', 'claude'];

/** Whether an address belongs to the deployment's own machine. */
export function isLocal(address: string): boolean {
  return address === 'localhost' || address === '0.0.0.0' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

/** The error for a client that can't be configured; undefined if it can. `client` is the name as it was sent. */
export function whyNoClient(client: string, row: McpClientRow | undefined): string | undefined {
  const name = client.toLowerCase();
  if (!CLIENTS.includes(name)) return 'Unsupported client';
  if (row) return undefined;
  if (name === 'claude') return 'Unsupported operating system for Claude configuration';
  const capitalized = name.charAt(0).toUpperCase() + name.slice(1);
  return `${capitalized} is not installed on this system. Please install ${capitalized} first.`;
}

/** The names of a client's servers that have one of the addresses. */
export function serversAt({ servers }: McpClientRow, urls: (string | undefined)[]): string[] {
  return Object.keys(servers).filter((name) => servers[name]?.args.some((argument) => urls.includes(argument)));
}

/** The command by which a client connects to a project's server. */
export function proxyCommand(
  urls: { streamable_http_url: string; legacy_sse_url: string },
  transport: string | null | undefined,
  apiKey: string | undefined,
) {
  const streamable = transport === 'streamablehttp';
  const headers = apiKey ? ['--headers', 'x-api-key', apiKey] : [];
  const target = streamable ? ['--transport', 'streamablehttp', urls.streamable_http_url] : [urls.legacy_sse_url];
  return { command: 'uvx', args: ['mcp-proxy', ...headers, ...target] };
}

/** The command by which a client connects to a server behind MCP Composer. */
export function composerCommand(urls: { streamable_http_url?: string; legacy_sse_url?: string }) {
  const { streamable_http_url: endpoint = '', legacy_sse_url: sse = '' } = urls;
  const args = [
    'mcp-composer',
    '--mode',
    'http',
    '--endpoint',
    endpoint,
    '--sse-url',
    sse,
    '--client_auth_type',
    'oauth',
    '--disable-composer-tools',
  ];
  return { command: 'uvx', args };
}

export const usesOauth = ({ auth_settings }: ProjectRow): boolean => auth_settings?.['auth_type'] === 'oauth';
