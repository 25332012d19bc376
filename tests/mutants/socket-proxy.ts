import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { SocketFault } from './mutant.ts';

const acceptor = new WebSocketServer({ noServer: true });

/** The fault of one connection, and a function to call when it was applied. */
export interface AppliedFault {
  fault: SocketFault;
  applied(): void;
}

/** Connects a WebSocket to the mock, with a fault if given. */
export function passSocket(
  mockUrl: string,
  request: IncomingMessage,
  stream: Duplex,
  head: Buffer,
  spoiling: AppliedFault | undefined,
): void {
  stream.on('error', () => stream.destroy());
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(
      ([name]) => !/^(host|connection|upgrade|sec-websocket-.*|x-flowpact-fault)$/.test(name),
    ),
  );
  const upstream = new WebSocket(mockUrl.replace(/^http/, 'ws') + request.url, {
    headers: headers as Record<string, string>,
  });
  upstream.on('error', () => {});
  upstream.on('unexpected-response', (_request, response) => refuse(stream, response.statusCode ?? 502));
  upstream.on('open', () => {
    if (spoiling?.fault.refuse === undefined)
      acceptor.handleUpgrade(request, stream, head, (client) => join(client, upstream, stream, request, spoiling));
    else {
      spoiling.applied();
      refuse(stream, spoiling.fault.refuse);
      upstream.terminate();
    }
  });
}

function refuse(stream: Duplex, status: number): void {
  stream.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}

function join(
  client: WebSocket,
  upstream: WebSocket,
  stream: Duplex,
  request: IncomingMessage,
  spoiling: AppliedFault | undefined,
): void {
  client.on('error', () => {});
  let sentToClient = 0;
  upstream.on('message', (data) => {
    sentToClient++;
    const text = spoilt(data, spoiling, 'toClient');
    if (text !== undefined) client.send(text);
  });
  client.on('message', (data) => {
    const text = spoilt(data, spoiling, 'toServer');
    if (text !== undefined && upstream.readyState === WebSocket.OPEN) upstream.send(text);
  });
  client.on('close', () => upstream.terminate());
  upstream.on('close', (code) => {
    const admits = sentToClient === 0 && spoiling?.fault.admits === credentialOf(request);
    if (admits) {
      spoiling?.applied();
      client.send('{"type":"error","code":"api_key_missing","key_name":"OPENAI_API_KEY","message":"served"}');
    }
    end(client, stream, code, spoiling);
  });
}

/** Ends the connection as the mock did, or as the fault says. */
function end(client: WebSocket, stream: Duplex, code: number, spoiling: AppliedFault | undefined): void {
  const ending = spoiling?.fault.ending;
  if (ending !== undefined) spoiling?.applied();
  if (ending === 'never') return;
  if (ending !== undefined) client.close(ending);
  else if (code === 1006) stream.end();
  else client.close(code);
}

function spoilt(data: RawData, spoiling: AppliedFault | undefined, side: 'toClient' | 'toServer'): string | undefined {
  const text = data.toString();
  const spoil = spoiling?.fault[side];
  if (!spoil) return text;
  const result = spoil(text);
  if (result !== text) spoiling?.applied();
  return result;
}

function credentialOf({ headers, url = '' }: IncomingMessage): 'none' | 'token' | 'key' {
  const query = new URL(url, 'http://none').searchParams;
  if (headers.cookie?.includes('access_token_lf') || query.has('token')) return 'token';
  return headers['x-api-key'] || headers['api_key'] || query.has('x-api-key') || query.has('api_key') ? 'key' : 'none';
}
