/**
 * npm run malformed [-- TARGET [--only AREAS] [--fault REGEX] [--every N] [--at-least PERCENT] [--save FILE]]:
 * malformed requests of every usual kind, to every
 * operation, are sent to the mock and to a real deployment (package:1.7.3 by default), and the responses are compared.
 * Prints the share that is
 * equal, and the others by place; fails below --at-least, and if a response of the mock violates the contract. With
 * --every N each operation is sent one of N.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadSpec, type Operation } from '../../../spec/index.ts';
import { Contract } from '../../../suites/support/contract.ts';
import { openTarget } from '../../../targets/index.ts';
import { compareResponses } from '../compare.ts';
import { settle } from '../settle.ts';
import { printDiffering, printOutside, printShare, type Step, violationsOf } from './print.ts';
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

const account = {
  ...(flags.username && { username: flags.username }),
  ...(flags.password && { password: flags.password }),
};
await using realTarget = await openTarget(positionals[0] ?? 'package:1.7.3', {
  progress: (line) => console.error(line),
  ...account,
});
await using mockTarget = await openTarget('mock');
await settle(realTarget, Date.now());
const spec = await loadSpec();
const contract = new Contract(spec);
/** Other runs may have left their users. */
const run = `malformed-${Date.now().toString(36)}`;
const [mock, real] = await Promise.all([openWorld(mockTarget, run), openWorld(realTarget, run)]);
const words = { mock: { runId: 'no-run-id', url: mockTarget.url }, real: { runId: 'no-run-id', url: realTarget.url } };
const only = flags.only?.split(',');
const operations = spec.operations.filter(
  ({ websocket, slug, operationId }) => !websocket && (!only || only.includes(slug) || only.includes(operationId)),
);

const steps: Step[] = [];
for (const [index, operation] of operations.entries()) {
  await Promise.all([mock.renew(operation.path), real.renew(operation.path)]);
  await tryOperation(operation, index);
}
process.exitCode = print();

async function tryOperation(operation: Operation, offset: number): Promise<void> {
  const started = Date.now();
  const [ours, theirs] = [
    requestsTo(operation, spec.document, mock.world),
    requestsTo(operation, spec.document, real.world),
  ];
  for (const [index, request] of ours.entries()) {
    const other = theirs[index];
    if (!new RegExp(flags.fault).test(request.fault)) continue;
    if ((index + offset) % Number(flags.every) !== 0 || !other) continue;
    const [one, two] = await Promise.all([
      send(mock.world.url, operation.operationId, request),
      send(real.world.url, operation.operationId, other),
    ]);
    const of = { requirement: request.fault, request: operation.operationId, operationId: operation.operationId };
    const found = compareResponses(
      { ...of, mock: withoutIds(one, mock.world), real: withoutIds(two, real.world) },
      words,
    );
    const [mine, others] = [one, two].map((response) => violationsOf(contract, operation, request.fault, response)) as [
      string[],
      string[],
    ];
    const outside = { mock: mine, real: others };
    steps.push({
      operation,
      fault: request.fault,
      found,
      outside,
      ...(found.length > 0 && { responses: { mock: one, real: two } }),
    });
  }
  const mine = steps.filter((step) => step.operation === operation);
  const differing = mine.filter(({ found }) => found.length > 0);
  console.error(
    `${operation.operationId}: ${mine.length - differing.length} of ${mine.length} equal, ${Math.round((Date.now() - started) / 1000)} s`,
  );
}

function print(): number {
  const differing = steps.filter(({ found }) => found.length > 0);
  printDiffering(differing);
  const kept = differing.map(({ operation, fault, found, responses }) => ({
    operationId: operation.operationId,
    fault,
    found,
    ...responses,
  }));
  if (flags.save) writeFileSync(flags.save, JSON.stringify(kept, null, 1));
  printOutside(steps, 'real');
  const outside = printOutside(steps, 'mock');
  return printShare(steps, Number(flags['at-least'])) >= Number(flags['at-least']) && outside === 0 ? 0 : 1;
}
