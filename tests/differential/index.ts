/**
 * npm run differential [-- TARGET [--only AREAS] [--at-least PERCENT]]: the requests of all suites are sent to the mock
 * and to a real deployment
 * (package:1.7.3 by default), and the responses are compared: status, headers, shape, and every value that does not
 * differ in
 * each run. places.ts says how unordered values and the vendor's texts are compared. Prints the share of equal steps,
 * and the other steps by place, with the reason for an accepted difference.
 */
import { parseArgs } from 'node:util';
import type { Run } from '../../reports/run.ts';
import { runSuites } from '../../suites/run.ts';
import type { CaseReport } from '../../suites/support/requirement.ts';
import { openTarget, type Target } from '../../targets/index.ts';
import { reasonFor } from './accepted.ts';
import { compareResponses, type Difference } from './compare.ts';
import { Ids } from './ids.ts';
import type { RunWords } from './normalize.ts';
import { countExplained, type DifferingStep, printPlaces } from './print.ts';
import { settle } from './settle.ts';
import { pairSteps } from './steps.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    username: { type: 'string' },
    password: { type: 'string' },
    'at-least': { type: 'string', default: '97' },
  },
});

interface Side {
  cases: CaseReport[];
  words: RunWords;
}

async function ask(target: Target): Promise<Side> {
  const cases: CaseReport[] = [];
  const run: Run = await runSuites({
    target: { kind: target.kind, name: target.name, url: target.url },
    credentials: target.credentials,
    ...(target.signingKey && { signingKey: target.signingKey }),
    tool: { name: 'flowpact', version: 'differential' },
    only: values.only?.split(',') ?? [],
    wholeBodies: true,
    // One worker: the side effects of other tests must be the same on both sides.
    workers: 1,
    onCase: (report) => cases.push(report),
  });
  return { cases, words: { runId: run.id, url: target.url } };
}

const account = {
  ...(values.username && { username: values.username }),
  ...(values.password && { password: values.password }),
};
const progress = (line: string) => console.error(line);
await using realTarget = await openTarget(positionals[0] ?? 'package:1.7.3', { progress, ...account });
await using mockTarget = await openTarget('mock', { password: 'differential-1' });
const opened = Date.now();
console.error('Asking the mock');
const mock = await ask(mockTarget);
await settle(realTarget, opened);
console.error(`Asking ${realTarget.name}`);
const real = await ask(realTarget);

const words = { mock: mock.words, real: real.words };
const { steps, unpaired } = pairSteps(mock.cases, real.cases, words);
const ids = new Ids();
const differing = steps
  .map((step) => ({
    operation: step.operationId ?? step.request,
    name: step.requirement,
    found: compareResponses(step, words, ids),
  }))
  .filter(({ found }) => found.length > 0);
process.exitCode = print();

function print(): number {
  const equal = steps.length - differing.length;
  const reasonOf = ({ operation }: DifferingStep, { at }: Difference) => reasonFor(operation, at);
  printPlaces(differing, reasonOf, 'steps');
  for (const [what, list] of Map.groupBy(
    unpaired,
    ({ requirement, side }) => `${requirement}, sent to the ${side} alone`,
  ))
    console.log(`${what}: ${list.map(({ request }) => request).join(', ')}`);
  const share = equal / steps.length;
  console.log(
    `\n${equal} of ${steps.length} steps equal: ${(100 * share).toFixed(1)} % (at least ${values['at-least']} % are asked for); of ${differing.length} others ${countExplained(differing, reasonOf)} have a reason; ${unpaired.length} requests were sent to one side alone`,
  );
  return 100 * share >= Number(values['at-least']) && steps.length > 0 ? 0 : 1;
}
