import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FAKE_LANGFLOW = fileURLToPath(new URL('./fake-langflow.mjs', import.meta.url));

/**
 * A fake `uv`: records its arguments; `uv venv` creates a python that runs the fake Langflow; other commands do
 * nothing, or fail if FAKE_MODE says so.
 */
const UV = (folder: string) => `#!/bin/sh
echo "$*" >>'${folder}/uv.log'
case "$1" in
venv)
  [ -z "$FAKE_VENV_ERROR" ] || { echo "$FAKE_VENV_ERROR" >&2; exit 2; }
  for last; do :; done
  mkdir -p "$last/bin" && cp '${folder}/python' "$last/bin/python" ;;
pip) [ -z "$FAKE_PIP_ERROR" ] || { echo "$FAKE_PIP_ERROR" >&2; exit 1; } ;;
esac
`;

/** A folder with commands on PATH and a cache, in which a release installs and starts without network, uv or Python. */
export async function fakeRelease(settings: { uv?: boolean } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'fake-release-'));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const script = async (path: string, text: string) => {
    await writeFile(path, text);
    await chmod(path, 0o755);
  };
  await script(join(folder, 'python'), `#!/bin/sh\nexec '${process.execPath}' '${FAKE_LANGFLOW}' "$@"\n`);
  await script(join(bin, 'python3'), '#!/bin/sh\nexit 1\n');
  if (settings.uv !== false) await script(join(bin, 'uv'), UV(folder));
  const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
  return {
    cache: join(folder, 'cache', 'flowpact', 'releases'),
    /** The environment with `more`, such as FAKE_MODE. Without uv, PATH has nothing else: the machine may have uv. */
    env: (more: Record<string, string> = {}): NodeJS.ProcessEnv => ({
      PATH: settings.uv === false ? bin : `${bin}:${process.env.PATH}`,
      HOME: folder,
      XDG_CACHE_HOME: join(folder, 'cache'),
      FAKE_REPORT: join(folder, 'report.json'),
      ...more,
    }),
    /** The calls of uv, one line each. */
    uvCalls: () => read('uv.log').split('\n').filter(Boolean),
    /** What the fake server recorded about itself. */
    report: (): { pids: number[]; folder: string; langflow: Record<string, string> } => JSON.parse(read('report.json')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && !existsSync('/proc');
  }
}
