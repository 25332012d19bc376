/** Buffers for readers that never read are bounded. */
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Background } from '../../mock/background.ts';
import { MOST_UNREAD_BYTES } from '../../mock/http/socket.ts';
import { startMock } from '../../mock/index.ts';
import { LogBuffer } from '../../mock/logs.ts';
import { writeEvent } from '../../mock/mcp/streamable.ts';
import { Jobs } from '../../mock/runs/jobs.ts';
import { Recent, roughBytes } from '../../mock/runs/recent.ts';
import { logIn } from './log-in.ts';

const MIB = 1024 * 1024;

test('a stream of events is closed if its reader never reads', () => {
  const stream = new PassThrough();
  const event = 'x'.repeat(MIB);
  let written = 0;
  while (!stream.destroyed && written < 100) {
    writeEvent(stream, event);
    written += 1;
  }
  expect(stream.destroyed).toBe(true);
  expect(written).toBeLessThanOrEqual(MOST_UNREAD_BYTES / MIB + 2);
});

test("one event may be longer than the buffer's limit", () => {
  const stream = new PassThrough();
  writeEvent(stream, 'x'.repeat(2 * MOST_UNREAD_BYTES));
  expect(stream.destroyed).toBe(false);
});

test('an MCP session is closed if its client never reads, and its memory is freed', async () => {
  await using mock = await startMock({ port: 0 });
  const authorization = await logIn(mock.url);
  const socket = connect(Number(new URL(mock.url).port), '127.0.0.1');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  const uri = await new Promise<string>((resolve) => {
    socket.once('data', (chunk) => {
      socket.pause();
      resolve(/data: (\S+)/.exec(chunk.toString())?.[1] ?? '');
    });
    socket.write(`GET /api/v1/mcp/sse HTTP/1.1\r\nhost: a\r\nauthorization: ${authorization}\r\n\r\n`);
  });
  const headers = { authorization, 'content-type': 'application/json', connection: 'close' };
  // The id comes back in the response to the message.
  const body = JSON.stringify({ jsonrpc: '2.0', id: 'x'.repeat(4 * MIB), method: 'ping' });
  for (let count = 0; count < 12; count++)
    expect((await fetch(mock.url + uri, { method: 'POST', headers, body })).status).toBe(202);
  let received = 0;
  socket.on('data', ({ length }) => void (received += length));
  socket.resume();
  await closed;
  expect(received).toBeLessThan(12 * 4 * MIB);
});

const started = (jobs: Jobs, background: Background, id: string) =>
  jobs.start(background, id, () => new Promise(() => undefined));

test("unread events of builds are bounded by bytes, whatever the builds' state", () => {
  const jobs = new Jobs(1000);
  const background = new Background(new LogBuffer(0, () => new Date()));
  const [first, second, third] = ['a', 'b', 'c'].map((id) => started(jobs, background, id));
  first?.put('x'.repeat(400));
  second?.put('x'.repeat(400));
  second?.finish('ended');
  third?.put('x'.repeat(300));
  // A finished build is dropped before an older one that is running.
  expect(['a', 'b', 'c'].map((id) => jobs.get(id)?.unreadBytes)).toEqual([400, undefined, 300]);
  third?.put('x'.repeat(2000));
  expect(['a', 'c'].map((id) => jobs.get(id)?.unreadBytes)).toEqual([undefined, 2300]);
  expect(first?.state).toBe('cancelled');
  third?.takeAll();
  expect(third?.unreadBytes).toBe(0);
});

test('the cache of builds is bounded by bytes', () => {
  const recent = new Recent<string>();
  for (let count = 0; count < 20; count++) recent.set(`${count}`, 'x'.repeat(10 * MIB));
  expect([...recent.keys()]).toEqual(['14', '15', '16', '17', '18', '19']);
  recent.set('19', 'x'.repeat(100 * MIB));
  expect([...recent.keys()]).toEqual(['19']);
  recent.clear();
  recent.set('a', 'b');
  expect([...recent.keys()]).toEqual(['a']);
});

test('the rough size of a value counts shared parts once, and stops at the limit', () => {
  const shared = { text: 'x'.repeat(1000) };
  const size = roughBytes([shared, shared, new Map([['a', shared]])], MIB);
  expect(size).toBeGreaterThan(1000);
  expect(size).toBeLessThan(2000);
  const ring: { self?: unknown } = {};
  ring.self = ring;
  expect(roughBytes(ring, MIB)).toBeLessThan(100);
  expect(roughBytes(Buffer.alloc(5000), MIB)).toBeGreaterThan(5000);
});

test("a log line quotes a limited part of a client's text", () => {
  const logs = new LogBuffer(5, () => new Date(0));
  logs.write('x'.repeat(MIB));
  expect(logs.last(1)[0]?.text.length).toBe(10_000);
});
