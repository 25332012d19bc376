import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadSpec } from '../spec/index.ts';
import { freePort } from '../targets/free-port.ts';

const PRISM = join(import.meta.dirname, '..', 'node_modules', '.bin', 'prism');

/** Long: a mock with many flows reads a gigabyte. */
const LONGEST_START_MS = 300_000;

/** A server process of the comparison. */
export interface ServerProcess extends AsyncDisposable {
  url: string;
  /** Milliseconds from the start of the process to its first response. */
  startMs: number;
  pid: number;
}

/** Starts Prism's own command with our bundled contract. */
export async function startPrism(): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'flowpact-prism-'));
  const file = join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify((await loadSpec()).document));
  const port = await freePort();
  const served = await startProcess(
    [PRISM, 'mock', '-m', 'false', '-p', String(port), '-h', '127.0.0.1', file],
    `http://127.0.0.1:${port}`,
  );
  const stop = served[Symbol.asyncDispose];
  return {
    ...served,
    [Symbol.asyncDispose]: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * Starts node with these arguments and waits for the first answer at `url`.
 *
 * @throws Error with its output if it ends or does not respond
 */
export async function startProcess(args: string[], url: string): Promise<ServerProcess> {
  const from = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  let printed = '';
  child.stderr.on('data', (data: Buffer) => {
    printed += data;
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  while (!(await isUp(url))) {
    if (child.exitCode !== null || performance.now() - from > LONGEST_START_MS) {
      child.kill('SIGKILL');
      throw new Error(`${args.join(' ')} did not answer at ${url}: ${printed.slice(-2000)}`);
    }
    await delay(5);
  }
  const startMs = performance.now() - from;
  return {
    url,
    startMs,
    pid: child.pid as number,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function isUp(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`);
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
