import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '../../reports/run.ts';

const cli = join(import.meta.dirname, '../../cli/index.ts');
let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'flowpact-certify-'));
});
afterAll(() => rmSync(out, { recursive: true }));

function certify(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, 'certify', '--out', out, ...args], { env: { ...process.env, CI: 'true' } }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr }),
    );
  });
}

test('the mock conforms to the contract, every answer of it, and nothing is left on it', async () => {
  const { code, output } = await certify();
  expect(code, output).toBe(0);
  const run: Run = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
  expect(run.status).toBe('complete');
  expect(run.verdict).toBe('conformant');
  expect(run.leftovers).toEqual([]);
  const musts = run.requirements.filter(({ level, tier }) => level === 'MUST' && tier !== 'strict');
  expect(musts.filter(({ verdict }) => !['pass', 'not-applicable'].includes(verdict))).toEqual([]);
  expect(musts.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(300);
});

test('an empty selection and a wrong flag can not be measured', async () => {
  expect((await certify('--only', 'NOPE-001')).code).toBe(2);
  expect(await certify('--levl', 'MUST')).toMatchObject({ code: 2, output: expect.stringContaining('--level') });
  expect((await certify('--target', 'http://127.0.0.1:9')).code).toBe(2);
});
