/** The checks without tests, those of the contract first. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');
const options = {
  cwd: root,
  env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '', PATH: `${bin}:${process.env['PATH']}` },
};

export type Check = [name: string, command: string, ...args: string[]];

/** What the other checks need: a contract without errors, and its types. */
const contract: Check = ['contract and its types', process.execPath, join(root, 'spec/generate-types.ts')];
const independent: Check[] = [
  ['type check', join(bin, 'tsc'), '-p', '.'],
  ['format and lint', join(bin, 'biome'), 'check', '--error-on-warnings', '.'],
  ['unused code', join(bin, 'knip'), '--no-config-hints'],
];

/**
 * Runs the checks, those that do not depend on each other at the same time; ends the process at the first that fails.
 */
export async function runChecks(): Promise<void> {
  runCheck(contract);
  const statuses = await Promise.all(independent.map(runAside));
  const failed = independent.filter((_, index) => statuses[index] !== 0).map(([name]) => name);
  if (failed.length > 0) giveUp(failed.join(', '), 1);
}

/** Runs one check with its output; ends the process if it fails. */
export function runCheck([name, command, ...args]: Check): void {
  console.log(`\n=== ${name}`);
  const { status } = spawnSync(command, args, { ...options, stdio: 'inherit' });
  if (status !== 0) giveUp(name, status ?? 1);
}

/** Runs a check in parallel: its output is printed at its end. */
function runAside([name, command, ...args]: Check): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.on('error', reject);
  child.on('close', (status) => {
    console.log(`\n=== ${name}\n${output.trimEnd()}`);
    resolve(status);
  });
  return promise;
}

function giveUp(failed: string, status: number): never {
  console.error(`=== failed: ${failed}`);
  process.exit(status);
}
