/** Files that are too large for memory are written to the disk and read from it, and are removed. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningMock, startMock } from '../../mock/index.ts';
import { logIn } from './log-in.ts';

const MIB = 1024 * 1024;

let dir: string;
let before: string | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flowpact-large-'));
  before = process.env['TMPDIR'];
  process.env['TMPDIR'] = dir;
});
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(dir, { recursive: true });
});

/** Different bytes, so that a piece in the wrong place is noticed. */
function content(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE((at * 2654435761) >>> 0, at);
  return bytes;
}

async function ask(mock: RunningMock, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(mock.url + path, {
    ...init,
    headers: { authorization: await logIn(mock.url), connection: 'close', ...(init.headers as object) },
  });
}

async function upload(
  mock: RunningMock,
  name: string,
  bytes: Buffer,
  query = '',
): Promise<{ id: string; size: number }> {
  const body = new FormData();
  body.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), name);
  const response = await ask(mock, `/api/v2/files${query}`, { method: 'POST', body });
  expect(response.status).toBe(201);
  return (await response.json()) as { id: string; size: number };
}

const download = async (mock: RunningMock, id: string): Promise<Buffer> =>
  Buffer.from(await (await ask(mock, `/api/v2/files/${id}`)).arrayBuffer());

/** The blobs in the temporary folder. */
const temporary = (): string[] =>
  readdirSync(dir)
    .filter((name) => name.startsWith('flowpact-files-'))
    .flatMap((name) => readdirSync(join(dir, name)));

/**
 * Sends a form with one file of so many MiB, none of which is kept here; resolves to the response's status and text.
 */
async function send(
  url: string,
  megabytes: number,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const [head, tail] = [
    '--b\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n\r\n',
    '\r\n--b--\r\n',
  ];
  const length = head.length + tail.length + megabytes * MIB;
  const sent = request(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'multipart/form-data; boundary=b', 'content-length': length },
  });
  const answered = new Promise<{ status: number; text: string }>((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode ?? 0, text });
    });
  });
  sent.write(head);
  const piece = content(MIB);
  for (let count = 0; count < megabytes; count++)
    if (!sent.write(piece)) await new Promise((resolve) => sent.once('drain', resolve));
  sent.end(tail);
  return answered;
}

test('a large file is stored whole on the disk, and removed with the mock', async () => {
  const bytes = content(3 * MIB + 7);
  {
    await using mock = await startMock({ port: 0 });
    const { id, size } = await upload(mock, 'a.bin', bytes);
    expect(size).toBe(bytes.length);
    expect(temporary()).toHaveLength(1);
    expect((await download(mock, id)).equals(bytes)).toBe(true);
    await ask(mock, `/api/v2/files/${id}`, { method: 'DELETE' });
    expect(temporary()).toEqual([]);
    await upload(mock, 'b.bin', bytes);
  }
  expect(readdirSync(dir)).toEqual([]);
});

test('the memory of a mock does not grow with an upload, and an upload without a credential writes nothing to the disk', async () => {
  await using mock = await startMock({ port: 0 });
  const headers = { authorization: await logIn(mock.url) };
  const buffers = () => process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
  const start = buffers();
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, buffers() - start)), 5);
  const [kept, refused] = [
    await send(`${mock.url}/api/v2/files`, 150, headers),
    await send(`${mock.url}/api/v2/files`, 150),
  ];
  clearInterval(watch);
  expect([kept.status, refused.status]).toEqual([201, 403]);
  // Held whole it would be 150 MiB at the least; what was read and is not collected yet counts too.
  expect(most).toBeLessThan(110 * MIB);
  expect(temporary()).toHaveLength(1);
});

test('a form that is refused leaves nothing on the disk', async () => {
  await using mock = await startMock({ port: 0 });
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  const part = (name: string) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"; filename="a"\r\n\r\n${'x'.repeat(MIB)}\r\n`;
  for (const [body, status] of [
    [`${part('other')}--b--`, 422],
    [`${part('file')}--b\r\nno header\r\n\r\n`, 400],
    [`${part('other')}${part('file').trimEnd()}`, 422],
  ] as const) {
    expect((await ask(mock, '/api/v2/files', { method: 'POST', headers, body })).status).toBe(status);
    expect(temporary()).toEqual([]);
  }
});

