import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../targets/free-port.ts';
import { ACCOUNT, type BenchCase, prepare } from './cases.ts';
import { requestsPerSecond } from './load.ts';
import { memory } from './memory.ts';
import type { Finding, Row } from './report.ts';
import { type ServerProcess, startPrism, startProcess } from './server-process.ts';

const CLI = join(import.meta.dirname, '..', 'cli', 'index.ts');
const SECONDS = 0.2;
const ROUNDS = 12;
const STARTS = 4;
/** Aim: the ratio to the requests a second of Prism's command. */
const AIM_TO_PRISM = 10;
/** Of the start: times as long as a bare server. */
const AIM_OF_START = 3;

/**
 * Compares the mock, a bare node:http server that sends the same bytes, and Prism's own command, in turn. The result is
 * the
 * median of the rounds' ratios to the bare server, since other load on the machine changes from round to round.
 */
export async function speed(): Promise<Finding> {
  const folder = mkdtempSync(join(tmpdir(), 'flowpact-bench-'));
  try {
    const starts = await quickestStarts([() => startBare(), startMock, startPrism]);
    await using mock = await startMock();
    const cases = await prepare(mock.url, ACCOUNT);
    const file = join(folder, 'canned.json');
    await storeResponses(mock.url, cases, file);
    await using bare = await startBare(file);
    await using prism = await startPrism();
    const servers = [bare, mock, prism];
    const fresh = servers.map(({ pid }) => memory(pid));
    const found = await measure(servers, cases);
    return {
      title: 'Speed: beside a bare node:http server and Prism',
      columns: ['', 'bare node:http', 'flowpact mock', 'aim', 'Prism CLI', `mock to Prism, aim ${AIM_TO_PRISM} x`],
      rows: [
        startRow(starts),
        ...cases.map((one, row) => speedRow(one, found[row] ?? [])),
        memoryRow('memory, fresh', fresh),
        memoryRow(
          'memory, after the load',
          servers.map(({ pid }) => memory(pid)),
        ),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function startRow([bare = 1, mock = 0, prism = 0]: number[]): Row {
  const ratio = mock / bare;
  return {
    cells: [
      'start to first response',
      `${bare.toFixed(0)} ms`,
      `${ratio.toFixed(2)} x (${mock.toFixed(0)} ms)`,
      `${AIM_OF_START} x`,
      `${prism.toFixed(0)} ms`,
      '',
    ],
    missed: ratio > AIM_OF_START ? `start: ${ratio.toFixed(2)} x of a bare server, aim ${AIM_OF_START} x` : undefined,
  };
}

function speedRow({ name, aim }: BenchCase, [bare = [], mock = [], prism = []]: number[][]): Row {
  const [ratio, times, ofPrism] = [medianRatio(mock, bare), medianRatio(mock, prism), medianRatio(prism, bare)];
  const missed = [
    ratio < aim && `${ratio.toFixed(2)} of a bare server, aim ${aim}`,
    times < AIM_TO_PRISM && `${times.toFixed(1)} x Prism, aim ${AIM_TO_PRISM} x`,
  ];
  return {
    cells: [
      name,
      `1.00 (${median(bare).toFixed(0)}/s)`,
      ratio.toFixed(2),
      aim > 0 ? String(aim) : '',
      ofPrism.toFixed(3),
      ofPrism > 0 ? `${times.toFixed(1)} x` : 'not served',
    ],
    missed: missed.some(Boolean) ? `${name}: ${missed.filter(Boolean).join('; ')}` : undefined,
  };
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const medianRatio = (some: number[], others: number[]): number =>
  median(some.map((value, round) => value / (others[round] ?? 1)));

function memoryRow(name: string, [bare, mock, prism]: number[]): Row {
  return { cells: [name, `${bare} MB`, `${mock} MB`, '', `${prism} MB`, ''] };
}

async function startMock(): Promise<ServerProcess> {
  const port = await freePort();
  const account = ['--username', ACCOUNT.username, '--password', ACCOUNT.password];
  return startProcess([CLI, 'mock', '--port', String(port), ...account], `http://127.0.0.1:${port}`);
}

async function startBare(file?: string): Promise<ServerProcess> {
  const port = await freePort();
  return startProcess(
    [join(import.meta.dirname, 'bare.ts'), String(port), ...(file ? [file] : [])],
    `http://127.0.0.1:${port}`,
  );
}

/** The quickest start of each, measured in turn. */
async function quickestStarts(starts: (() => Promise<ServerProcess>)[]): Promise<number[]> {
  const best = starts.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < STARTS; round++) {
    for (const [column, start] of starts.entries()) {
      await using served = await start();
      best[column] = Math.min(best[column] ?? served.startMs, served.startMs);
    }
  }
  return best;
}

/** Stores the mock's responses, byte by byte, for the bare server. */
async function storeResponses(url: string, cases: BenchCase[], file: string): Promise<void> {
  const responses: Record<string, unknown> = {};
  for (const one of cases) responses[`${one.method} ${one.path}`] = await rawResponse(url, one);
  writeFileSync(file, JSON.stringify(responses));
}

async function rawResponse(
  url: string,
  { method, path, headers, body }: BenchCase,
): Promise<{ status: number; headers: object; body: string }> {
  const sent = request(url + path, { method, headers }).end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const bytes = Buffer.concat(await response.toArray());
  const { statusCode: status = 0 } = response;
  if (status < 200 || status > 299)
    throw new Error(`${method} ${path} answered ${status} ${bytes.toString().slice(0, 200)}`);
  const kept = Object.entries(response.headers).filter(([name]) => /^(content-type|content-encoding|vary)$/.test(name));
  return {
    status,
    headers: { ...Object.fromEntries(kept), 'content-length': bytes.length },
    body: bytes.toString('latin1'),
  };
}

/** Requests a second, by case and server, of each round. */
async function measure(servers: ServerProcess[], cases: BenchCase[]): Promise<number[][][]> {
  const found = cases.map(() => servers.map((): number[] => []));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [row, one] of cases.entries()) {
      for (const [column, server] of servers.entries())
        found[row]?.[column]?.push(await requestsPerSecond(server.url, one, SECONDS));
    }
  }
  return found;
}
