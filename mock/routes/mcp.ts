import type { McpContext } from '../mcp/server.ts';
import { openSession, postMessage } from '../mcp/sse.ts';
import { endSession, openStream, takeMessage } from '../mcp/streamable.ts';
import type { Mock } from '../mock.ts';
import { type Call, type Handlers, respond } from '../operation.ts';

/** The path in SSE's endpoint event, whatever path opened the stream. */
const ENDPOINT = '/api/v1/mcp/';

export const mcpRoutes = {
  checkMcpStream: () => respond(200),
  openMcpStream: (call, mock) => openStream(contextOf(call, mock)),
  sendMcpRequest: (call, mock) => takeMessage(bytesOf(call), contextOf(call, mock)),
  endMcpSession: endSession,
  checkMcpSse: () => respond(200),
  openMcpSse: (call, mock) => openSession(ENDPOINT, { ...contextOf(call, mock), listChanged: true }),
  sendMcpMessage: (call, mock) => postMessage(ENDPOINT, call.query?.session_id, bytesOf(call), call, mock),
} satisfies Handlers;

export const bytesOf = ({ body }: { body: unknown }): Buffer | undefined => body as Buffer | undefined;

function contextOf({ user, headers }: Pick<Call, 'user' | 'headers'>, mock: Mock): McpContext {
  return { mock, user, headers, listChanged: false };
}
