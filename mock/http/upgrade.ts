import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Operation } from '../../spec/index.ts';
import { pathPattern } from '../../spec/path-template.ts';
import type { Mock } from '../mock.ts';
import { MOST_UNREAD_BYTES, type Socket, type SocketHandler } from './socket.ts';

/** Most bytes of a message, as in uvicorn; a longer one closes with 1009. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Whether a request asks for a WebSocket. Any other upgrade is ignored, and the request gets its usual response. */
export const wantsWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

interface Route {
  pattern: RegExp;
  handler: SocketHandler;
}

/** Serves the WebSockets of the contract. The returned function ends them all. */
export function acceptWebSockets(
  server: Server,
  mock: Mock,
  handlers: Record<string, SocketHandler | undefined>,
): () => void {
  const routes = mock.spec.operations.flatMap((operation) => routeOf(operation, handlers));
  const open = new Set<WebSocket>();
  // Loaded with the first handshake, which most clients never send.
  let loading: Promise<WebSocketServer> | undefined;
  const load = () =>
    (loading ??= import('ws').then(
      (ws) =>
        new ws.WebSocketServer({
          noServer: true,
          perMessageDeflate: true,
          maxPayload: MOST_BYTES,
          handleProtocols: () => false,
        }),
    ));
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const found = match(routes, path);
    if (!found) return refuseHandshake(stream);
    const handshake = { params: found.params, query: new URLSearchParams(query), headers: request.headers };
    const name = `WebSocket ${path}`;
    mock.background.run(name, async () => {
      const sockets = await load();
      sockets.handleUpgrade(request, stream, head, (client) => {
        open.add(client);
        client.on('close', () => open.delete(client));
        client.on('error', () => {});
        const failed = (error: unknown) => {
          mock.background.report(name, error);
          socket.drop();
        };
        const socket = socketOf(client, stream, handshake, failed);
        mock.background.run(name, () => found.handler(socket, mock).catch(failed));
      });
    });
  });
  return () => {
    for (const client of open) client.terminate();
  };
}

function routeOf(
  { operationId, twinOf, path, websocket }: Operation,
  handlers: Record<string, SocketHandler | undefined>,
): Route[] {
  const handler = handlers[twinOf ?? operationId];
  if (!websocket || !handler) return [];
  return [{ pattern: pathPattern(path), handler }];
}

function match(routes: Route[], path: string): { handler: SocketHandler; params: Record<string, string> } | undefined {
  const decoded = decode(path);
  for (const { pattern, handler } of routes) {
    const found = pattern.exec(decoded);
    if (found) return { handler, params: { ...found.groups } };
  }
  return undefined;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Refuses a handshake that no route accepts, as uvicorn does. */
function refuseHandshake(stream: Duplex): void {
  stream.end(
    `HTTP/1.1 403 Forbidden\r\ndate: ${new Date().toUTCString()}\r\ncontent-length: 0\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n`,
  );
}

function socketOf(
  client: WebSocket,
  stream: Duplex,
  request: Pick<Socket, 'params' | 'query' | 'headers'>,
  failed: (error: unknown) => void,
): Socket {
  let unsent = 0;
  let isDropped = false;
  const endIfDropped = () => {
    if (isDropped && unsent === 0) stream.end();
  };
  return {
    ...request,
    send(event) {
      if (client.readyState !== client.OPEN) return;
      if (client.bufferedAmount > MOST_UNREAD_BYTES) return client.terminate();
      unsent++;
      client.send(JSON.stringify(event), () => {
        unsent--;
        endIfDropped();
      });
    },
    onText: (listener) =>
      client.on('message', (data, isBinary) => {
        try {
          if (!isBinary) listener(data.toString());
        } catch (error) {
          // An error of ours ends this connection, not the process.
          failed(error);
        }
      }),
    onClose: (listener) => client.on('close', listener),
    drop() {
      isDropped = true;
      endIfDropped();
    },
  };
}
