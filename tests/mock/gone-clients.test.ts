/**
 * A client that goes away in the middle of an upload, a stream or a conversation leaves nothing: no connection, no
 * timer, no file, no row, no memory.
 * The mock is in this process, so that all of this can be seen.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildFlow } from '../../fixtures/build-flow.ts';
import catalogue from '../../fixtures/catalogue.json' with { type: 'json' };
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import { wordByWord } from '../../fixtures/word-by-word.ts';
import type { RunningMock } from '../../mock/index.ts';
import { mockWithFlow, type WithFlow } from './with-flow.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** How many clients go away before the first measurement, and before each next one. */
const [BEFORE, AFTER] = [40, 80];
const LOOKS = 4;
/**
 * What the runtime itself may keep of each, in bytes; whoever forgets to let go of a request or a stream keeps several
 * times that.
 */
const MOST_BYTES_EACH = 3000;

const folder = mkdtempSync(join(tmpdir(), 'flowpact-gone-'));
let served: WithFlow;
let mock: RunningMock;
let authorization: string;
let apiKey: string;
let flowId: string;
let talkingId: string;
let start: ReturnType<RunningMock['snapshot']>;

beforeAll(async () => {
  process.env['TMPDIR'] = folder;
  served = await mockWithFlow(echo, { logBuffer: 50, deterministic: 'gone' });
  ({ mock, authorization, apiKey, flow: flowId } = served);
  talkingId = (await post<{ id: string }>('/api/v1/flows/', buildFlow(wordByWord, catalogue))).id;
  start = mock.snapshot();
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function post<Answer>(path: string, body: object): Promise<Answer> {
  const headers = { authorization, connection: 'close', 'content-type': 'application/json' };
  return (await (
    await fetch(mock.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  ).json()) as Answer;
}

interface AbandonedRequest {
  method?: string;
  path: string | (() => Promise<string>);
  headers?: Record<string, string>;
  /** The part of the body that is sent. */
  body?: string;
  /** The content-length; by default that of `body`. */
  length?: number;
  /** Closes the connection when this text is received; by default when all is sent. */
  until?: string;
  /** Closes the connection before the head is complete. */
  headAlone?: true;
  /** What the request started is kept for other clients on purpose: removed before the measurement. */
  kept?: true;
}

/** Sends (some of) a request, waits for (some of) the response, and cuts the connection. */
async function goAway({
  method = 'POST',
  path,
  headers = {},
  body = '',
  length = Buffer.byteLength(body),
  until,
  headAlone,
}: AbandonedRequest): Promise<void> {
  const { port } = new URL(mock.url);
  const target = typeof path === 'string' ? path : await path();
  const socket = connect(Number(port), '127.0.0.1');
  const all = {
    host: 'x',
    authorization,
    'x-api-key': apiKey,
    ...(length > 0 && { 'content-length': length }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  await new Promise<void>((resolve) =>
    socket.write(`${method} ${target} HTTP/1.1\r\n${lines.join('')}${headAlone ? '' : '\r\n'}${body}`, 'latin1', () =>
      resolve(),
    ),
  );
  if (until) await arrival(socket, until);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resetAndDestroy();
  await closed;
}

function arrival(socket: Socket, wanted: string): Promise<void> {
  let text = '';
  return new Promise((resolve, reject) => {
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.includes(wanted)) resolve();
    });
    socket.once('close', () => reject(new Error(`${wanted} did not come: ${text.slice(0, 500)}`)));
  });
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'multipart/form-data; boundary=b' };
const filePart =
  '--b\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\nContent-Type: application/zip\r\n\r\nPK\x03\x04';
const largeHalf = { headers: form, body: filePart + 'x'.repeat(300_000), length: 2_000_000 };
const halfFile = { headers: form, body: filePart + 'x'.repeat(20_000), length: 200_000 };
const events = { accept: 'text/event-stream' };
const startedBuild = async () =>
  `/api/v1/build/${(await post<{ job_id: string }>(`/api/v1/build/${flowId}/flow`, {})).job_id}/events`;
/** A build that fails before it starts: it sends no end event. */
const failedBuild = async () =>
  `/api/v1/build/${(await post<{ job_id: string }>(`/api/v1/build/${flowId}/flow`, { data: { nodes: [{}], edges: [] } })).job_id}/events`;
/** All its events were read. */
const emptiedBuild = async () => {
  const path = `${await failedBuild()}?event_delivery=polling`;
  await (await fetch(mock.url + path, { headers: { authorization, connection: 'close' } })).text();
  return path;
};
const handshake = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

const GOING: Record<string, () => AbandonedRequest> = {
  'in the middle of the head': () => ({ path: '/api/v1/flows/', headAlone: true }),
  'in the middle of a JSON body': () => ({
    path: '/api/v1/flows/',
    headers: json,
    body: `{"name":"${'x'.repeat(20_000)}`,
    length: 200_000,
  }),
  'in the middle of a JSON body in chunks': () => ({
    path: '/api/v1/flows/',
    headers: { ...json, 'transfer-encoding': 'chunked' },
    body: '5\r\n{"nam\r\n',
    length: 0,
  }),
  'before the 100 that it asked for': () => ({
    path: '/api/v1/flows/',
    headers: { ...json, expect: '100-continue' },
    length: 1000,
  }),
  'in the middle of a file': () => ({ path: `/api/v1/files/upload/${flowId}`, ...halfFile }),
  'in the middle of a file that is on the disk': () => ({ path: '/api/v2/files', ...largeHalf }),
  'in the middle of a file of the user': () => ({ path: '/api/v2/files', ...halfFile }),
  'in the middle of a ZIP of flows': () => ({ path: '/api/v1/flows/upload/', ...halfFile }),
  'in the middle of a ZIP of a project': () => ({ path: '/api/v1/projects/upload/', ...halfFile }),
  'before the response to a run': () => ({
    path: `/api/v1/run/${flowId}`,
    headers: json,
    body: '{"input_value":"hi"}',
    kept: true,
  }),
  "in the middle of a run's stream": () => ({
    path: `/api/v1/run/${flowId}?stream=true`,
    headers: json,
    body: '{"input_value":"hi"}',
    until: 'add_message',
    kept: true,
  }),
  "in the middle of a response's stream": () => ({
    path: '/api/v1/responses',
    headers: json,
    body: JSON.stringify({ model: flowId, input: 'hi', stream: true }),
    until: 'data:',
    kept: true,
  }),
  'in the middle of the words of a model': () => ({
    path: `/api/v1/run/${talkingId}?stream=true`,
    headers: json,
    body: JSON.stringify({ input_value: 'word '.repeat(100) }),
    until: 'token',
    kept: true,
  }),
  "in the middle of a build's own stream": () => ({
    path: `/api/v1/build/${flowId}/flow?event_delivery=direct`,
    headers: json,
    body: '{}',
    until: 'vertices_sorted',
    kept: true,
  }),
  'in the middle of the events of a build': () => ({
    method: 'GET',
    path: startedBuild,
    until: 'vertices_sorted',
    kept: true,
  }),
  'while nothing more is told of a build': () => ({ method: 'GET', path: failedBuild, until: 'error' }),
  'while it waits for the next event of a build': () => ({ method: 'GET', path: emptiedBuild }),
  'in the middle of the log': () => ({ method: 'GET', path: '/logs-stream', until: '200 OK' }),
  'in the middle of an MCP session': () => ({
    method: 'GET',
    path: '/api/v1/mcp/sse',
    headers: events,
    until: 'session_id',
  }),
  'in the middle of an MCP stream': () => ({
    method: 'GET',
    path: '/api/v1/mcp/streamable',
    headers: events,
    until: '200 OK',
  }),
  'in the middle of a handshake': () => ({
    method: 'GET',
    path: `/api/v1/voice/ws/flow_tts/${flowId}`,
    headers: handshake,
  }),
  'in the middle of a conversation': () => ({
    method: 'GET',
    path: `/api/v1/voice/ws/flow_tts/${flowId}`,
    headers: handshake,
    until: '101',
  }),
};

/** What a started run keeps, whether a client reads or not. */
const KEPT = ['messages', 'vertexBuilds', 'transactions'];

test.each(Object.entries(GOING))('a client that goes away %s leaves nothing behind', async (_, going) => {
  await mock.restore(start);
  await many(BEFORE, going);
  expect(await bytesEach(going)).toBeLessThan(MOST_BYTES_EACH);
  const left = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  // The mock learns of the last client's end a moment later.
  await expect.poll(left).toEqual([]);
});

/**
 * How much the heap grows with each client. A leak shows in every measurement, one-time memory (such as compiled code)
 * only in one.
 */
async function bytesEach(going: () => AbandonedRequest): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < LOOKS && least >= MOST_BYTES_EACH; look++) {
    const before = heap();
    await many(AFTER, going);
    least = Math.min(least, (heap() - before) / AFTER);
  }
  return least;
}

async function many(count: number, going: () => AbandonedRequest): Promise<void> {
  for (let done = 0; done < count; done += 20) await Promise.all(Array.from({ length: 20 }, () => goAway(going())));
  for (let waited = 0; handles().length > 1 && waited < 5000; waited += 20) await delay(20);
  expect(handles()).toEqual(['TCPServerWrap']);
  expect(rows(mock.snapshot())).toEqual(rows(start));
  if (going().kept) await mock.restore(start);
}

const rows = (snapshot: typeof start) =>
  Object.entries(snapshot)
    .filter(([table]) => !KEPT.includes(table))
    .map(([table, list]) => `${table}: ${list.length}`);

/** Open connections and timers, without the mock's listening socket. */
const handles = () => process.getActiveResourcesInfo().filter((name) => /TCP|Timeout|FSReq/.test(name));

function heap(): number {
  for (let round = 0; round < 4; round++) collectGarbage();
  return process.memoryUsage().heapUsed;
}
