import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { installed, run } from './installed.ts';

const root = join(import.meta.dirname, '..', '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const folder = join(installed.alone, 'node_modules', 'flowpact');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });

it('has no problem that publint finds', () => {
  const { status, stdout } = run(root, bin('publint'), ['run', installed.tarball, '--strict']);
  expect(stdout).toContain('All good!');
  expect(status, stdout).toBe(0);
});

it('has types that resolve with every way of importing ESM', () => {
  const { status, stdout } = run(root, bin('attw'), [
    installed.tarball,
    '--profile',
    'esm-only',
    '--no-color',
    '--no-emoji',
  ]);
  expect(status, stdout).toBe(0);
});

it('ships what was built, with the licence of all code in it, and no source', () => {
  expect(files.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))).toEqual([]);
  expect(files.filter((name) => /\.ya?ml$/.test(name))).toEqual([]);
  const licences = readFileSync(join(folder, 'dist', 'THIRD-PARTY-LICENCES.txt'), 'utf8');
  for (const name of ['fastify', '@stoplight/prism-http', '@modelcontextprotocol/sdk', 'commander', 'yaml'])
    expect(licences).toContain(`\n${name} `);
});

it('names no folder of the machine that built it', () => {
  const naming = files.filter(
    (name) => /\.(js|ts|json|txt)$/.test(name) && readFileSync(join(folder, name), 'utf8').includes(root),
  );
  expect(naming).toEqual([]);
});
