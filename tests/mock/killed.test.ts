/**
 * A mock with --db that is killed while several clients write: all acknowledged writes exist afterwards, and none is
 * incomplete.
 * KILL_RUNS=100 npm test -- tests/mock/killed.test.ts kills it more often.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startMock } from '../../mock/index.ts';
import type { Snapshot } from '../../mock/store/store.ts';
import { logIn } from './log-in.ts';

const RUNS = Number(process.env['KILL_RUNS'] ?? 3);
const WRITERS = 6;
const CLI = join(import.meta.dirname, '../../cli/index.ts');

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flowpact-killed-'));
  file = join(folder, 'state.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** One request writes so many rows that the mock may be killed between two of them. */
const BATCH = 150;
const BATCHED = 'batched ';

/** What one client has written with a response, and its last request without one, which may have succeeded or not. */
interface AcknowledgedWrites {
  flows: Map<string, string>;
  deleted: Set<string>;
  projects: Set<string>;
  files: Map<string, number>;
  /** Flows that one request created, by the prefix of their names. */
  batches: Set<string>;
  unsure: { id?: string; name?: string };
}

async function startChild(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [CLI, 'mock', '--port', '0', '--db', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    text += chunk;
    const [, url] = /on (http:\S+)/.exec(text) ?? [];
    if (url) return { child, url };
  }
  throw new Error(`The mock did not start: ${text}`);
}

