import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const STARTER = join(root, 'cli', 'starter.mjs');
const MOCK = ['cli/index.ts', 'mock', '--port', '0'];

/** The environment without the variables of the npm that runs these tests. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|FLOWPACT_)/i.test(name)));

/** Starts something that starts a mock, and waits until that listens. */
async function start(file: string, args: string[]): Promise<{ child: ChildProcess; url: string }> {
  // A process group of its own, so that all of it can be ended.
  const child = spawn(file, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    const url = /http:\/\/[\d.]+:\d+/.exec(text)?.[0];
    if (url) resolve(url);
  });
  child.once('error', reject).once('close', () => reject(new Error('It ended without a mock')));
  return { child, url: await promise };
}

const state = (url: string) =>
  fetch(`${url}/health`).then(
    () => 'answers',
    () => 'is gone',
  );

function endGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-(pid as number), 'SIGKILL');
  } catch {
    // All have ended.
  }
}

describe('a mock ends with its starter', () => {
  it.each([
    ['npm', 'SIGTERM', 'npm', ['run', '--silent', 'flowpact', '--', ...MOCK.slice(1)]],
    ['npm', 'SIGKILL', 'npm', ['run', '--silent', 'flowpact', '--', ...MOCK.slice(1)]],
    ['the bootstrap', 'SIGTERM', process.execPath, ['cli/bootstrap.mjs', ...MOCK]],
    ['the bootstrap', 'SIGKILL', process.execPath, ['cli/bootstrap.mjs', ...MOCK]],
  ] as const)('%s and %s', async (_, signal, file, args) => {
    const { child, url } = await start(file, [...args]);
    try {
      expect(await state(url)).toBe('answers');
      child.kill(signal);
      await expect.poll(() => state(url), { timeout: 10_000 }).toBe('is gone');
    } finally {
      endGroup(child);
    }
  });

  it('and under another Node, when the bootstrap has a child', async () => {
    const program = `import { endWithStarter } from ${JSON.stringify(STARTER)}; endWithStarter(); setTimeout(() => {}, 60_000);`;
    const parent = `
      import { spawn } from 'node:child_process';
      const env = { ...process.env, FLOWPACT_BOOTSTRAP: String(process.pid) };
      const { pid } = spawn(process.execPath, ['--input-type=module', '--eval', ${JSON.stringify(program)}], { env, stdio: 'inherit' });
      console.log(String(pid));
      setTimeout(() => {}, 60_000);`;
    const starter = spawn(process.execPath, ['--input-type=module', '--eval', parent], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [text] = await once(starter.stdout, 'data');
    const pid = Number(text);
    // The watch starts with the process.
    await delay(500);
    expect(isRunning(pid)).toBe(true);
    starter.kill('SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  });

  it('but not with a shell, where it may be meant to stay in the background', async () => {
    const { child, url } = await start('sh', ['-c', `${process.execPath} ${MOCK.join(' ')} & sleep 60`]);
    try {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await delay(1000);
      expect(await state(url)).toBe('answers');
    } finally {
      endGroup(child);
    }
  });
});

it.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
] as const)(
  'as the first process of a container it ends by %s before a command has taken over',
  async (signal, code) => {
    const program = `import { takeSignalsAsFirstProcess } from ${JSON.stringify(STARTER)}; takeSignalsAsFirstProcess(1); console.log('ready'); setTimeout(() => {}, 60_000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([code, null]);
  },
);

it('leaves signals to a command with its own handler', async () => {
  const program = `
    import { takeSignalsAsFirstProcess } from ${JSON.stringify(STARTER)};
    takeSignalsAsFirstProcess(1);
    process.once('SIGTERM', () => setTimeout(() => process.exit(7), 50));
    console.log('ready');
    setTimeout(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([7, null]);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
