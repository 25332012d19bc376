import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COMMAND, filesOf, installed, run } from './installed.ts';

it('certifies the mock, and writes nothing into its own folder', () => {
  const modules = join(installed.complete, 'node_modules');
  const before = filesOf(modules);
  const { status, stderr } = run(installed.complete, process.execPath, [COMMAND, 'certify', '--out', 'report']);
  expect(stderr).toContain('\nCONFORMANT: ');
  expect(status).toBe(0);
  const { requirements } = JSON.parse(readFileSync(join(installed.complete, 'report', 'run.json'), 'utf8'));
  const failed = requirements.filter(
    ({ verdict }: { verdict: string }) => verdict !== 'pass' && verdict !== 'not-applicable',
  );
  expect(failed).toEqual([]);
  expect(readdirSync(join(installed.complete, 'report'))).toContain('report.html');
  expect(filesOf(modules)).toEqual(before);
});

it.each([
  [
    'mock',
    'vitest 5 (none is installed), pactum 3 (none is installed), pyodide 0.25.1 (none is installed): npm install --save-dev vitest@5 pactum@3 pyodide@0.25.1',
  ],
  [
    'image:1.7.3',
    'vitest 5 (none is installed), pactum 3 (none is installed), testcontainers 12 (none is installed): npm install --save-dev vitest@5 pactum@3 testcontainers@12',
  ],
  [
    'https://langflow.example',
    'vitest 5 (none is installed), pactum 3 (none is installed): npm install --save-dev vitest@5 pactum@3',
  ],
])('says in one sentence what a certification of %s needs', (target, needs) => {
  const { status, stderr } = run(installed.alone, process.execPath, [COMMAND, 'certify', '--target', target]);
  expect(stderr).toMatch(/^Could not be measured: certify --target \w+ needs /);
  expect(stderr.slice(stderr.indexOf(' needs ') + ' needs '.length)).toBe(`${needs}\n`);
  expect(status).toBe(2);
});
