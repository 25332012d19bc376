import { setTimeout as sleep } from 'node:timers/promises';
import type { Patience } from './target.ts';

/** A server that is starting. */
export interface StartingServer {
  url: string;
  username: string;
  password: string;
  logs(): string;
  /** Why it can't become ready any more, such as `it ended with exit code 1`; undefined while it can. */
  ended(): string | undefined;
}

/** What Langflow logs when a worker never starts and the process keeps running. */
const FATAL = /Worker failed to boot|Address already in use|address already in use/;

/**
 * Waits until the health check answers 200 and a login works: the health check answers before the start has finished.
 *
 * @throws Error with the reason, when the server ended, hangs or takes too long
 */
export async function waitUntilReady(server: StartingServer, patience: Patience): Promise<void> {
  const started = Date.now();
  let progress = { seen: '', at: started };
  for (;;) {
    const state = await probe(server, patience.response);
    const ended = server.ended();
    if (ended) throw new Error(ended);
    const log = server.logs();
    // Checked before `ready`: if another process has the port, its responses come back.
    const fatal = FATAL.exec(log);
    if (fatal) throw new Error(`its log says "${fatal[0]}"`);
    if (state === 'ready') return;
    const seen = `${log.length} ${state}`;
    if (seen !== progress.seen) progress = { seen, at: Date.now() };
    if (Date.now() - progress.at > patience.quiet)
      throw new Error(`no progress for ${patience.quiet / 1000} s (${state})`);
    if (Date.now() - started > patience.start) throw new Error(`not ready after ${patience.start / 1000} s (${state})`);
    await sleep(200);
  }
}

async function probe(server: StartingServer, patience: number): Promise<string> {
  const health = await status(`${server.url}/health_check`, patience);
  if (health !== '200') return `/health_check: ${health}`;
  const { username, password } = server;
  const login = await status(`${server.url}/api/v1/login`, patience, {
    method: 'POST',
    body: new URLSearchParams({ username, password }),
  });
  return login === '200' ? 'ready' : `/health_check: 200, login: ${login}`;
}

async function status(url: string, patience: number, init: RequestInit = {}): Promise<string> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(patience) });
    await response.body?.cancel();
    return String(response.status);
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'no response in time' : 'no response';
  }
}
