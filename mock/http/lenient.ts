import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { wantsWebSocket } from './upgrade.ts';

/** Where uvicorn takes what Node or Fastify would refuse by default, and how it refuses what is no HTTP. */

/** Of the head of a request; a real server takes at least 64 KiB in one line. */
const MOST_HEAD_BYTES = 1024 * 1024;

export const httpOptions = { shouldUpgradeCallback: wantsWebSocket, maxHeaderSize: MOST_HEAD_BYTES, requireHostHeader: false };

/**
 * An encoded slash is a slash (HTTP-109), an encoding that is none stands for itself and what is no UTF-8 for a sign of replacement; a media type
 * that is none is another one, not a fault (HTTP-124); of several API keys the first counts.
 */
export function rewriteUrl(request: Pick<IncomingMessage, 'url' | 'headers' | 'headersDistinct'>): string {
  const { headers } = request;
  const type = headers['content-type'];
  if (type !== undefined && !MEDIA_TYPE.test(type)) {
    oddTypes.set(headers, type);
    headers['content-type'] = 'application/octet-stream';
  }
  if (headers['x-api-key']?.includes(',')) headers['x-api-key'] = request.headersDistinct['x-api-key']?.[0];
  const url = request.url ?? '/';
  const at = url.indexOf('?');
  const path = at === -1 ? url : url.slice(0, at);
  return path.includes('%') ? encodedPath(path) + url.slice(path.length) : url;
}

const oddTypes = new WeakMap<IncomingMessage['headers'], string>();

/** A media type that is none, as it was sent, once the body has been read. */
export function restoreType(headers: IncomingMessage['headers']): void {
  if (headers['content-type'] === 'application/octet-stream') headers['content-type'] = oddTypes.get(headers) ?? headers['content-type'];
}

function encodedPath(path: string): string {
  const parted = path.replaceAll(/%2f/gi, '/');
  if (isDecodable(parted)) return parted;
  return parted
    .replaceAll(/%(?![0-9a-f]{2})/gi, '%25')
    .replaceAll(/(?:%[0-9a-f]{2})+/gi, (signs) => encodeURIComponent(Buffer.from(signs.replaceAll('%', ''), 'hex').toString('utf8')));
}

function isDecodable(text: string): boolean {
  try {
    // The result is used: a bundler drops a call of decodeURIComponent that is not, though it may throw.
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}

const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;.*)?$/;

/** An Expect that nobody knows is passed over. */
export function ignoreExpectations(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => server.emit('request', request, response));
}

/** CONNECT is a method like others: no path takes it. Node would just close the connection. */
export function respondToConnect(server: Server): void {
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    if (!request.url?.startsWith('/')) return refuseBrokenRequest(new Error('CONNECT to another host'), socket);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.end());
    server.emit('request', request, response);
  });
}

const NO_HTTP = 'Invalid HTTP request received.';

/** What is no HTTP is refused, and the connection closed. */
export function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(`HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${NO_HTTP.length}\r\nconnection: close\r\n\r\n${NO_HTTP}`);
}
