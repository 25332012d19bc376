import type { IncomingHttpHeaders } from 'node:http';
import type { ClientRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Mock } from '../mock.ts';
import type { UserRow } from '../store/tables.ts';
import { invalidParams, McpError } from './errors.ts';
import { METHOD_NOT_FOUND, type RpcError, type RpcMessage } from './messages.ts';
import { listResources, readResource } from './resources.ts';
import { callTool, listTools } from './tools.ts';

/** The sender of a message, and the server that it is for. */
export interface McpContext {
  mock: Mock;
  user: UserRow;
  /** The id of the server's project; absent for the server of all flows. */
  project?: string;
  headers: IncomingHttpHeaders;
  /** Whether the server announces that its lists may change. */
  listChanged: boolean;
}

type Params<Method extends ClientRequest['method']> = Extract<ClientRequest, { method: Method }>['params'];
type Methods = { [Method in ClientRequest['method']]?: (params: Params<Method>, context: McpContext) => object };

/** The release of the Python SDK, which Langflow reports as its own. */
const VERSION = '1.26.0';
const VERSIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];

const methods: Methods = {
  initialize: ({ protocolVersion }, { project, listChanged }) => ({
    protocolVersion: isKnownVersion(protocolVersion) ? protocolVersion : VERSIONS.at(-1),
    capabilities: {
      experimental: {},
      prompts: { listChanged },
      resources: { subscribe: false, listChanged },
      tools: { listChanged },
    },
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

/** Accepts what Python's SDK accepts: null for an absent field, and a number for the version. */
function normalizeParams(params: Record<string, unknown>): Record<string, unknown> {
  const given = Object.entries(params).filter(([, value]) => value !== null);
  return Object.fromEntries(
    given.map(([name, value]) => [name, name === 'protocolVersion' && Number.isInteger(value) ? String(value) : value]),
  );
}

/** The response to a request. */
export async function handleRequest(
  request: Extract<RpcMessage, { kind: 'request' }>,
  context: McpContext,
): Promise<object> {
  const { id, method, params } = request;
  const refuse = (error: RpcError) => ({ jsonrpc: '2.0', id, error });
  // Loaded with the first message: it takes longer than the rest of a start.
  const { ClientRequestSchema } = await import('@modelcontextprotocol/sdk/types.js');
  const read = ClientRequestSchema.safeParse({ method, ...(params && { params: normalizeParams(params) }) });
  if (!read.success) return refuse(invalidParams);
  const handler = methods[read.data.method] as ((params: unknown, context: McpContext) => object) | undefined;
  if (!handler) return refuse({ code: METHOD_NOT_FOUND, message: 'Method not found' });
  try {
    return {
      jsonrpc: '2.0',
      id,
      result: context.mock.store.unitOfWork(() => handler(read.data.params ?? {}, context)),
    };
  } catch (error) {
    if (error instanceof McpError) return refuse(error.error);
    // The response has the words of Python's SDK for an exception of a handler.
    context.mock.background.report(`MCP ${method}`, error);
    return refuse({ code: 0, message: (error as Error).message });
  }
}
