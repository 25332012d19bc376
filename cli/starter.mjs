// Ends this process when its starter ends. A signal to npm ends npm and its shell, and the shell passes no signal on;
// nor can a killed bootstrap. This file uses no dependency and no new syntax: the bootstrap runs with any Node >= 20.
import { readFileSync } from 'node:fs';

/** Milliseconds between two checks of the starter. */
const PAUSE = 300;

let watching = false;

/**
 * If npm or the bootstrap started this process, sends it SIGTERM when its starter has ended. A process that a shell or
 * a service started is left alone: it may be meant to outlive them.
 */
export async function endWithStarter(env = process.env) {
  const parent = process.ppid;
  const byBootstrap = env.FLOWPACT_BOOTSTRAP === String(parent);
  const byNpm = env.npm_execpath !== undefined;
  if (watching || !(byBootstrap || byNpm)) return;
  watching = true;
  // npm → its shell → this process.
  const npm = byBootstrap ? undefined : await parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || isRunning(npm))) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PAUSE);
  timer.unref();
}

/**
 * The first process of a container (PID 1) receives only signals that it has a handler for: adds handlers that exit.
 * They do nothing when the command has a handler of its own.
 */
export function takeSignalsAsFirstProcess(pid = process.pid) {
  if (pid !== 1) return;
  for (const [signal, number] of [
    ['SIGHUP', 1],
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ]) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(128 + number);
    });
  }
}

async function parentOf(pid) {
  if (pid <= 1 || process.platform === 'win32') return undefined;
  let text;
  try {
    // The command's name is in brackets and may contain anything; the parent is the second field after it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    text = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    // Where there is no /proc. Loaded only then: it takes a tenth of a start.
    const { spawnSync } = await import('node:child_process');
    text = spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  }
  const parent = Number(text);
  return parent > 1 ? parent : undefined;
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
