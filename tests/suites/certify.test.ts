import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMock } from '../../mock/index.ts';
import type { Run } from '../../reports/run.ts';

const cli = join(import.meta.dirname, '../../cli/index.ts');
let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'flowpact-certify-'));
});
afterAll(() => rmSync(out, { recursive: true }));

function certify(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [cli, 'certify', '--out', out, ...args],
      { env: { ...process.env, CI: 'true' } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr }),
    );
  });
}

test('the mock conforms to the contract, and nothing is left on it', {
  timeout: 180_000,
}, async () => {
  const { code, output } = await certify();
  expect(code, output).toBe(0);
  const run: Run = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
  expect(run.status).toBe('complete');
  expect(run.verdict).toBe('conformant');
  expect(run.leftovers).toEqual([]);
  const musts = run.requirements.filter(({ level, tier }) => level === 'MUST' && tier !== 'strict');
  expect(musts.filter(({ verdict }) => !['pass', 'not-applicable'].includes(verdict))).toEqual([]);
  expect(musts.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(700);
});

test('an empty selection and a wrong flag cannot be measured', async () => {
  expect((await certify('--only', 'NOPE-001')).code).toBe(2);
  expect(await certify('--levl', 'MUST')).toMatchObject({ code: 2, output: expect.stringContaining('--level') });
  expect((await certify('--target', 'http://127.0.0.1:9')).code).toBe(2);
});

test('Ctrl-C ends a run, removes what it created, and leaves an incomplete report', {
  timeout: 90_000,
}, async () => {
  await using mock = await startMock({ port: 0 });
  const before = mock.snapshot().users.map(({ username }) => username);
  const child = spawn(
    process.execPath,
    [cli, 'certify', '--out', out, '--target', mock.url, '--username', 'langflow', '--password', 'langflow'],
    {
      env: { ...process.env, CI: 'true' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  await expect.poll(() => mock.snapshot().flows.length, { timeout: 60_000, interval: 20 }).toBeGreaterThan(0);
  child.kill('SIGINT');
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(2);
  const { users, flows } = mock.snapshot();
  expect(users.map(({ username }) => username)).toEqual(before);
  expect(flows).toEqual([]);
  expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')).status).toBe('incomplete');
});

test('a deployment that goes down ends a run, which reports it and what is left there', {
  timeout: 90_000,
}, async () => {
  const mock = await startMock({ port: 0 });
  const running = certify('--target', mock.url, '--username', 'langflow', '--password', 'langflow');
  await expect.poll(() => mock.snapshot().flows.length, { timeout: 60_000, interval: 20 }).toBeGreaterThan(0);
  await mock.close();
  const { code, output } = await running;
  expect(code).toBe(2);
  expect(output).toMatch(/note: The deployment stopped responding, so the remaining tests did not run: .*ECONNREFUSED/);
  const run: Run = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
  expect(run.leftovers.join()).toContain('user');
  expect(run.requirements.filter(({ verdict }) => verdict === 'not-run').length).toBeGreaterThan(500);
});
