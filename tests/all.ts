/** `npm test`: every check that needs nothing but Node, the quick ones first. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');
const checks: [name: string, command: string, ...args: string[]][] = [
  ['types of the contract', process.execPath, join(root, 'spec/generate-types.ts')],
  ['type check', join(bin, 'tsc'), '-p', '.'],
  ['format and lint', join(bin, 'biome'), 'check', '--error-on-warnings', '.'],
  ['unused code', join(bin, 'knip'), '--no-config-hints'],
  ['contract', process.execPath, join(root, 'cli/index.ts'), 'spec', 'lint'],
  ['tests', join(bin, 'vitest'), 'run', ...process.argv.slice(2)],
];

for (const [name, command, ...args] of checks) {
  console.log(`\n=== ${name}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: `${bin}:${process.env['PATH']}` } });
  if (status !== 0) {
    console.error(`=== failed: ${name}`);
    process.exit(status ?? 1);
  }
}
