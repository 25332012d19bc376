import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { Command, InvalidArgumentError } from 'commander';
import { isObject } from '../../spec/json.ts';

const DEFAULT_PASSWORD = 'langflow';

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  return port;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0) throw new InvalidArgumentError('It is a whole number, 0 or more.');
  return count;
}

function parseJsonFile(file: string): object {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidArgumentError(`It can't be read: ${(error as Error).message}`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (error) {
    throw new InvalidArgumentError(`It is not JSON: ${(error as Error).message}`);
  }
  throw new InvalidArgumentError('It must hold a JSON object.');
}

/** The files of the web UI are part of the release on PyPI: they are fetched once and kept. */
async function uiFolder(what: string): Promise<string> {
  const version = /^package:(.+)$/.exec(what)?.[1];
  if (version === undefined) return what;
  const { frontendOf } = await import('../../targets/venv.ts');
  const { releaseOf } = await import('../../targets/releases.ts');
  return frontendOf(releaseOf(version), process.env, (line) => console.error(line));
}

export const mock = new Command('mock')
  .description('Serve a stateful mock of the Langflow API')
  .option('--port <number>', 'port, 0 for any free one', parsePort, 7860)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--version <profile>', 'the Langflow version to behave like', '1.7')
  .option('--seed <file>', 'start with the rows of a snapshot (JSON); passwords may be in the clear', parseJsonFile)
  .option('--db <file>', 'keep the state in a SQLite file')
  .option('--auto-login', 'anyone is the superuser (LANGFLOW_AUTO_LOGIN)', false)
  .option('--user <name>', 'name of the superuser', 'langflow')
  .option('--password <text>', 'password of the superuser', DEFAULT_PASSWORD)
  .option('--catalogue <file>', 'serve GET /api/v1/all from a recorded answer (JSON)', parseJsonFile)
  .option('--ui <what>', 'serve the web UI too: a folder with its files, or package:VERSION')
  .option('--log-buffer <lines>', 'lines of its log that GET /logs tells (LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE), 0 for none', parseCount, 0)
  .option('--deterministic <seed>', 'the same ids and times in every run')
  .option('--check-responses', 'check each answer against the contract', false)
  .option('--log', 'log each request as a line of JSON', false)
  .action(async ({ user, autoLogin, ui, ...options }) => {
    const { startMock } = await import('../../mock/index.ts');
    const running = await startMock({
      ...options,
      ...(ui !== undefined && { ui: await uiFolder(ui) }),
      username: user,
      autoLogin,
      skipAuthAutoLogin: autoLogin,
    });
    // A password that somebody chose is nobody else's business.
    const account = options.password === DEFAULT_PASSWORD ? `${user} / ${DEFAULT_PASSWORD}` : `${user}, with the password that you gave`;
    console.log(`Langflow ${options.version} mock on ${running.url} (${account})`);
    const stop = () => running.close().then(() => process.exit(0), endWith);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
    // Else a mock that is killed would leave the next start as slow as its own.
    setImmediate(flushCompileCache);
  });

/** A database may refuse the last changes. */
function endWith(error: Error): never {
  console.error(error.message);
  process.exit(1);
}
