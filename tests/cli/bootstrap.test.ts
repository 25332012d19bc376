import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const CLI = fileURLToPath(new URL('../../cli', import.meta.url));

/** A fake npm: records its arguments and "installs" a fake node, or fails. */
const NPM = `
const { appendFileSync, copyFileSync, mkdirSync, writeFileSync } = require('node:fs');
appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n');
console.log('npm talks');
if (process.env.FAKE_NPM_FAILS) process.exit(1);
mkdirSync('node_modules/node/bin', { recursive: true });
copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
writeFileSync('node_modules/node/bin/node', '#!/bin/sh\\necho "pinned node: $*"; exit 7\\n', { mode: 0o755 });
`;

const lock = (node: string) =>
  JSON.stringify({
    packages: {
      '': {},
      'node_modules/node': { version: node },
      'node_modules/win-only': { version: '1.0.0', optional: true },
    },
  });

/** A fresh clone that has only the bootstrap, a lock file that pins this Node, and a program. */
async function fresh(node: string) {
  const root = await mkdtemp(join(tmpdir(), 'fresh-clone-'));
  await mkdir(join(root, 'cli'));
  for (const file of ['bootstrap.mjs', 'starter.mjs']) await copyFile(join(CLI, file), join(root, 'cli', file));
  await writeFile(join(root, 'npm-cli.js'), NPM);
  await writeFile(join(root, 'package-lock.json'), lock(node));
  await writeFile(
    join(root, 'program.mjs'),
    'console.log(JSON.stringify(process.argv.slice(1))); process.exitCode = 3;\n',
  );
  return {
    root,
    run: (env: Record<string, string> = {}) =>
      spawnSync(process.execPath, ['cli/bootstrap.mjs', 'program.mjs', '--flag', 'two words'], {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, npm_execpath: join(root, 'npm-cli.js'), ...env },
      }),
    npmCalls: async () => (await readFile(join(root, 'npm.log'), 'utf8')).split('\n').filter(Boolean),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

const own = process.version.slice(1);

describe('bootstrap', () => {
  it('installs once, keeps npm off stdout, and runs the program with its arguments and exit code', async () => {
    await using clone = await fresh(own);
    for (const _ of [1, 2]) {
      const { status, stdout } = clone.run();
      expect(JSON.parse(stdout)).toEqual([join(clone.root, 'program.mjs'), '--flag', 'two words']);
      expect(status).toBe(3);
    }
    expect(await clone.npmCalls()).toEqual([
      'ci --include=dev --no-audit --no-fund --loglevel=error --engine-strict=false',
    ]);
  });

  it('runs the program under the pinned Node where this one is another', async () => {
    await using clone = await fresh('99.0.0');
    const { status, stdout } = clone.run();
    expect(stdout).toBe('pinned node: program.mjs --flag two words\n');
    expect(status).toBe(7);
  });

  it('installs again when the lock file has changed', async () => {
    await using clone = await fresh(own);
    clone.run();
    await writeFile(join(clone.root, 'package-lock.json'), lock('99.0.0'));
    clone.run();
    expect(await clone.npmCalls()).toHaveLength(2);
  });

  it('says what to do when npm fails, with exit code 2', async () => {
    await using clone = await fresh(own);
    const { status, stderr } = clone.run({ FAKE_NPM_FAILS: '1' });
    expect(stderr).toContain('flowpact: `npm ci` failed, see above. Fix the cause (network, registry, disk)');
    expect(status).toBe(2);
  });
});
