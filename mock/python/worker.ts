import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parentPort, threadId } from 'node:worker_threads';
import { loadPyodide, version } from 'pyodide';
import type { PythonCall } from './interpreter.ts';

/** The thread of Python: it takes seconds to load, and parsing must not block other requests. */

/** A folder of the user, since the package's own may be read-only. */
const CACHE = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'flowpact');
const LIBRARY = join(CACHE, `python-${version}.zip`);

const cached = existsSync(LIBRARY);
// Drops warnings: a thread has no console for them.
const quiet = { stdout: () => undefined, stderr: () => undefined };
const python = await loadPyodide(cached ? { ...quiet, stdLibURL: LIBRARY } : quiet);
const load = (file: string) => python.runPython(readFileSync(join(import.meta.dirname, file), 'utf8'));
for (const file of ['check.py', 'evaluate.py', 'component.py']) load(file);

/** Emscripten's internal name of WebAssembly's memory. */
const memoryBytes = (): number => (python as unknown as { _module: { HEAP8: Int8Array } })._module.HEAP8.length;

parentPort?.on('message', ({ id, name, args }: PythonCall) => {
  const handed = python.toPy(args);
  try {
    const result = python.globals.get(name)(...handed);
    parentPort?.postMessage({ id, result, memoryBytes: memoryBytes() });
  } catch (error) {
    // After a fatal error this Python is unusable; another one must be started.
    if ((error as { pyodide_fatal_error?: boolean }).pyodide_fatal_error) process.exit(1);
    parentPort?.postMessage({ id, error: String(error), memoryBytes: memoryBytes() });
  } finally {
    handed.destroy();
  }
});

// After the first result, so that no call waits for it.
if (!cached) parentPort?.once('message', () => setImmediate(keepLibrary));

/**
 * Caches the compiled library, so the next start is three times as fast. A cache that can't be written only costs time.
 */
function keepLibrary(): void {
  try {
    mkdirSync(CACHE, { recursive: true });
    load('library.py');
    const bytes = python.globals.get('compiled_library')();
    const file = `${LIBRARY}.${process.pid}-${threadId}`;
    writeFileSync(file, bytes.toJs());
    bytes.destroy();
    renameSync(file, LIBRARY);
  } catch {}
}
