import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { openTarget } from '../../targets/index.ts';
import { fakeRelease, isAlive } from './fake-release.ts';

const patience = { start: 20_000, quiet: 1_000, response: 1_000, grace: 300 };
const open = (env: NodeJS.ProcessEnv) => openTarget('package:1.7.3', { env, patience });
const messageOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: Error) => error.message,
  );

/** The text of the log file that a message names; removes the file. */
async function keptLog(message: string): Promise<string> {
  const file = /kept in (\S+);/.exec(message)?.[1] ?? '';
  const text = await readFile(file, 'utf8');
  await rm(file);
  return text;
}

describe('the environment of a release', () => {
  it('is created once, with the dependencies of its time', async () => {
    await using fake = await fakeRelease();
    for (const _ of [1, 2]) {
      await using _target = await open(fake.env());
    }
    const folder = join(fake.cache, (await readdir(fake.cache))[0] ?? '');
    expect(fake.uvCalls().map((call) => call.replace(/\S+making-\w+/, 'VENV'))).toEqual([
      '--version',
      'venv --python 3.11 VENV',
      'pip install --python VENV/bin/python --exclude-newer 2026-01-25 langflow-base==0.7.3 openai<2 webrtcvad-wheels elevenlabs',
      'pip install --python VENV/bin/python --no-deps langflow==1.7.3',
    ]);
    expect(existsSync(join(folder, 'complete'))).toBe(true);
  });

  it('is one even if two processes create it at the same time', async () => {
    await using fake = await fakeRelease();
    await using one = await open(fake.env());
    const [two, three] = await Promise.all([open(fake.env()), open(fake.env())]);
    await two[Symbol.asyncDispose]();
    await three[Symbol.asyncDispose]();
    expect(await readdir(fake.cache)).toHaveLength(1);
    expect(new Set([one.url, two.url, three.url]).size).toBe(3);
  });

  it("is never used incomplete: a failed installation leaves nothing, and shows pip's output", async () => {
    await using fake = await fakeRelease();
    const message = await messageOf(open(fake.env({ FAKE_PIP_ERROR: 'No solution found: openai<2 is unsatisfiable' })));
    expect(message).toMatch(
      /^`uv pip install .*langflow-base==0\.7\.3.*` failed \(exit code 1\)\. Can this machine reach PyPI/,
    );
    expect(message).toContain('openai<2 is unsatisfiable');
    expect(await readdir(fake.cache)).toEqual([]);
    await using target = await open(fake.env());
    expect(target.kind).toBe('package');
  });

  it('removes what a killed run left long ago', async () => {
    await using fake = await fakeRelease();
    const left = join(fake.cache, 'langflow-1.7.3-00000000.making-1');
    await mkdir(left, { recursive: true });
    await utimes(left, 0, 0);
    await using _target = await open(fake.env());
    expect(existsSync(left)).toBe(false);
  });

  it.each([
    ['uv', { uv: false }, {}, /^uv, which installs Langflow releases, is missing .*python3 -m pip install uv/],
    [
      'Python 3.11',
      {},
      { FAKE_VENV_ERROR: 'No interpreter found for Python 3.11' },
      /Python 3\.11 is needed: install it .*\n.*No interpreter found/,
    ],
  ])('says what to do when %s is missing', async (_what, settings, env, expected) => {
    await using fake = await fakeRelease(settings);
    expect(await messageOf(open(fake.env(env)))).toMatch(expected);
  });

  it('lists the supported releases', async () => {
    expect(await messageOf(openTarget('package:0.1.0'))).toMatch(
      /^Langflow 0\.1\.0 is not in targets\/releases\.json, which has 1\.6\.9, 1\.7\.3/,
    );
  });
});

describe('the server of a release', () => {
  it('has its own account, address and settings', async () => {
    await using fake = await fakeRelease();
    await using target = await open(fake.env({ LANGFLOW_AUTO_LOGIN: 'true', LANGFLOW_LOG_LEVEL: 'debug' }));
    const { folder, langflow } = fake.report();
    expect(target).toMatchObject({
      kind: 'package',
      name: 'package:1.7.3',
      expects: { package: 'Langflow', version: '1.7.3' },
    });
    expect(target.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(target.logs()).toContain('Starting fake Langflow');
    expect(langflow).toEqual({
      LANGFLOW_AUTO_LOGIN: 'false',
      LANGFLOW_CONFIG_DIR: folder,
      LANGFLOW_SECRET_KEY: target.signingKey,
      LANGFLOW_DATABASE_URL: `sqlite:///${folder}/langflow.db`,
      LANGFLOW_SUPERUSER: 'langflow',
      LANGFLOW_SUPERUSER_PASSWORD: 'password' in target.credentials ? target.credentials.password : undefined,
    });
  });

  it('ends with its whole process group and its folder, even when it ignores SIGTERM', async () => {
    await using fake = await fakeRelease();
    const target = await open(fake.env({ FAKE_MODE: 'stubborn' }));
    const { pids, folder } = fake.report();
    expect(pids.map(isAlive)).toEqual([true, true]);
    await target[Symbol.asyncDispose]();
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect(existsSync(folder)).toBe(false);
    expect(target.logs()).toContain('Starting fake Langflow');
  });

  it.each(['SIGKILL', 'SIGINT'] as const)('ends when we are ended by %s', async (signal) => {
    await using fake = await fakeRelease();
    const holder = spawn(
      process.execPath,
      [fileURLToPath(new URL('./hold-target.ts', import.meta.url)), 'package:1.7.3'],
      {
        env: fake.env(),
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(holder.stdout, 'data');
    const { pids, folder } = fake.report();
    expect(pids.map(isAlive)).toEqual([true, true]);
    holder.kill(signal);
    await vi.waitFor(() => expect([...pids.map(isAlive), existsSync(folder)]).toEqual([false, false, false]), {
      timeout: 10_000,
      interval: 100,
    });
  });

  it.each([
    ['dies', /did not become ready: it ended with exit code 3\. Its log/, /No module named openai/],
    ['boot-failed', /did not become ready: its log says "Worker failed to boot"/, /Worker failed to boot/],
    ['unhealthy', /did not become ready: no progress for 1 s \(\/health_check: 503\)/, /Starting fake Langflow/],
    [
      'no-login',
      /did not become ready: no progress for 1 s \(\/health_check: 200, login: 401\)/,
      /Starting fake Langflow/,
    ],
  ])('that %s is ended, with the reason and its log', async (mode, reason, log) => {
    await using fake = await fakeRelease();
    const message = await messageOf(open(fake.env({ FAKE_MODE: mode })));
    expect(message).toMatch(reason);
    expect(message.split('\n').slice(1).join('\n')).toMatch(log);
    expect(await keptLog(message)).toMatch(log);
    const { pids, folder } = fake.report();
    expect([...pids.map(isAlive), existsSync(folder)]).toEqual([false, false, false]);
  });
});
