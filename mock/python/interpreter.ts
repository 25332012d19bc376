import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { HttpError, UnhandledError } from '../errors.ts';
import { missingPeers } from '../peers.ts';

export interface PythonCall {
  id: number;
  /** A function of the Python files. */
  name: string;
  args: unknown[];
}

interface PythonResult {
  id: number;
  /** The size of Python's memory, which never shrinks. */
  memoryBytes: number;
  result?: string;
  error?: string;
}

/** Most seconds of a call. Real code takes less, even if Python has to be loaded first. */
const MOST_SECONDS = 60;
/** Longest code. A real server has no limit: 10 MB of statements take it a minute and a gigabyte. */
export const MOST_CODE_CHARACTERS = 512 * 1024;
/** Longest arguments of a call, as JSON. */
const MOST_ARGUMENT_CHARACTERS = 16 * 1024 * 1024;
/** Largest memory of a Python that is kept. Its memory never shrinks; a new one has 30 MB. */
const MOST_MEMORY_BYTES = 128 * 1024 * 1024;

type PendingCall = PromiseWithResolvers<string>;

/** Python ended, though the call was not at fault. */
class PythonEnded extends Error {
  override name = 'PythonEnded';
}

let running: { worker: Worker; waiting: Map<number, PendingCall> } | undefined;
let count = 0;

/**
 * Calls one of our Python functions, which return JSON. Python starts with the first call; all mocks of the process
 * share it, and it keeps no process alive. After a crash it is started again and called once more.
 *
 * @throws HttpError 413 for code that is too long, UnhandledError without pyodide
 * @throws Error if the function failed, took too long, or Python crashed twice
 */
export async function callPython<T>(name: string, code: string, ...others: unknown[]): Promise<T> {
  const args = [code, ...others];
  if (code.length > MOST_CODE_CHARACTERS)
    throw new HttpError(413, `The mock reads at most ${MOST_CODE_CHARACTERS} characters of code`);
  if (JSON.stringify(args).length > MOST_ARGUMENT_CHARACTERS)
    throw new HttpError(413, 'The mock reads no component that is so large');
  refuseWithoutPython();
  try {
    return await sendCall<T>(name, args);
  } catch (error) {
    if (error instanceof PythonEnded) return sendCall<T>(name, args);
    throw error;
  }
}

async function sendCall<T>(name: string, args: unknown[]): Promise<T> {
  const { worker, waiting } = (running ??= start());
  const call: PythonCall = { id: ++count, name, args };
  const pending = Promise.withResolvers<string>();
  waiting.set(call.id, pending);
  worker.ref();
  worker.postMessage(call);
  const timer = setTimeout(() => {
    pending.reject(new Error(`Python took more than ${MOST_SECONDS} seconds`));
    void worker.terminate();
  }, MOST_SECONDS * 1000);
  try {
    return JSON.parse(await pending.promise);
  } finally {
    clearTimeout(timer);
  }
}

let missing: string | undefined;

/** @throws UnhandledError without pyodide. Everything else of the mock works without Python */
function refuseWithoutPython(): void {
  if (running) return;
  const reason = missingPeers('To check or read Python code the mock', ['pyodide']);
  if (reason !== undefined && reason !== missing) process.stderr.write(`flowpact: ${reason}\n`);
  missing = reason;
  if (reason !== undefined) throw new UnhandledError(reason);
}

function start() {
  // `.ts` in the checkout, `.js` in the package.
  const worker = new Worker(join(import.meta.dirname, `worker${extname(import.meta.filename)}`));
  const waiting = new Map<number, PendingCall>();
  const end = (reason: string) => {
    if (running?.worker === worker) running = undefined;
    for (const { reject } of waiting.values()) reject(new PythonEnded(`Python ended: ${reason}`));
    waiting.clear();
  };
  worker.on('message', ({ id, result, error, memoryBytes }: PythonResult) => {
    const pending = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (memoryBytes > MOST_MEMORY_BYTES && running?.worker === worker) running = undefined;
    if (waiting.size === 0 && running?.worker !== worker) void worker.terminate();
    if (result === undefined) pending?.reject(new Error(error));
    else pending?.resolve(result);
  });
  worker.on('error', (error) => end(String(error)));
  worker.on('exit', (code) => end(`exit ${code}`));
  return { worker, waiting };
}
