import { callerOfApiKey, countUse } from '../auth/authenticate.ts';
import type { Mock } from '../mock.ts';
import type { JsonResponse } from '../operation.ts';
import type { McpServerRow, ProjectRow } from '../store/tables.ts';
import { asksForKey } from './project-user.ts';
import { listTools } from './tools.ts';

type CountedServer = JsonResponse<'listMcpServersV2'>[number];

const MODES = ['Stdio', 'Streamable_HTTP', 'SSE'];
const OWN_URL = /\/api\/v1\/mcp\/project\/([0-9a-f-]{36})\/(?:streamable|sse)\/?$/;

/**
 * A server with the number of its tools. The mock knows the servers of its own projects, and connects to no other one
 * (MCPSERVERS-003, MCPSERVERS-004).
 */
export function countTools(mock: Mock, { name, config }: McpServerRow): CountedServer {
  const mode = modeOf(config);
  const problem = errorOf(mode, config);
  if (problem) return { name, mode: null, toolsCount: null, error: `Configuration error: ${problem}` };
  const count = toolCount(mock, mode, config);
  if (count === undefined)
    return { name, mode: null, toolsCount: null, error: mode === 'Stdio' ? 'Error loading server: ' : UNREACHABLE };
  if (count === 0) return { name, mode: '', toolsCount: 0, error: 'No tools found' };
  return { name, mode: mode.toLowerCase(), toolsCount: count };
}

const UNREACHABLE =
  'Configuration error: Failed to connect via Streamable HTTP (unhandled errors in a TaskGroup (1 sub-exception)) or SSE (unhandled errors in a TaskGroup (1 sub-exception))';

function modeOf(config: McpServerRow['config']): string {
  if (config['mode']) return String(config['mode']);
  if ('command' in config) return 'Stdio';
  return 'url' in config ? 'Streamable_HTTP' : '';
}

function errorOf(mode: string, { command, url }: McpServerRow['config']): string | undefined {
  if (!MODES.includes(mode)) return `Invalid mode: ${mode}. Must be either 'Stdio', 'Streamable_HTTP', or 'SSE'`;
  if (mode === 'Stdio') return command ? undefined : 'Command is required for Stdio mode';
  if (!url) return `URL is required for ${mode} mode`;
  if (URL.canParse(String(url)) && /^https?:/.test(String(url))) return undefined;
  return `Invalid Streamable HTTP or SSE URL (${url}): Invalid URL format. Must include scheme (http/https) and host.`;
}

/** The number of tools of the server's project; undefined if it can't be reached. */
function toolCount(mock: Mock, mode: string, config: McpServerRow['config']): number | undefined {
  const args = Array.isArray(config['args']) ? config['args'].map(String) : [];
  const address = mode === 'Stdio' ? args.at(-1) : String(config['url']);
  const project = mock.store.projects.get(OWN_URL.exec(address ?? '')?.[1] ?? '');
  if (!project) return undefined;
  const key = mode === 'Stdio' ? args[args.indexOf('x-api-key') + 1] : keyIn(config['headers']);
  return isAllowed(mock, project, key, /\/sse\/?$/.test(address ?? ''))
    ? listTools(mock, project.id).length
    : undefined;
}

/**
 * Whether the project's server accepts the key. Without a key the request is the superuser's, to whom only the SSE
 * transport refuses another user's project.
 */
function isAllowed(mock: Mock, project: ProjectRow, key: string | undefined, sse: boolean): boolean {
  if (asksForKey(project, mock.settings.autoLogin)) return ownerOfKey(mock, key ?? '') === project.user_id;
  return !sse || mock.store.users.find({ username: mock.settings.username })?.id === project.user_id;
}

function ownerOfKey(mock: Mock, key: string): string | undefined {
  const caller = callerOfApiKey(mock, key);
  if (caller) countUse(mock, caller.apiKey);
  return caller?.user.id;
}

function keyIn(headers: unknown): string | undefined {
  const entries = Object.entries((headers ?? {}) as Record<string, unknown>);
  const found = entries.find(([name]) => name.toLowerCase() === 'x-api-key')?.[1];
  return typeof found === 'string' ? found : undefined;
}
