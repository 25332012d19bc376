import type { PassThrough } from 'node:stream';
import type { Mock } from '../mock.ts';
import { type HttpResponse, respond } from '../operation.ts';
import { readJson } from '../validation/json.ts';
import { invalidParams } from './errors.ts';
import { event, messageEvent, messageOf, type RpcMessage } from './messages.ts';
import { handleRequest, type McpContext } from './server.ts';
import { keepAliveStream, writeEvent, wrongContentType } from './streamable.ts';

/** The older MCP transport: a stream for each session, and messages in separate POST requests. */

interface Session {
  context: McpContext;
  stream: PassThrough;
  initialized: boolean;
}

/**
 * Sessions by the URI for their messages, which contains an id without hyphens: open ones, and ones whose stream has
 * closed.
 */
interface Sessions {
  open: Map<string, Session>;
  gone: Set<string>;
}

const sessions = new WeakMap<Mock, Sessions>();

function sessionsOf(mock: Mock): Sessions {
  let found = sessions.get(mock);
  if (!found) sessions.set(mock, (found = { open: new Map(), gone: new Set() }));
  return found;
}

/** How many closed sessions still accept messages (MCPSSE-017). */
const MOST_GONE = 1000;

function closeSession({ open, gone }: Sessions, uri: string): void {
  open.delete(uri);
  gone.add(uri);
  const [oldest] = gone;
  if (gone.size > MOST_GONE && oldest !== undefined) gone.delete(oldest);
}

/** Opens a session whose messages are posted to `endpoint`. */
export function openSession(endpoint: string, context: McpContext): HttpResponse {
  const uri = `${endpoint}?session_id=${context.mock.clock.uuid().replaceAll('-', '')}`;
  const stream = keepAliveStream();
  stream.write(event('endpoint', uri));
  const known = sessionsOf(context.mock);
  known.open.set(uri, { context, stream, initialized: false });
  stream.once('close', () => closeSession(known, uri));
  const headers = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  };
  return respond(200, { chunks: stream }, headers);
}

/** Handles a message that was posted to `endpoint`. */
export function postMessage(
  endpoint: string,
  id: string | undefined,
  body: Buffer | undefined,
  call: { headers: McpContext['headers'] },
  mock: Mock,
): HttpResponse {
  const problem = wrongContentType(call.headers);
  if (problem) return problem;
  if (id === undefined) return respond(400, { latin1: 'session_id is required' });
  const hex = id.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(hex)) return respond(400, { latin1: 'Invalid session ID' });
  const { open, gone } = sessionsOf(mock);
  const uri = `${endpoint}?session_id=${hex}`;
  const session = open.get(uri);
  if (!session && !gone.has(uri)) return respond(404, { latin1: 'Could not find session' });
  const message = parseMessage(body);
  // In the background, since the response to this request comes first.
  if (session) mock.background.run(`MCP message to ${endpoint}`, () => handleMessage(session, message));
  return message ? respond(202, { latin1: 'Accepted' }) : respond(400, { latin1: 'Could not parse message' });
}

function parseMessage(body: Buffer | undefined): RpcMessage | undefined {
  try {
    const message = messageOf(readJson(body?.toString('utf8') ?? ''));
    return 'errors' in message ? undefined : message;
  } catch {
    return undefined;
  }
}

const INTERNAL_ERROR_NOTIFICATION = {
  method: 'notifications/message',
  params: { level: 'error', logger: 'mcp.server.exception_handler', data: 'Internal Server Error' },
  jsonrpc: '2.0',
};

async function handleMessage(session: Session, message: RpcMessage | undefined): Promise<void> {
  const { stream } = session;
  if (stream.destroyed) return;
  if (message?.kind === 'notification') {
    if (message.method === 'notifications/initialized') session.initialized = true;
    return;
  }
  // Anything else is an error: a malformed message, or a response, since the mock sends no requests.
  const response = message?.kind === 'request' ? await respondIn(session, message) : INTERNAL_ERROR_NOTIFICATION;
  writeEvent(stream, messageEvent(response));
}

function respondIn(session: Session, request: Extract<RpcMessage, { kind: 'request' }>): Promise<object> | object {
  const { id, method } = request;
  if (method === 'initialize') session.initialized = true;
  else if (method !== 'ping' && !session.initialized) return { jsonrpc: '2.0', id, error: invalidParams };
  return handleRequest(request, session.context);
}
