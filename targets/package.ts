import { join } from 'node:path';
import { account, langflowSettings, newSigningKey } from './account.ts';
import { freePort } from './free-port.ts';
import { waitUntilReady } from './ready.ts';
import { releaseOf } from './releases.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { messageOf, PATIENCE, type Target, TargetError, type TargetOptions, tail } from './target.ts';
import { environmentOf } from './venv.ts';

/** Starts a Langflow release from PyPI in its own virtual environment, with an empty database. */
export async function openPackage(version: string, options: TargetOptions): Promise<Target> {
  if (process.platform === 'win32')
    throw new TargetError('package:VERSION needs Linux or macOS: use WSL, or image:NAME');
  const release = releaseOf(version);
  const credentials = account(options);
  const signingKey = newSigningKey();
  const env = options.env ?? process.env;
  const progress = options.progress ?? (() => {});
  const patience = { ...PATIENCE, ...options.patience };
  const venv = await environmentOf(release, env, progress);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  progress(`Starting Langflow ${version} on ${url}`);
  const server = await startServer((folder) => ({
    file: join(venv, 'bin', 'python'),
    args: [
      '-m',
      'langflow',
      'run',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      ...(options.ui ? [] : ['--backend-only']),
    ],
    env: { ...withoutLangflow(env), ...langflowSettings(credentials, signingKey), ...places(folder, venv) },
  }));
  try {
    await waitUntilReady({ url, ...credentials, logs: server.logs, ended: server.ended }, patience);
  } catch (error) {
    throw await startFailed(version, server, error, patience.grace);
  }
  return {
    kind: 'package',
    name: `package:${version}`,
    url,
    credentials,
    signingKey,
    expects: { package: 'Langflow', version },
    logs: server.logs,
    [Symbol.asyncDispose]: () => server.close(patience.grace),
  };
}

async function startFailed(
  version: string,
  server: ServerProcess,
  error: unknown,
  grace: number,
): Promise<TargetError> {
  const kept = server.keepLog();
  await server.close(grace);
  return new TargetError(
    `Langflow ${version} did not become ready: ${messageOf(error)}. Its log is kept in ${kept}; the end of it:\n${tail(server.logs())}`,
  );
}

/** The environment without the caller's own Langflow settings, which must not change what is judged. */
function withoutLangflow(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('LANGFLOW_')));
}

/**
 * Folders for this run's data. Langflow's component index is kept with the environment: that saves seconds at each
 * start.
 */
function places(folder: string, venv: string) {
  return {
    LANGFLOW_CONFIG_DIR: folder,
    LANGFLOW_DATABASE_URL: `sqlite:///${join(folder, 'langflow.db')}`,
    HOME: folder,
    XDG_CACHE_HOME: join(venv, 'cache'),
  };
}
