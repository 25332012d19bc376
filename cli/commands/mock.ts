import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { Command, InvalidArgumentError } from 'commander';
import { isObject } from '../../spec/json.ts';
import { olderName } from './older-name.ts';

const DEFAULT_PASSWORD = 'langflow';

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new InvalidArgumentError('Give a whole number from 0 to 65535.');
  return port;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0) throw new InvalidArgumentError('Give a whole number, 0 or more.');
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

/** The web UI's files are part of the release on PyPI: downloaded once, then cached. */
async function uiFolder(what: string): Promise<string> {
  const version = /^package:(.+)$/.exec(what)?.[1];
  if (version === undefined) return what;
  const { frontendOf } = await import('../../targets/venv.ts');
  const { releaseOf } = await import('../../targets/releases.ts');
  return frontendOf(releaseOf(version), process.env, (line) => console.error(line));
}

export const mock = new Command('mock')
  .description('Serve a stateful mock of the Langflow API')
  .option('--port <number>', 'port to listen on, 0 for any free port', parsePort, 7860)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--profile <version>', 'version of the Langflow API to serve', '1.7')
  .option(
    '--seed <file>',
    'start with the rows of a snapshot (JSON); it may hold passwords as plain text',
    parseJsonFile,
  )
  .option('--db <file>', 'keep the state in a SQLite file')
  .option('--auto-login', "treat every request as the superuser's (LANGFLOW_AUTO_LOGIN)", false)
  .option('--username <name>', 'name of the superuser', 'langflow')
  .option('--password <secret>', 'password of the superuser', DEFAULT_PASSWORD)
  .option('--catalogue <file>', 'file with the response of GET /api/v1/all to serve (JSON)', parseJsonFile)
  .option('--ui <what>', 'serve the web UI too, from a folder with its files or from package:VERSION')
  .option(
    '--log-buffer <lines>',
    'log lines that GET /logs returns, 0 to switch it off (LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE)',
    parseCount,
    0,
  )
  .option('--deterministic <seed>', 'use the same ids and times in every run with this seed')
  .option('--check-responses', 'check each response against the contract', false)
  .option('--log', 'print each request as a line of JSON', false)
  .action(async ({ username, profile, autoLogin, ui, version: _, user: __, ...options }) => {
    const { startMock } = await import('../../mock/index.ts');
    const running = await startMock({
      ...options,
      username,
      version: profile,
      ...(ui !== undefined && { ui: await uiFolder(ui) }),
      autoLogin,
      skipAuthAutoLogin: autoLogin,
    });
    // A chosen password must not stand in a log.
    const account =
      options.password === DEFAULT_PASSWORD
        ? `${username} / ${DEFAULT_PASSWORD}`
        : `${username}, with the password that you gave`;
    console.log(`Langflow ${profile} mock on ${running.url} (${account})`);
    const stop = () => running.close().then(() => process.exit(0), endWith);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
    // Written now: a mock that is killed writes no compile cache, and the next start would be slow.
    setImmediate(flushCompileCache);
  });

olderName(mock, '--user <name>', 'username');
olderName(mock, '--version <profile>', 'profile');

/** The database may refuse the last changes. */
function endWith(error: Error): never {
  console.error(error.message);
  process.exit(1);
}
