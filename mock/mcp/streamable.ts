import { PassThrough } from 'node:stream';
import { MOST_UNREAD_BYTES } from '../http/socket.ts';
import { type HttpResponse, respond } from '../operation.ts';
import { whyNotUtf8 } from '../python/utf8.ts';
import { JsonError, readJson } from '../validation/json.ts';
import { pydanticText } from '../validation/pydantic-text.ts';
import {
  errorMessage,
  INTERNAL_ERROR,
  INVALID_PARAMS,
  INVALID_REQUEST,
  messageEvent,
  messageOf,
  PARSE_ERROR,
} from './messages.ts';
import { handleRequest, isKnownVersion, KNOWN_VERSIONS, type McpContext } from './server.ts';

/** The MCP transport streamable HTTP without sessions: each message gets its own response. */

const EVENTS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  connection: 'keep-alive',
  'x-accel-buffering': 'no',
};
const KEEPALIVE_MS = 15_000;

const errorResponse = (status: number, code: number, message: string): HttpResponse =>
  respond(status, { json: errorMessage(code, message) });

/** A stream without messages. */
export function openStream({ headers }: McpContext): HttpResponse {
  const problem = !accepts(headers.accept, 'text/event-stream')
    ? errorResponse(406, INVALID_REQUEST, 'Not Acceptable: Client must accept text/event-stream')
    : unknownVersion(headers);
  if (problem) return problem;
  if (headers['last-event-id']) return respond(500, { json: { message: 'No response returned.' } });
  return respond(200, { chunks: keepAliveStream() }, EVENTS);
}

export const endSession = (): HttpResponse =>
  errorResponse(405, INVALID_REQUEST, 'Method Not Allowed: Session termination not supported');

/** Handles a message; `body` has its bytes. */
export async function takeMessage(body: Buffer | undefined, context: McpContext): Promise<HttpResponse> {
  const { headers } = context;
  const problem = wrongHeaders(headers);
  if (problem) return problem;
  const read = readBody(body ?? Buffer.alloc(0));
  if ('problem' in read) return read.problem;
  const message = messageOf(read.json);
  if ('errors' in message)
    return errorResponse(400, INVALID_PARAMS, `Validation error: ${pydanticText('JSONRPCMessage', message.errors)}`);
  const outdated = message.kind === 'request' && message.method === 'initialize' ? undefined : unknownVersion(headers);
  if (outdated) return outdated;
  if (message.kind !== 'request') return respond(202, undefined, { 'content-type': 'application/json' });
  return respond(200, { chunks: [messageEvent(await handleRequest(message, context))] }, EVENTS);
}

function wrongHeaders(headers: McpContext['headers']): HttpResponse | undefined {
  const wrongType = wrongContentType(headers);
  if (wrongType) return wrongType;
  if (!accepts(headers.accept, 'application/json') || !accepts(headers.accept, 'text/event-stream'))
    return errorResponse(
      406,
      INVALID_REQUEST,
      'Not Acceptable: Client must accept both application/json and text/event-stream',
    );
  const isJson = headers['content-type']
    ?.split(';')[0]
    ?.split(',')
    .some((part) => part.trim() === 'application/json');
  return isJson
    ? undefined
    : errorResponse(415, INVALID_REQUEST, 'Unsupported Media Type: Content-Type must be application/json');
}

/** The error for a wrong content type, on both transports. */
export function wrongContentType(headers: McpContext['headers']): HttpResponse | undefined {
  const type = headers['content-type'] ?? '';
  return type.toLowerCase().startsWith('application/json')
    ? undefined
    : respond(400, { latin1: 'Invalid Content-Type header' });
}

const accepts = (accept: string | undefined, type: string): boolean =>
  (accept ?? '').split(',').some((part) => part.trim().startsWith(type));

function unknownVersion(headers: McpContext['headers']): HttpResponse | undefined {
  const version = headers['mcp-protocol-version'];
  if (typeof version !== 'string' || isKnownVersion(version)) return undefined;
  return errorResponse(
    400,
    INVALID_REQUEST,
    `Bad Request: Unsupported protocol version: ${version}. Supported versions: ${KNOWN_VERSIONS}`,
  );
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function readBody(body: Buffer): { json: unknown } | { problem: HttpResponse } {
  try {
    return { json: readJson(utf8.decode(body)) };
  } catch (error) {
    if (!(error instanceof JsonError))
      return { problem: errorResponse(500, INTERNAL_ERROR, `Error handling POST request: ${whyNotUtf8(body)}`) };
    const { message, position } = error;
    const lines = [...body.toString('utf8')].slice(0, position).join('').split('\n');
    const place = `line ${lines.length} column ${(lines.at(-1)?.length ?? 0) + 1} (char ${position})`;
    return { problem: errorResponse(400, PARSE_ERROR, `Parse error: ${message}: ${place}`) };
  }
}

/** A stream for events, with a comment from time to time while it is open. */
export function keepAliveStream(): PassThrough {
  const stream = new PassThrough();
  const timer = setInterval(
    () => writeEvent(stream, `: ping - ${new Date().toISOString()}\r\n\r\n`),
    KEEPALIVE_MS,
  ).unref();
  return stream.once('close', () => clearInterval(timer));
}

/** Writes to a stream of events. A client with too many unread bytes is disconnected. */
export function writeEvent(stream: PassThrough, text: string): void {
  if (stream.readableLength + stream.writableLength > MOST_UNREAD_BYTES) stream.destroy();
  else stream.write(text);
}
