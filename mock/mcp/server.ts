import type { IncomingHttpHeaders } from 'node:http';
import type { ClientRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Mock } from '../mock.ts';
import type { UserRow } from '../store/tables.ts';
import { invalidParams, McpError } from './errors.ts';
import { METHOD_NOT_FOUND, type RpcError, type RpcMessage } from './messages.ts';
import { listResources, readResource } from './resources.ts';
import { callTool, listTools } from './tools.ts';

/** Whom a message comes from, and which server it is for. */
export interface McpContext {
  mock: Mock;
  user: UserRow;
  /** The id of the project whose server it is; absent for the server of all flows. */
  project?: string;
  headers: IncomingHttpHeaders;
  /** Whether the client is told that lists may change. */
  listChanged: boolean;
}

type Params<Method extends ClientRequest['method']> = Extract<ClientRequest, { method: Method }>['params'];
type Methods = { [Method in ClientRequest['method']]?: (params: Params<Method>, context: McpContext) => object };

/** The release of the Python SDK that Langflow answers for its own. */
const VERSION = '1.26.0';
const VERSIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];

const methods: Methods = {
  initialize: ({ protocolVersion }, { project, listChanged }) => ({
    protocolVersion: isKnownVersion(protocolVersion) ? protocolVersion : VERSIONS.at(-1),
    capabilities: { experimental: {}, prompts: { listChanged }, resources: { subscribe: false, listChanged }, tools: { listChanged } },
    serverInfo: { name: project ? `langflow-mcp-project-${project}` : 'langflow-mcp-server', version: VERSION },
  }),
  ping: () => ({}),
  'prompts/list': () => ({ prompts: [] }),
  'resources/list': (_params, context) => ({ resources: listResources(context) }),
  'resources/read': ({ uri }, context) => readResource(uri, context),
  'tools/list': (_params, { mock, project }) => ({ tools: listTools(mock, project) }),
  'tools/call': (params, context) => callTool(params.name, params.arguments ?? {}, context),
};

export const isKnownVersion = (version: string): boolean => VERSIONS.includes(version);
export const KNOWN_VERSIONS = VERSIONS.join(', ');

/** Python's SDK takes null for what is left out, and a number for the version. */
function normalizeParams(params: Record<string, unknown>): Record<string, unknown> {
  const given = Object.entries(params).filter(([, value]) => value !== null);
  return Object.fromEntries(given.map(([name, value]) => [name, name === 'protocolVersion' && Number.isInteger(value) ? String(value) : value]));
}

/** The answer to a request. */
export async function handleRequest(request: Extract<RpcMessage, { kind: 'request' }>, context: McpContext): Promise<object> {
  const { id, method, params } = request;
  const refuse = (error: RpcError) => ({ jsonrpc: '2.0', id, error });
  // Loaded when the first message comes: it takes longer than the rest of a start.
  const { ClientRequestSchema } = await import('@modelcontextprotocol/sdk/types.js');
  const read = ClientRequestSchema.safeParse({ method, ...(params && { params: normalizeParams(params) }) });
  if (!read.success) return refuse(invalidParams);
  const handler = methods[read.data.method] as ((params: unknown, context: McpContext) => object) | undefined;
  if (!handler) return refuse({ code: METHOD_NOT_FOUND, message: 'Method not found' });
  try {
    return { jsonrpc: '2.0', id, result: context.mock.store.unitOfWork(() => handler(read.data.params ?? {}, context)) };
  } catch (error) {
    if (error instanceof McpError) return refuse(error.error);
    // As Python's SDK words what a handler raises.
    context.mock.background.report(`MCP ${method}`, error);
    return refuse({ code: 0, message: (error as Error).message });
  }
}
