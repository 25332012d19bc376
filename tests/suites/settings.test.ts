import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type MockOptions, startMock } from '../../mock/index.ts';
import type { Run } from '../../reports/run.ts';

const CLI = fileURLToPath(new URL('../../cli/index.ts', import.meta.url));
const account = { username: 'langflow', password: 'langflow-pass' };

/** The verdicts of a certification, by requirement. */
async function verdicts(settings: MockOptions, only: string[]): Promise<Record<string, string>> {
  await using mock = await startMock({ port: 0, ...account, ...settings });
  const out = await mkdtemp(join(tmpdir(), 'flowpact-'));
  try {
    // A login with a password creates what must exist without one (LOGIN-036).
    const login = settings.autoLogin ? [] : ['--username', account.username, '--password', account.password];
    await promisify(execFile)(process.execPath, [
      CLI,
      'certify',
      '--target',
      mock.url,
      ...login,
      '--only',
      only.join(),
      '--out',
      out,
    ]);
    const run: Run = JSON.parse(await readFile(join(out, 'run.json'), 'utf8'));
    return Object.fromEntries(
      run.requirements.filter(({ id }) => only.includes(id)).map(({ id, verdict }) => [id, verdict]),
    );
  } finally {
    await rm(out, { recursive: true });
  }
}

// Settings that a default deployment, such as the mock of `certify`, does not have.
const LOGS = Array.from({ length: 10 }, (_, index) => `LOGS-0${String(index + 2).padStart(2, '0')}`);

describe('a deployment with other settings', () => {
  it.each<[string, MockOptions, string[]]>([
    ['to log in by itself', { autoLogin: true }, ['LOGIN-032', 'LOGIN-033', 'LOGIN-034', 'LOGIN-036', 'AUTH-053']],
    [
      'to log in by itself, on 1.8',
      { version: '1.8', autoLogin: true },
      ['LOGIN-032', 'LOGIN-033', 'LOGIN-034', 'LOGIN-036', 'AUTH-053'],
    ],
    ['to keep lines of its log', { logBuffer: 200 }, LOGS],
    ['to take small requests alone', { maxFileSizeUpload: 1 }, ['CONFIG-015', 'CONFIG-016']],
  ])('%s meets what is asked of it', { timeout: 60_000 }, async (_what, settings, only) => {
    expect(await verdicts(settings, only)).toEqual(Object.fromEntries(only.map((id) => [id, 'pass'])));
  });
});
