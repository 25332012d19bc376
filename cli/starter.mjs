// Ends this process with the one that started it. A signal to npm ends npm and its shell, and the shell passes nothing on;
// a killed bootstrap can't. No dependency and no new syntax in this file: the bootstrap runs under any Node >= 20.
import { readFileSync } from 'node:fs';

/** Milliseconds until a missing starter is noticed. */
const PAUSE = 300;

let watching = false;

/**
 * Where npm or the bootstrap started this process, it gets a SIGTERM when its starter has gone. A process that a shell or
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
 * As the first process of a container this one gets no signal that it has no handler for. A command's own handlers,
 * added later, come before these.
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
    // The name of the command, in brackets, may hold anything; the parent is the second field after it.
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
