import { Worker } from 'node:worker_threads';

export interface Asked {
  id: number;
  /** A function of the Python files. */
  name: string;
  args: unknown[];
}

interface Answered {
  id: number;
  result?: string;
  error?: string;
}

/** No code that people write takes longer to look at, and Python may have to be loaded first. */
const MOST_SECONDS = 60;

type Waiting = PromiseWithResolvers<string>;

/** Python is no more, for no fault of what it was asked. */
class PythonEnded extends Error {
  override name = 'PythonEnded';
}

let running: { worker: Worker; waiting: Map<number, Waiting> } | undefined;
let count = 0;

/**
 * Calls one of our Python functions, which answer with JSON. Python is started when it is first needed and
 * shared by all mocks of the process; it keeps no process alive, and after a crash it starts again and is asked once more.
 *
 * @throws Error where the function failed, took too long, or Python crashed twice
 */
export async function callPython<T>(name: string, ...args: unknown[]): Promise<T> {
  try {
    return await ask<T>(name, args);
  } catch (error) {
    if (error instanceof PythonEnded) return ask<T>(name, args);
    throw error;
  }
}

async function ask<T>(name: string, args: unknown[]): Promise<T> {
  const { worker, waiting } = (running ??= start());
  const asked: Asked = { id: ++count, name, args };
  const answer = Promise.withResolvers<string>();
  waiting.set(asked.id, answer);
  worker.ref();
  worker.postMessage(asked);
  const timer = setTimeout(() => {
    answer.reject(new Error(`Python took more than ${MOST_SECONDS} seconds`));
    void worker.terminate();
  }, MOST_SECONDS * 1000);
  try {
    return JSON.parse(await answer.promise);
  } finally {
    clearTimeout(timer);
  }
}

function start() {
  const worker = new Worker(new URL('./worker.ts', import.meta.url));
  const waiting = new Map<number, Waiting>();
  const end = (reason: string) => {
    if (running?.worker === worker) running = undefined;
    for (const { reject } of waiting.values()) reject(new PythonEnded(`Python ended: ${reason}`));
    waiting.clear();
  };
  worker.on('message', ({ id, result, error }: Answered) => {
    const answer = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (result === undefined) answer?.reject(new Error(error));
    else answer?.resolve(result);
  });
  worker.on('error', (error) => end(String(error)));
  worker.on('exit', (code) => end(`exit ${code}`));
  return { worker, waiting };
}