test('files grow by small and large appended pieces', async () => {
  await using mock = await startMock({ port: 0 });
  const pieces = [10, 40_000, 30_000, 100_000, 5, 70_000, 1].map((size) => content(size));
  let id = '';
  for (const piece of pieces) ({ id } = await upload(mock, 'log.txt', piece, '?append=true'));
  expect((await download(mock, id)).equals(Buffer.concat(pieces))).toBe(true);
  // Small pieces are joined before they go to the disk.
  expect(temporary().length).toBeLessThan(pieces.length - 2);
});

test('a name that is no valid pattern for SQLite is refused', async () => {
  await using mock = await startMock({ port: 0 });
  const body = new FormData();
  body.append('file', new Blob(['x']), `${'%'.repeat(60_000)}z.txt`);
  const response = await ask(mock, '/api/v2/files', { method: 'POST', body });
  expect([response.status, await response.text()]).toEqual([500, expect.stringContaining('pattern too complex')]);
});

test('several files are downloaded as one ZIP', async () => {
  await using mock = await startMock({ port: 0 });
  const contents = [content(200_000), content(3), content(0)];
  const ids: string[] = [];
  for (const [index, bytes] of contents.entries()) ids.push((await upload(mock, `f${index}.bin`, bytes)).id);
  const headers = { 'content-type': 'application/json' };
  const zip = await ask(mock, '/api/v2/files/batch/', { method: 'POST', headers, body: JSON.stringify(ids) });
  const entries = unzipSync(new Uint8Array(await zip.arrayBuffer()));
  expect(
    Object.entries(entries).map(([name, bytes]) => [
      name,
      Buffer.from(bytes).equals(contents[Number(name[1])] as Buffer),
    ]),
  ).toEqual([
    ['f0.bin', true],
    ['f1.bin', true],
    ['f2.bin', true],
  ]);
});

test('a snapshot that is refused says why, whatever its files are', async () => {
  for (const row of [null, 1, { path: 'a' }, { path: 1, bytes: 'x' }]) {
    await expect(startMock({ port: 0, seed: { storedFiles: [row] } as never })).rejects.toThrow(/storedFiles|row/i);
  }
});

test('a snapshot holds the bytes of large files, and a reset brings back those of the start', async () => {
  const bytes = content(200_000);
  await using one = await startMock({ port: 0 });
  const { id } = await upload(one, 'a.bin', bytes);
  const snapshot = JSON.parse(JSON.stringify(one.snapshot()));
  expect(snapshot.storedFiles).toEqual([
    { path: expect.any(String), folder: expect.any(String), bytes: bytes.toString('base64') },
  ]);
  await using two = await startMock({ port: 0, seed: snapshot });
  await ask(two, `/api/v2/files/${id}`, { method: 'DELETE' });
  const other = await upload(two, 'b.bin', content(100_000));
  await two.reset();
  expect((await download(two, id)).equals(bytes)).toBe(true);
  expect((await ask(two, `/api/v2/files/${other.id}`)).status).toBe(404);
  // One of each mock: what was uploaded before the reset is gone.
  expect(temporary()).toHaveLength(2);
  await one.restore(snapshot);
  expect((await download(one, id)).equals(bytes)).toBe(true);
});

test('with a database large files stand beside it, for its owner alone, and what a killed mock left goes at the next start', async () => {
  const db = join(dir, 'state.db');
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const bytes = content(500_000);
  let id: string;
  {
    await using mock = await startMock({ port: 0, db });
    ({ id } = await upload(mock, 'a.bin', bytes));
  }
  writeFileSync(join(`${db}-files`, 'half-of-an-upload'), 'x');
  {
    await using mock = await startMock({ port: 0, db });
    expect(hash(await download(mock, id))).toBe(hash(bytes));
    expect(readdirSync(`${db}-files`)).toHaveLength(1);
  }
  rmSync(`${db}-files`, { recursive: true });
  await expect(startMock({ port: 0, db })).rejects.toThrow(/is missing.*copied with its files/);
  expect(existsSync(db)).toBe(true);
});
