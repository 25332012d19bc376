/**
 * One share of the mutants, in a process of its own (index.ts starts them): the suites run without a fault, then under
 * each
 * fault of the share, on its own mock. Sends the parent the result of each mutant.
 */
import { startMock } from '../../mock/index.ts';
import { callPython } from '../../mock/python/interpreter.ts';
import { loadSpec, type Spec } from '../../spec/index.ts';
import { pathPattern } from '../../spec/path-template.ts';
import { runSuites } from '../../suites/run.ts';
import type { CaseReport } from '../../suites/support/requirement.ts';
import { baselineOf } from './baseline.ts';
import { broken, none } from './faults.ts';
import { generateMutants } from './generate.ts';
import type { Fate, Mutant, MutantResult } from './mutant.ts';
import { type FaultProxy, startProxy } from './proxy.ts';

const SECRET = 'a secret of the mutants, 32 bytes';
const account = { username: 'langflow', password: 'mutants-1' };

const spec = await loadSpec();
await using mock = await startMock({ port: 0, ...account, secretKey: SECRET, logBuffer: 200 });
// Python takes seconds to load: loaded before the tests.
await callPython('check', '', []);
await using proxy = await startProxy(mock, await adminHeaders(mock.url), operationFinder(spec));

const [share = 0, shares = 1] = process.argv.slice(2, 4).map(Number);
const wanted = process.argv.slice(4);
const cases: CaseReport[] = [];
await measure(proxy, undefined, (report) => cases.push(report));
const baseline = baselineOf(cases, (id, operationId) => [spec.requirement(id).operations].flat().includes(operationId));
const mutants = generateMutants(spec, baseline)
  .filter(({ id }) => wanted.length === 0 || wanted.some((name) => id.includes(name)))
  .filter((_, index) => index % shares === share);
const needed = new Set(mutants.flatMap(({ requirements }) => requirements));
const red = cases.filter(
  ({ requirement, case: one }) => needed.has(requirement) && (one.verdict === 'fail' || one.verdict === 'error'),
);
if (red.length > 0)
  giveUp(
    `Without a fault these fail: ${red.map(({ requirement, case: one }) => `${requirement} ${one.message}`).join('\n')}`,
  );
const canary: Mutant = {
  id: 'canary',
  kind: 'canary',
  operationId: 'readVersion',
  fault: broken,
  requirements: baseline.witnesses('readVersion', () => true).slice(0, 3),
  killedBy: 'test',
};
const control: Mutant = { ...canary, id: 'control', fault: none };
const all = new Map([canary, control, ...mutants].map((mutant) => [mutant.id, mutant]));
const reports = new Map<string, Outcome[]>();
await measure(proxy, [...all.values()], (report) => {
  const { fault = '', case: one } = report;
  const mutant = all.get(fault);
  // The exchanges of thousands of tests are not kept.
  if (mutant)
    reports.set(fault, [...(reports.get(fault) ?? []), { noticed: noticed(mutant, report), verdict: one.verdict }]);
});

const fates = new Map([canary, control, ...mutants].map((mutant) => [mutant.id, fateOf(mutant)]));
if (fates.get('canary') !== 'killed')
  giveUp('The canary, a server that answers 500, was not noticed: nothing below would mean anything');
if (fates.get('control') !== 'survived')
  giveUp('The control, no fault at all, was noticed: the tests fail for another reason');
process.send?.(
  mutants.map(
    ({ id, kind, requirements }): MutantResult => ({ id, kind, requirements, fate: fates.get(id) ?? 'void' }),
  ),
);

interface Outcome {
  noticed: boolean;
  verdict: CaseReport['case']['verdict'];
}

/** Void: the fault was never applied, or the test failed for another reason. */
function fateOf(mutant: Mutant): Fate {
  const mine = reports.get(mutant.id) ?? [];
  if (!proxy.applied.get(mutant.id) || mine.length === 0) return 'void';
  if (mine.some((outcome) => outcome.noticed)) return 'killed';
  return mine.some(({ verdict }) => verdict === 'error' || verdict === 'blocked') ? 'void' : 'survived';
}

function noticed({ killedBy, operationId }: Mutant, { case: one }: CaseReport): boolean {
  if (one.verdict === 'fail') return true;
  const kinds = one.exchanges
    .filter((exchange) => exchange.operationId === operationId)
    .flatMap(({ violations }) => violations.map(({ kind }) => kind));
  return kinds.some((kind) => kind === killedBy || (killedBy === 'test' && (kind === 'status' || kind === 'header')));
}

/**
 * Runs the suites through the proxy: all of them without a fault, or under each fault the tests that must notice it.
 */
async function measure(
  through: FaultProxy,
  faults: Mutant[] | undefined,
  onCase: (report: CaseReport) => void,
): Promise<void> {
  through.serve(faults ?? []);
  await runSuites({
    target: { kind: 'mock', name: 'mutants', url: through.url },
    credentials: account,
    signingKey: SECRET,
    tool: { name: 'flowpact', version: 'mutants' },
    only: [...new Set(faults?.flatMap(({ requirements }) => requirements) ?? requirementsOf(wanted))],
    // One worker: restoring the state after a write must not undo other writes.
    workers: 1,
    // The first run waits for what starts on first use, such as Python.
    requestTimeoutMs: faults ? 3000 : 30_000,
    ...(faults && { faults: faults.map(({ id, requirements, operationId }) => ({ id, requirements, operationId })) }),
    onCase,
  });
}

/** The requirements of the named operations and those of all operations; all requirements if none is named. */
function requirementsOf(names: string[]): string[] {
  if (names.length === 0) return [];
  const speaksOf = (operations: string[] | string) =>
    !Array.isArray(operations) ||
    operations.some(
      (id) => id === 'readVersion' || names.some((name) => id.includes(name) || name.startsWith(`${id}:`)),
    );
  return spec.requirements
    .filter(({ id, operations }) => speaksOf(operations) && !id.startsWith('SCHEMA-'))
    .map(({ id }) => id);
}

async function adminHeaders(url: string): Promise<Record<string, string>> {
  const response = await fetch(`${url}/api/v1/login`, { method: 'POST', body: new URLSearchParams(account) });
  const { access_token } = (await response.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  const made = await fetch(`${url}/api/v1/api_key/`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"name":"mutants"}',
  });
  return { ...headers, 'x-api-key': ((await made.json()) as { api_key: string }).api_key };
}

function operationFinder({ operations }: Spec): (method: string, path: string) => string | undefined {
  const patterns = operations
    .map(({ operationId, method, path }) => ({
      operationId,
      method,
      fixed: !path.includes('{'),
      pattern: pathPattern(path),
    }))
    .sort((a, b) => Number(b.fixed) - Number(a.fixed));
  return (method, path) => patterns.find((one) => one.method === method && one.pattern.test(path))?.operationId;
}

function giveUp(why: string): never {
  console.error(why);
  process.exit(2);
}
