import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, copyFileSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, TargetError } from './target.ts';

/**
 * The guard outlives this process: when its stdin ends, however this process ended (exit, crash, SIGKILL), it ends the
 * server's process group and removes its folder. It has its own session, so that Ctrl-C does not reach it.
 */
const GUARD = 'cat >/dev/null; kill -s TERM -- "-$1"; sleep 3; kill -s KILL -- "-$1"; rm -rf -- "$2"';

/** A running server with its own folder for data and log. */
export interface ServerProcess {
  logs(): string;
  ended(): string | undefined;
  /** Copies the log to a file that is kept, and returns its path. */
  keepLog(): string;
  /** Ends the process group (SIGKILL after `grace` milliseconds) and removes the folder. */
  close(grace: number): Promise<void>;
}

export type MakeCommand = (folder: string) => { file: string; args: string[]; env: NodeJS.ProcessEnv };

/** Starts a command as the leader of its own process group. */
export async function startServer(makeCommand: MakeCommand): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'flowpact-'));
  const logFile = join(folder, 'server.log');
  const child = await launch(makeCommand(folder), folder, logFile);
  let end: string | undefined;
  child.on('exit', (code, signal) => {
    end = signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`;
  });
  const group = child.pid as number;
  const guard = spawn('sh', ['-c', GUARD, 'flowpact-guard', String(group), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  let last = '';
  const logs = () => (last = read(logFile) ?? last);
  return {
    logs,
    ended: () => end,
    keepLog: () => {
      const kept = `${folder}.log`;
      copyFileSync(logFile, kept);
      return kept;
    },
    close: async (grace) => {
      await endGroup(group, grace);
      logs();
      guard.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function launch(command: ReturnType<MakeCommand>, folder: string, logFile: string): Promise<ChildProcess> {
  const log = openSync(logFile, 'a');
  const child = spawn(command.file, command.args, {
    env: command.env,
    cwd: folder,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once('spawn', resolve).once('error', reject);
  try {
    await promise;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new TargetError(`${command.file} can't be run: ${messageOf(error)}`, { cause: error });
  }
  child.unref();
  return child;
}

async function endGroup(group: number, grace: number): Promise<void> {
  signalGroup(group, 'SIGTERM');
  const deadline = Date.now() + grace;
  while (signalGroup(group, 0) && Date.now() < deadline) await sleep(50);
  signalGroup(group, 'SIGKILL');
  while (signalGroup(group, 0) && Date.now() < deadline + 5_000) await sleep(20);
}

/** Returns false when the group has no process left. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    // macOS reports EPERM for a group that has only zombies.
    if (['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
