import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, copyFileSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, TargetError } from './target.ts';

/**
 * The guard outlives us: it waits for the end of its stdin, which comes however we end (exit, crash, SIGKILL), then ends the
 * server's process group and removes its folder. In a session of its own, so that Ctrl-C leaves it alone.
 */
const GUARD = 'cat >/dev/null; kill -s TERM -- "-$1"; sleep 3; kill -s KILL -- "-$1"; rm -rf -- "$2"';

/** A server with a folder of its own for its data and its log. */
export interface ServerProcess {
  logs(): string;
  ended(): string | undefined;
  /** Copies the log to where it stays, and says where. */
  keepLog(): string;
  /** Ends the whole process group (SIGKILL after the grace) and removes the folder. */
  close(grace: number): Promise<void>;
}

export type MakeCommand = (folder: string) => { file: string; args: string[]; env: NodeJS.ProcessEnv };

/** Starts a command as the leader of a process group of its own. */
export async function startServer(makeCommand: MakeCommand): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'flowpact-'));
  const logFile = join(folder, 'server.log');
  const child = await launch(makeCommand(folder), folder, logFile);
  let end: string | undefined;
  child.on('exit', (code, signal) => {
    end = signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`;
  });
  const group = child.pid as number;
  const guard = spawn('sh', ['-c', GUARD, 'flowpact-guard', String(group), folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
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
  const child = spawn(command.file, command.args, { env: command.env, cwd: folder, detached: true, stdio: ['ignore', log, log] });
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

/** False when the group has no process left. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    // EPERM: macOS says so of a group with nothing but zombies.
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
