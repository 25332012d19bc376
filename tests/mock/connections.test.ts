/** How connections end. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import { mockWithFlow, type WithFlow } from './with-flow.ts';

let served: WithFlow;
beforeAll(async () => {
  served = await mockWithFlow(echo, { logBuffer: 10 });
});
afterAll(() => served[Symbol.asyncDispose]());

interface Request {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: object;
}

const json = { 'content-type': 'application/json' };
const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-03-26', capabilities: {}, clientInfo: { name: 'a', version: '1' } },
};
const mcp = { ...json, accept: 'application/json, text/event-stream' };

const ENDING: Record<string, () => Request> = {
  'a response': () => ({ method: 'GET', path: '/api/v1/version' }),
  'a run': () => ({ method: 'POST', path: `/api/v1/run/${served.flow}`, headers: json, body: { input_value: 'a' } }),
  'the stream of a run': () => ({
    method: 'POST',
    path: `/api/v1/run/${served.flow}?stream=true`,
    headers: json,
    body: { input_value: 'a' },
  }),
  'the stream of a response': () => ({
    method: 'POST',
    path: '/api/v1/responses',
    headers: json,
    body: { model: served.flow, input: 'a', stream: true },
  }),
  'the events of a build': () => ({
    method: 'POST',
    path: `/api/v1/build/${served.flow}/flow?event_delivery=direct`,
    headers: json,
    body: {},
  }),
  'the response to an MCP message': () => ({
    method: 'POST',
    path: '/api/v1/mcp/streamable',
    headers: mcp,
    body: initialize,
  }),
};

/** Streams that go on until one side closes them. */
const ENDLESS: Record<string, () => Request> = {
  'an MCP stream': () => ({ method: 'GET', path: '/api/v1/mcp/streamable', headers: { accept: 'text/event-stream' } }),
  'an MCP session': () => ({ method: 'GET', path: '/api/v1/mcp/sse', headers: { accept: 'text/event-stream' } }),
  'the log': () => ({ method: 'GET', path: '/logs-stream' }),
};

/**
 * Sends the request and `connection: close`; the head of the response, once the server has closed or the head is there.
 */
function head({ method, path, headers, body }: Request, until: 'closed' | 'head'): Promise<string> {
  const { port } = new URL(served.mock.url);
  const text = body ? JSON.stringify(body) : '';
  const all = {
    host: 'a',
    authorization: served.authorization,
    'x-api-key': served.apiKey,
    'content-length': String(text.length),
    connection: 'close',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(Number(port), '127.0.0.1');
  let received = '';
  return new Promise((resolve, reject) => {
    const finish = () => {
      socket.destroy();
      resolve(received.split('\r\n\r\n')[0] as string);
    };
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (until === 'head' && received.includes('\r\n\r\n')) finish();
    });
    socket.once('end', finish);
    socket.once('error', reject);
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`);
  });
}

const connectionsIn = (text: string): string[] =>
  [...text.matchAll(/^connection: (.*)$/gim)].map(([, value = '']) => value.toLowerCase());

test.each(Object.entries(ENDING))('%s ends the connection of a client that asks for it', async (_, request) => {
  const text = await head(request(), 'closed');
  expect(text).toContain(' 200 OK');
  expect(connectionsIn(text).at(-1)).toBe('close');
});

test.each(Object.entries(ENDLESS))(
  '%s says that it ends the connection of a client that asks for it',
  async (_, request) => {
    const text = await head(request(), 'head');
    expect(text).toContain(' 200 OK');
    expect(connectionsIn(text).at(-1)).toBe('close');
  },
);
