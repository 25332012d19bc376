/**
 * npm run mutants [-- NAME… | --every N]: which faults the suites notice. A proxy in front of the mock applies one
 * fault at a time to the
 * tests of the requirements that must notice it. Prints the share of noticed faults and the survivors. `--every 5` runs
 * a fifth of them.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reasonFor } from './accepted.ts';
import type { Fate, MutantResult } from './mutant.ts';

const AIM = 0.97;
/** A sample of some hundreds may differ by two points. */
const SAMPLE_AIM = 0.95;
const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { every: { type: 'string', default: '1' } },
});
const every = Number(values.every);
if (!Number.isInteger(every) || every < 1) throw new Error('--every takes a whole number, 1 or more');
// For a few operations one process is faster: each process first runs the tests without a fault.
// Most of the time is spent waiting for responses that a fault prevents: more processes than processors.
const shares = wanted.length > 0 ? 1 : 2 * Math.min(availableParallelism(), 4);
const judged = (await Promise.all(Array.from({ length: shares }, (_, share) => judge(share)))).flat();
process.exitCode = print(judged);

/** Runs one share in its own process, which prints its errors itself. */
async function judge(share: number): Promise<MutantResult[]> {
  const child = fork(join(import.meta.dirname, 'shard.ts'), [String(share), String(shares * every), ...wanted]);
  let found: MutantResult[] | undefined;
  child.on('message', (message) => {
    found = message as MutantResult[];
  });
  const [code] = await once(child, 'exit');
  if (code !== 0 || !found) process.exit(code || 2);
  return found;
}

function print(mutants: MutantResult[]): number {
  const of = (fate: Fate) => mutants.filter((one) => one.fate === fate);
  const [killed, survived, voided] = [of('killed'), of('survived'), of('void')];
  for (const [kind, group] of Map.groupBy(mutants, (one) => one.kind)) {
    const dead = group.filter(({ fate }) => fate === 'killed').length;
    const alive = group.filter(({ fate }) => fate === 'survived').length;
    console.log(`${String(dead).padStart(4)} of ${String(dead + alive).padStart(4)} killed  ${kind}`);
  }
  const accepted = survived.filter(({ id }) => reasonFor(id));
  console.log('\nSurvivors:');
  for (const { id, requirements } of survived)
    console.log(`  ${id}${reasonFor(id) ? ` (${reasonFor(id)})` : ` [${requirements.slice(0, 4).join(' ')}]`}`);
  console.log(`\nVoid, never served or broken otherwise, not counted: ${voided.length}`);
  for (const { id } of wanted.length ? voided : []) console.log(`  ${id}`);
  const aim = every > 1 ? SAMPLE_AIM : AIM;
  const score = killed.length / (killed.length + survived.length);
  console.log(
    `\n${killed.length} of ${killed.length + survived.length} mutants killed: ${(100 * score).toFixed(1)} % (${accepted.length} survivors have a reason; the aim is ${100 * aim} %)`,
  );
  return score >= aim ? 0 : 1;
}
