import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../targets/free-port.ts';
import { memory } from './memory.ts';
import type { Finding, Row } from './report.ts';
import { type ServerProcess, startProcess } from './server-process.ts';

const ROOT = join(import.meta.dirname, '..');
const STARTS = 12;
/** Times as long as a bare server. */
const AIM_OF_START = 1.6;
/** MB, a second after the start. */
const AIM_OF_MEMORY = 80;

/** A bare server as JavaScript: to strip types takes half as long again as its start. */
const BARE = `
import { createServer } from 'node:http';
createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-length': 15 }).end('{"status":"ok"}'));
}).listen(Number(process.argv[2]), '127.0.0.1');
`;

/**
 * The built package beside a bare node:http server: the start of the process to its first response, and idle memory.
 */
export async function start(): Promise<Finding> {
  const { status } = spawnSync(process.execPath, [join(ROOT, 'node_modules/tsdown/dist/run.mjs'), '--silent'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('The package could not be built: see above');
  const folder = mkdtempSync(join(tmpdir(), 'flowpact-bench-'));
  try {
    const bare = join(folder, 'bare.mjs');
    writeFileSync(bare, BARE);
    const kinds = {
      bare: (port: number) => [bare, String(port)],
      'bare, as TypeScript': (port: number) => [join(ROOT, 'bench', 'bare.ts'), String(port)],
      package: (port: number) => [join(ROOT, 'dist', 'cli', 'index.js'), 'mock', '--port', String(port)],
      checkout: (port: number) => [join(ROOT, 'cli', 'index.ts'), 'mock', '--port', String(port)],
    };
    // The first start of each fills the compile cache.
    const found = new Map(Object.keys(kinds).map((name) => [name, [] as { ms: number; mb: number }[]]));
    for (let round = 0; round <= STARTS; round++) {
      for (const [name, args] of Object.entries(kinds)) {
        const one = await measure(args);
        if (round > 0) found.get(name)?.push(one);
      }
    }
    const least = Math.min(...(found.get('bare') ?? []).map(({ ms }) => ms));
    return {
      title: `Start of the package: the quickest of ${STARTS}, by turns`,
      columns: ['', 'first response', `to bare, aim ${AIM_OF_START} x`, `idle memory, aim ${AIM_OF_MEMORY} MB`],
      rows: [...found].map(([name, all]) => rowOf(name, all, least)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(args: (port: number) => string[]): Promise<{ ms: number; mb: number }> {
  const port = await freePort();
  await using served: ServerProcess = await startProcess(args(port), `http://127.0.0.1:${port}`);
  await delay(1000);
  return { ms: served.startMs, mb: memory(served.pid) };
}

function rowOf(name: string, all: { ms: number; mb: number }[], bare: number): Row {
  const ms = Math.min(...all.map((one) => one.ms));
  const mb = Math.min(...all.map((one) => one.mb));
  const ratio = ms / bare;
  const missed = [
    ratio > AIM_OF_START && `${ratio.toFixed(2)} x of a bare server, aim ${AIM_OF_START} x`,
    mb > AIM_OF_MEMORY && `${mb} MB idle, aim ${AIM_OF_MEMORY} MB`,
  ].filter(Boolean);
  return {
    cells: [name, `${ms.toFixed(0)} ms`, `${ratio.toFixed(2)} x`, `${mb} MB`],
    missed: name === 'package' && missed.length > 0 ? `start of the package: ${missed.join('; ')}` : undefined,
  };
}
