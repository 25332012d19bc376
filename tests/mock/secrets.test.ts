/** The output and the log of the command contain no secrets. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startMock } from '../../mock/index.ts';
import { MASK, withoutSecrets } from '../../spec/secrets.ts';

const CLI = fileURLToPath(new URL('../../cli/index.ts', import.meta.url));

/** Starts the command and calls `act` with its URL. @returns all its output */
async function outputOf(args: string[], use: (url: string) => Promise<void>): Promise<string> {
  const child = spawn(process.execPath, [CLI, 'mock', '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let text = '';
  const url = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      text += chunk;
      const found = / mock on (http:\/\/[\d.:]+)/.exec(text)?.[1];
      if (found) resolve(found);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('close', () => reject(new Error(text)));
  });
  await use(url);
  child.kill('SIGTERM');
  await ended;
  return text;
}

test('the log of requests has no secret of a query, and the start line no chosen password', async () => {
  const secrets = ['s3cret-key', 's3cret-token', 's3cret-two', 's3cret-password'];
  const text = await outputOf(['--log', '--password', 's3cret-password'], async (url) => {
    await fetch(`${url}/api/v1/flows/?x-api-key=s3cret-key&get_all=true`);
    await fetch(`${url}/api/v1/flows/?token=s3cret-token&API_KEY=s3cret-two`);
  });
  expect(text).toContain(`/api/v1/flows/?x-api-key=${MASK}&get_all=true`);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
});

test('the start line names the default account', async () => {
  expect(await outputOf([], async () => undefined)).toContain('(langflow / langflow)');
});

test('secrets of URLs and forms are masked by name, in every spelling', () => {
  expect(withoutSecrets('/a?x%2Dapi%2Dkey=1&b=2&Token=3&password=')).toBe(
    `/a?x%2Dapi%2Dkey=${MASK}&b=2&Token=${MASK}&password=`,
  );
  expect(withoutSecrets('username=a&password=b')).toBe(`username=a&password=${MASK}`);
  expect(withoutSecrets('/tokens?a=token')).toBe('/tokens?a=token');
});

test.each(['', ' '])('a host %j is refused: Node would listen on every address', async (host) => {
  await expect(startMock({ port: 0, host })).rejects.toThrow(/The host is empty.*127\.0\.0\.1/);
});
