import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { wantsWebSocket } from './upgrade.ts';

/** Accepts what uvicorn accepts and Node or Fastify refuse by default, and refuses broken HTTP as uvicorn does. */

/** Most bytes of a request's head. A real server takes at least 64 KiB in one line. */
const MOST_HEAD_BYTES = 1024 * 1024;

export const httpOptions = {
  shouldUpgradeCallback: wantsWebSocket,
  maxHeaderSize: MOST_HEAD_BYTES,
  requireHostHeader: false,
};

/**
 * Decodes as a real server does: an encoded slash is a slash (HTTP-109), a broken percent-encoding stands for itself,
 * and bytes that are not UTF-8 become replacement characters. Also replaces a malformed media type, which is no error
 * (HTTP-124), and keeps the first of several API keys.
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

/** Restores a malformed media type after the body has been read. */
export function restoreType(headers: IncomingMessage['headers']): void {
  if (headers['content-type'] === 'application/octet-stream')
    headers['content-type'] = oddTypes.get(headers) ?? headers['content-type'];
}

function encodedPath(path: string): string {
  const parted = path.replaceAll(/%2f/gi, '/');
  if (isDecodable(parted)) return parted;
  return parted
    .replaceAll(/%(?![0-9a-f]{2})/gi, '%25')
    .replaceAll(/(?:%[0-9a-f]{2})+/gi, (signs) =>
      encodeURIComponent(Buffer.from(signs.replaceAll('%', ''), 'hex').toString('utf8')),
    );
}

function isDecodable(text: string): boolean {
  try {
    // The result is used, since a bundler drops an unused call of decodeURIComponent, though it may throw.
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}

const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;.*)?$/;

/** Ignores an unknown Expect header. */
export function ignoreExpectations(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    server.emit('request', request, response),
  );
}

/** Treats CONNECT as a method that no path accepts. Node would just close the connection. */
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

/** Refuses a request that is not HTTP and closes the connection. */
export function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${NO_HTTP.length}\r\nconnection: close\r\n\r\n${NO_HTTP}`,
  );
}
