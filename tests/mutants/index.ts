/**
 * npm run mutants [-- NAME…]: what the suites catch. Faults are served on purpose in front of the mock, one at a time, to the
 * tests of the requirements that must notice; the share that is noticed, and what survives, is printed.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { reasonFor } from './accepted.ts';
import type { Fate, Judged } from './mutant.ts';

const AIM = 0.97;
const wanted = process.argv.slice(2);
// A few operations are judged sooner than the tests of a second process have run without a fault.
// Most of the time is waiting for what a fault keeps from coming: more processes than processors.
const shares = wanted.length > 0 ? 1 : 2 * Math.min(availableParallelism(), 4);
const judged = (await Promise.all(Array.from({ length: shares }, (_, share) => judge(share)))).flat();
process.exitCode = print(judged);

/** Runs one share in a process of its own, which says itself why it gives up. */
async function judge(share: number): Promise<Judged[]> {
  const child = fork(join(import.meta.dirname, 'shard.ts'), [String(share), String(shares), ...wanted]);
  let found: Judged[] | undefined;
  child.on('message', (message) => {
    found = message as Judged[];
  });
  const [code] = await once(child, 'exit');
  if (code !== 0 || !found) process.exit(code || 2);
  return found;
}

function print(mutants: Judged[]): number {
  const of = (fate: Fate) => mutants.filter((one) => one.fate === fate);
  const [killed, survived, voided] = [of('killed'), of('survived'), of('void')];
  for (const [kind, group] of Map.groupBy(mutants, (one) => one.kind)) {
    const dead = group.filter(({ fate }) => fate === 'killed').length;
    const alive = group.filter(({ fate }) => fate === 'survived').length;
    console.log(`${String(dead).padStart(4)} of ${String(dead + alive).padStart(4)} killed  ${kind}`);
  }
  const accepted = survived.filter(({ id }) => reasonFor(id));
  console.log('\nSurvivors:');
  for (const { id, requirements } of survived) console.log(`  ${id}${reasonFor(id) ? ` (${reasonFor(id)})` : ` [${requirements.slice(0, 4).join(' ')}]`}`);
  console.log(`\nVoid, never served or broken otherwise, not counted: ${voided.length}`);
  for (const { id } of wanted.length ? voided : []) console.log(`  ${id}`);
  const score = killed.length / (killed.length + survived.length);
  console.log(
    `\n${killed.length} of ${killed.length + survived.length} mutants killed: ${(100 * score).toFixed(1)} % (${accepted.length} survivors have a reason; the aim is ${100 * AIM} %)`,
  );
  return score >= AIM ? 0 : 1;
}
