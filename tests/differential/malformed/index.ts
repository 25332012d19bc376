/**
 * npm run malformed [-- TARGET [--only AREAS] [--fault REGEX] [--every N] [--at-least PERCENT] [--save FILE]]: requests that are wrong in every usual way, to every
 * operation, are sent to the mock and to a real deployment (package:1.7.3 by default), and the answers compared one by one. Prints the share that is
 * equal, and the rest by place. With --every N each operation is sent one of N.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Exchange } from '../../../reports/run.ts';
import { loadSpec, type Operation } from '../../../spec/index.ts';
import { Contract } from '../../../suites/support/contract.ts';
import { openTarget } from '../../../targets/index.ts';
import { compareAnswers, type Difference } from '../compare.ts';
import { reasonFor } from './accepted.ts';
import { requestsTo } from './requests.ts';
import { send } from './send.ts';
import { openWorld, withoutIds } from './world.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    every: { type: 'string', default: '1' },
    username: { type: 'string' },
    password: { type: 'string' },
    'at-least': { type: 'string', default: '97' },
    fault: { type: 'string', default: '' },
    save: { type: 'string' },
  },
});

interface Step {
  operation: Operation;
  fault: string;
  mock: Exchange;
  real: Exchange;
  found: Difference[];
}

const account = { ...(flags.username && { username: flags.username }), ...(flags.password && { password: flags.password }) };
await using realTarget = await openTarget(positionals[0] ?? 'package:1.7.3', { progress: (line) => console.error(line), ...account });
await using mockTarget = await openTarget('mock');
const spec = await loadSpec();
const contract = new Contract(spec);
/** Other runs may have left users of their own. */
const run = `malformed-${Date.now().toString(36)}`;
const [mock, real] = await Promise.all([openWorld(mockTarget, run), openWorld(realTarget, run)]);
const words = { mock: { runId: 'no-run-id', url: mockTarget.url }, real: { runId: 'no-run-id', url: realTarget.url } };
const only = flags.only?.split(',');
const asked = spec.operations.filter(({ websocket, slug, operationId }) => !websocket && (!only || only.includes(slug) || only.includes(operationId)));

const steps: Step[] = [];
for (const [index, operation] of asked.entries()) {
  await Promise.all([mock.renew(), real.renew()]);
  await tryOperation(operation, index);
}
process.exitCode = print();

async function tryOperation(operation: Operation, offset: number): Promise<void> {
  const started = Date.now();
  const [ours, theirs] = [requestsTo(operation, spec.document, mock.world), requestsTo(operation, spec.document, real.world)];
  for (const [index, request] of ours.entries()) {
    const other = theirs[index];
    if (!new RegExp(flags.fault).test(request.fault)) continue;
    if ((index + offset) % Number(flags.every) !== 0 || !other) continue;
    const [one, two] = await Promise.all([send(mock.world.url, operation.operationId, request), send(real.world.url, operation.operationId, other)]);
    const of = { requirement: request.fault, request: operation.operationId, operationId: operation.operationId };
    const found = compareAnswers({ ...of, mock: withoutIds(one, mock.world), real: withoutIds(two, real.world) }, words);
    steps.push({ operation, fault: request.fault, mock: one, real: two, found });
  }
  const mine = steps.filter((step) => step.operation === operation);
  const differing = mine.filter(({ found }) => found.length > 0);
  console.error(`${operation.operationId}: ${mine.length - differing.length} of ${mine.length} equal, ${Math.round((Date.now() - started) / 1000)} s`);
}

function print(): number {
  const differing = steps.filter(({ found }) => found.length > 0);
  printPlaces(differing);
  if (flags.save)
    writeFileSync(
      flags.save,
      JSON.stringify(
        differing.map(({ operation, ...step }) => ({ operationId: operation.operationId, ...step })),
        null,
        1,
      ),
    );
  printOutside();
  const share = (100 * (steps.length - differing.length)) / steps.length;
  const explained = differing.filter(({ operation, fault, found }) => found.every(({ at }) => reasonFor(operation.operationId, fault, at)));
  const dropped = steps.filter((step) => step.real.error !== undefined).length;
  console.log(
    `\n${steps.length - differing.length} of ${steps.length} answers to malformed requests equal: ${share.toFixed(1)} % (at least ${flags['at-least']} % are asked for);`,
  );
  console.log(`of ${differing.length} others ${explained.length} have a reason; the real one gave no answer to ${dropped}`);
  return share >= Number(flags['at-least']) && steps.length > 0 ? 0 : 1;
}

/** The same difference in many answers is one line; one that is meant is counted by its reason. */
function printPlaces(list: Step[]): void {
  const all = list.flatMap((step) => step.found.map((one) => ({ ...one, step, reason: reasonFor(step.operation.operationId, step.fault, one.at) })));
  const open = all.filter(({ reason }) => !reason);
  const places = Map.groupBy(open, ({ step, at }) => `${step.operation.operationId} ${at.replaceAll(/\/\d+/g, '/*')}`);
  for (const [place, same] of [...places].sort(([, a], [, b]) => b.length - a.length)) {
    const { step, mock: ours, real: theirs } = same[0] as (typeof all)[number];
    console.log(`${same.length} × ${place} (${step.fault})\n    mock ${ours}\n    real ${theirs}`);
  }
  for (const [reason, same] of Map.groupBy(all, ({ reason }) => reason))
    if (reason) console.log(`${new Set(same.map(({ step }) => step)).size} answers: ${reason}`);
}

/** Answers that the contract does not know, of either side. */
function printOutside(): void {
  for (const side of ['mock', 'real'] as const) {
    const outside = steps.flatMap((step) => violations(step, side).map((violation) => ({ step, violation })));
    const places = Map.groupBy(outside, ({ step, violation }) => `${step.operation.operationId} ${violation}`);
    for (const [place, same] of places) console.log(`outside the contract, ${side}: ${same.length} × ${place} (${same[0]?.step.fault})`);
  }
}

function violations(step: Step, side: 'mock' | 'real'): string[] {
  const { response } = step[side];
  // Where the fault is in the path, the answer may be that of no operation.
  if (!response || step.fault.startsWith('path')) return [];
  const seen = { ...response, text: response.body };
  return contract.checkAnswer(step.operation, seen, true).map(({ kind, pointer, expected, actual }) => `${kind} ${pointer}: ${expected}, not ${actual}`);
}