/** Writes until there is no response. */
async function write(url: string, writer: number, authorization: string): Promise<AcknowledgedWrites> {
  const written: AcknowledgedWrites = {
    flows: new Map(),
    deleted: new Set(),
    projects: new Set(),
    files: new Map(),
    batches: new Set(),
    unsure: {},
  };
  const ask = async (method: string, path: string, body?: object | FormData) => {
    const json = body && !(body instanceof FormData);
    const response = await fetch(url + path, {
      method,
      headers: { authorization, ...(json && { 'content-type': 'application/json' }) },
      ...(body && { body: json ? JSON.stringify(body) : (body as FormData) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer as { id: string };
  };
  try {
    for (let n = 0; ; n++) await writeOnce(ask, written, `${writer}-${n}`);
  } catch (error) {
    // Only an error of the connection is expected.
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    return written;
  }
}

async function writeOnce(
  ask: (method: string, path: string, body?: object | FormData) => Promise<{ id: string }>,
  written: AcknowledgedWrites,
  name: string,
): Promise<void> {
  written.unsure = { name };
  const { id } = await ask('POST', '/api/v1/flows/', {
    name,
    data: { nodes: [], edges: [] },
    description: 'x'.repeat(3000),
  });
  written.flows.set(id, name);
  written.unsure = { id, name: `${name} renamed` };
  await ask('PATCH', `/api/v1/flows/${id}`, { name: `${name} renamed` });
  written.flows.set(id, `${name} renamed`);
  written.unsure = {};
  await ask('POST', '/api/v1/flows/batch/', {
    flows: Array.from({ length: BATCH }, (_, index) => ({ name: `${BATCHED}${name} ${index}` })),
  });
  written.batches.add(name);
  written.projects.add((await ask('POST', '/api/v1/projects/', { name, components_list: [], flows_list: [] })).id);
  const form = new FormData();
  // Every other one is too large for a row.
  const text = name.repeat(written.files.size % 2 === 0 ? 500 : 10_000);
  form.set('file', new Blob([text]), `${name}.txt`);
  written.files.set((await ask('POST', '/api/v2/files', form)).id, text.length);
  if (written.flows.size % 3 !== 0) return;
  written.unsure = { id };
  await ask('DELETE', `/api/v1/flows/${id}`);
  written.flows.delete(id);
  written.deleted.add(id);
}

/** All acknowledged writes exist; the last request's may. */
function compare(snapshot: Snapshot, { flows, deleted, projects, files, batches, unsure }: AcknowledgedWrites): void {
  const names = new Map(snapshot.flows.map((row) => [row.id, row.name]));
  for (const [id, name] of flows) {
    if (unsure.id === id) expect([name, unsure.name]).toContain(names.get(id));
    else expect(names.get(id)).toBe(name);
  }
  for (const id of deleted) expect(names.has(id)).toBe(false);
  const sizes = new Map(snapshot.files.map((row) => [row.id, row.size]));
  for (const [id, size] of files) expect(sizes.get(id)).toBe(size);
  const there = new Set(snapshot.projects.map(({ id }) => id));
  for (const name of batches)
    expect(snapshot.flows.some((row) => row.name.startsWith(`${BATCHED}${name} `))).toBe(true);
  for (const id of projects) expect(there.has(id)).toBe(true);
}

/** Rows of one request exist together or not at all. */
function isWhole(snapshot: Snapshot): void {
  const bytes = new Map(snapshot.storedFiles.map((row) => [row.path, Buffer.from(row.bytes, 'base64').length]));
  for (const { path, size } of snapshot.files) expect(bytes.get(path)).toBe(size);
  const projects = new Set(snapshot.projects.map(({ id }) => id));
  for (const { folder_id } of snapshot.flows) expect(folder_id === null || projects.has(folder_id)).toBe(true);
  const batches = Map.groupBy(
    snapshot.flows.filter(({ name }) => name.startsWith(BATCHED)),
    ({ name }) => name.slice(0, name.lastIndexOf(' ')),
  );
  for (const [, rows] of batches) expect(rows).toHaveLength(BATCH);
  const served = snapshot.mcpServers.map(({ config }) => JSON.stringify(config));
  for (const { id, name } of snapshot.projects)
    expect([name, served.some((config) => config.includes(id)) || name === 'Starter Project']).toEqual([name, true]);
}

async function reopened(): Promise<Snapshot> {
  await using mock = await startMock({ port: 0, db: file });
  const login = await fetch(`${mock.url}/api/v1/login`, {
    method: 'POST',
    body: new URLSearchParams({ username: 'langflow', password: 'langflow' }),
  });
  expect(login.status).toBe(200);
  return mock.snapshot();
}

/** Starts a mock with several writing clients, and kills it after so many milliseconds. */
async function writeAndKill(milliseconds: number): Promise<AcknowledgedWrites[]> {
  const { child, url } = await startChild();
  const authorization = await logIn(url);
  const run = existsSync(file) ? statSync(file).mtimeMs : 0;
  const writing = Array.from({ length: WRITERS }, (_, writer) => write(url, writer + run, authorization));
  await delay(milliseconds);
  const died = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await died;
  return Promise.all(writing);
}

test('loses no acknowledged write when it is killed, however often', {
  timeout: 60_000 + RUNS * 10_000,
}, async () => {
  let acknowledged = 0;
  for (let run = 0; run < RUNS; run++) {
    // Moments spread over some requests.
    const all = await writeAndKill(60 + ((run * 37) % 200));
    const snapshot = await reopened();
    for (const written of all) compare(snapshot, written);
    isWhole(snapshot);
    acknowledged += all.reduce(
      (sum, { flows, projects, files, deleted }) => sum + flows.size + projects.size + files.size + 2 * deleted.size,
      0,
    );
  }
  expect(acknowledged).toBeGreaterThan(RUNS);
  if (RUNS > 3) console.log(`${RUNS} times killed, ${acknowledged} acknowledged writes kept`);
});

test('a write-ahead log that ends within a write is read up to the last complete one', {
  timeout: 60_000,
}, async () => {
  await writeAndKill(200);
  const log = `${file}-wal`;
  const [whole, size] = [`${file}.whole`, statSync(log).size];
  copyFileSync(file, whole);
  copyFileSync(log, `${whole}-wal`);
  for (const part of [0.9, 0.5, 0.1]) {
    copyFileSync(whole, file);
    copyFileSync(`${whole}-wal`, log);
    rmSync(`${file}-shm`, { force: true });
    truncateSync(log, Math.floor(size * part));
    isWhole(await reopened());
  }
});

test('a truncated database is refused with a message', { timeout: 60_000 }, async () => {
  await writeAndKill(100);
  await reopened();
  const size = statSync(file).size;
  for (const lost of [1, 4096, Math.floor(size / 2)]) {
    truncateSync(file, size - lost);
    await expect(reopened()).rejects.toThrow(/state\.db (is damaged|can't be used as a database): /);
  }
});
