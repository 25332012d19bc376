/**
 * npm run bench [-- SECONDS ROUNDS]: the mock beside a bare node:http server that sends the same bytes and beside Prism's
 * own command, interleaved in one run and printed as ratios to the bare one. Ratios of one run can be compared; the
 * figures of two machines can't.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchCase, prepare } from './cases.ts';
import { perSecond } from './load.ts';
import { freePort, type Served, startPrism, startProcess } from './prism-cli.ts';

const [seconds = 1, rounds = 3] = process.argv.slice(2).map(Number);
const ACCOUNT = { username: 'langflow', password: 'bench-password' };
const CLI = join(import.meta.dirname, '..', 'cli', 'index.ts');

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
/** MB that a process holds, where the system tells. */
function memory({ pid }: Served): string {
  try {
    return `${Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)} MB`;
  } catch {
    return 'unknown';
  }
}

async function startMock(): Promise<Served> {
  const port = await freePort();
  const account = ['--user', ACCOUNT.username, '--password', ACCOUNT.password];
  return startProcess([CLI, 'mock', '--port', String(port), ...account], `http://127.0.0.1:${port}`);
}

async function startBare(file?: string): Promise<Served> {
  const port = await freePort();
  return startProcess([join(import.meta.dirname, 'bare.ts'), String(port), ...(file ? [file] : [])], `http://127.0.0.1:${port}`);
}

async function starts(start: () => Promise<Served>, times: number): Promise<number> {
  const taken: number[] = [];
  for (let index = 0; index < times; index++) {
    await using served = await start();
    taken.push(served.startMs);
  }
  return median(taken);
}

/** The mock's own answers, byte by byte, for the bare server to send. */
async function canned(url: string, cases: BenchCase[], file: string): Promise<void> {
  const answers: Record<string, unknown> = {};
  for (const one of cases) answers[`${one.method} ${one.path}`] = await rawAnswer(url, one);
  writeFileSync(file, JSON.stringify(answers));
}

async function rawAnswer(url: string, { method, path, headers, body }: BenchCase): Promise<{ status: number; headers: object; body: string }> {
  const sent = request(url + path, { method, headers }).end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const bytes = Buffer.concat(await answer.toArray());
  const { statusCode: status = 0 } = answer;
  if (status < 200 || status > 299) throw new Error(`${method} ${path} answered ${status} ${bytes.toString().slice(0, 200)}`);
  const kept = Object.entries(answer.headers).filter(([name]) => /^(content-type|content-encoding|vary)$/.test(name));
  return { status, headers: { ...Object.fromEntries(kept), 'content-length': bytes.length }, body: bytes.toString('latin1') };
}

async function measure(servers: Served[], cases: BenchCase[]): Promise<number[][][]> {
  const found = cases.map(() => servers.map((): number[] => []));
  for (let round = 0; round < rounds; round++) {
    for (const [row, one] of cases.entries()) {
      for (const [column, server] of servers.entries()) found[row]?.[column]?.push(await perSecond(server.url, one, seconds));
    }
  }
  return found;
}

function certifySeconds(): string {
  const from = performance.now();
  const { status } = spawnSync(process.execPath, [CLI, 'certify', '--target', 'mock'], { stdio: 'ignore' });
  return `${((performance.now() - from) / 1000).toFixed(1)} s (exit ${status})`;
}

const folder = mkdtempSync(join(tmpdir(), 'flowpact-bench-'));
try {
  const startMs = [await starts(() => startBare(), 5), await starts(startMock, 5), await starts(startPrism, 2)];
  await using mock = await startMock();
  const cases = await prepare(mock.url, ACCOUNT);
  const file = join(folder, 'canned.json');
  await canned(mock.url, cases, file);
  await using bare = await startBare(file);
  await using prism = await startPrism();
  const servers = [bare, mock, prism];
  const fresh = servers.map(memory);
  const found = await measure(servers, cases);
  console.log('| | bare node:http | flowpact mock | aim | Prism CLI | mock to Prism |\n| --- | --- | --- | --- | --- | --- |');
  const [bareStart = 1, mockStart = 0, prismStart = 0] = startMs;
  console.log(
    `| start to first answer | ${bareStart.toFixed(0)} ms | ${mockStart.toFixed(0)} ms (${(mockStart / bareStart).toFixed(1)} x) | 500 ms, 3 x | ${prismStart.toFixed(0)} ms | |`,
  );
  for (const [row, { name, aim }] of cases.entries()) {
    const [base = 1, ours = 0, theirs = 0] = (found[row] ?? []).map(median);
    const times = theirs > 0 ? `${(ours / theirs).toFixed(1)} x` : 'not served';
    console.log(`| ${name} | 1.00 (${base.toFixed(0)}/s) | ${(ours / base).toFixed(2)} | ${aim || ''} | ${(theirs / base).toFixed(3)} | ${times} |`);
  }
  console.log(
    `| memory, fresh | ${fresh[0]} | ${fresh[1]} | | ${fresh[2]} | |\n| memory, after the load | ${servers
      .map(memory)
      .join(' | ')
      .replace(' | ', ' | ')
      .replace(/( \| )([^|]+)$/, ' | | $2')} | |`,
  );
  console.log(`| certify on the mock | | ${certifySeconds()} | 10 s | | |`);
} finally {
  rmSync(folder, { recursive: true });
}
