import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

export const installed = inject('installed');
export const COMMAND = join('node_modules', 'flowpact', 'dist', 'cli', 'index.js');

/** Runs a program in a folder, without npm's variables in its environment. */
export function run(folder: string, file: string, args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...ownEnvironment(), ...env },
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** Starts a mock on a free port and waits for the line that says where. */
export async function startMock(folder: string, file: string, args: string[]) {
  const child = spawn(file, args, { cwd: folder, env: ownEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = once(child, 'exit');
  const started = Promise.withResolvers<string>();
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const url = /http:\/\/[\d.]+:\d+/.exec(text)?.[0];
    if (url) started.resolve(url);
  });
  child.on('close', () => started.reject(new Error(`The mock did not start: ${stderr}`)));
  return {
    url: await started.promise,
    child,
    stderr: () => stderr,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
    },
  };
}

function ownEnvironment(): Record<string, string> {
  const own = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(npm_|FLOWPACT_|VITEST|NODE_OPTIONS|NODE_ENV$)/i.test(name),
  );
  return Object.fromEntries(own) as Record<string, string>;
}

/** Every file below a folder with its size and time, to check that nothing changed. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { size, mtimeMs } = lstatSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    });
}
