import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Release } from './releases.ts';
import { TargetError, tail } from './target.ts';

const INSTALL_TIMEOUT = 20 * 60_000;
const DAY = 24 * 3_600_000;

/**
 * The folder of a virtual environment with this release: created on first use, then kept in the user's cache.
 *
 * @throws TargetError when uv or Python is missing, or the installation fails
 */
export async function environmentOf(
  release: Release,
  env: NodeJS.ProcessEnv,
  progress: (line: string) => void,
): Promise<string> {
  const cache = join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'flowpact', 'releases');
  const { version, ...recipe } = release;
  const folder = join(
    cache,
    `langflow-${version}-${createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 8)}`,
  );
  if (existsSync(join(folder, 'complete'))) return folder;
  const uv = findUv(env);
  await mkdir(cache, { recursive: true });
  await dropHalfMade(cache);
  const making = `${folder}.making-${randomBytes(4).toString('hex')}`;
  progress(`Installing Langflow ${version} from PyPI into ${folder}`);
  try {
    await install(release, making, uv, env);
    await writeFile(join(making, 'complete'), '');
    await claim(making, folder);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return folder;
}

/** The folder with the files of the release's web UI. @throws TargetError as {@link environmentOf} */
export async function frontendOf(
  release: Release,
  env: NodeJS.ProcessEnv,
  progress: (line: string) => void,
): Promise<string> {
  const venv = await environmentOf(release, env, progress);
  const [folder] = globSync('lib/python3*/site-packages/langflow/frontend', { cwd: venv });
  if (!folder) throw new TargetError(`Langflow ${release.version} in ${venv} has no web UI`);
  return join(venv, folder);
}

/** Moves the finished folder to its final name. If another process was faster, its folder is used. */
async function claim(making: string, folder: string): Promise<void> {
  try {
    await rename(making, folder);
  } catch (error) {
    if (!existsSync(join(folder, 'complete'))) throw error;
  }
}

async function dropHalfMade(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.includes('.making-')) continue;
    const path = join(cache, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > DAY) await rm(path, { recursive: true, force: true });
  }
}

type Command = [string, ...string[]];

function findUv(env: NodeJS.ProcessEnv): Command {
  const ways: Command[] = [['uv'], ['python3', '-m', 'uv']];
  const found = ways.find(([file, ...args]) => spawnSync(file, [...args, '--version'], { env }).status === 0);
  if (found) return found;
  throw new TargetError(
    'uv, which installs Langflow releases, is missing (tried `uv` and `python3 -m uv`): install it with `python3 -m pip install uv` (or pipx, brew, https://docs.astral.sh/uv)',
  );
}

async function install(release: Release, folder: string, uv: Command, env: NodeJS.ProcessEnv): Promise<void> {
  const python = join(folder, 'bin', 'python');
  const date = release.excludeNewer ? ['--exclude-newer', release.excludeNewer] : [];
  await run(
    [...uv, 'venv', '--python', '3.11', folder],
    env,
    "Python 3.11 is needed: install it (`uv python install 3.11`, or your system's python3.11), then try again",
  );
  const network = 'Can this machine reach PyPI or its mirror (UV_DEFAULT_INDEX), and is there space on the disk?';
  await run(
    [...uv, 'pip', 'install', '--python', python, ...date, `langflow-base==${release.base}`, ...release.extras],
    env,
    network,
  );
  // Without its dependencies, which are all integrations: installed only so that /version reports "Langflow".
  await run([...uv, 'pip', 'install', '--python', python, '--no-deps', `langflow==${release.version}`], env, network);
}

function run(command: Command, env: NodeJS.ProcessEnv, advice: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const [file, ...args] = command;
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: INSTALL_TIMEOUT });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const fail = (how: string) => reject(new TargetError(`\`${command.join(' ')}\` ${how}. ${advice}\n${tail(output)}`));
  child.on('error', (error) => fail(`can't be run (${error.message})`));
  child.on('close', (code, signal) =>
    code === 0 ? resolve() : fail(signal ? `was ended by ${signal}` : `failed (exit code ${code})`),
  );
  return promise;
}
