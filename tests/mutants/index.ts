/**
 * npm run mutants [-- NAME…]: what the suites catch. Faults are served on purpose in front of the mock, one at a time, to the
 * tests of the requirements that must notice; the share that is noticed, and what survives, is printed.
 */
import { startMock } from '../../mock/index.ts';
import { callPython } from '../../mock/python/interpreter.ts';
import { loadSpec, type Spec } from '../../spec/index.ts';
import { runSuites } from '../../suites/run.ts';
import type { CaseReport } from '../../suites/support/requirement.ts';
import { reasonFor } from './accepted.ts';
import { baselineOf } from './baseline.ts';
import { broken, none } from './faults.ts';
import { generateMutants } from './generate.ts';
import type { Mutant } from './mutant.ts';
import { type FaultProxy, startProxy } from './proxy.ts';

const AIM = 0.95;
const SECRET = 'a secret of the mutants, 32 bytes';
const account = { username: 'langflow', password: 'mutants-1' };

const spec = await loadSpec();
await using mock = await startMock({ port: 0, ...account, secretKey: SECRET, logBuffer: 200 });
// It takes seconds to load, which no test should wait for.
await callPython('check', '', []);
await using proxy = await startProxy(mock, await adminHeaders(mock.url), operationFinder(spec));

const wanted = process.argv.slice(2);
const cases = await measure(proxy, undefined);
const baseline = baselineOf(cases, (id, operationId) => [spec.requirement(id).operations].flat().includes(operationId));
const mutants = generateMutants(spec, baseline).filter(({ id }) => wanted.length === 0 || wanted.some((name) => id.includes(name)));
const needed = new Set(mutants.flatMap(({ requirements }) => requirements));
const red = cases.filter(({ requirement, case: one }) => needed.has(requirement) && (one.verdict === 'fail' || one.verdict === 'error'));
if (red.length > 0) giveUp(`Without a fault these fail: ${red.map(({ requirement, case: one }) => `${requirement} ${one.message}`).join('\n')}`);
const canary: Mutant = {
  id: 'canary',
  kind: 'canary',
  operationId: 'readVersion',
  fault: broken,
  requirements: baseline.witnesses('readVersion', () => true).slice(0, 3),
  killedBy: 'test',
};
const control: Mutant = { ...canary, id: 'control', fault: none };
const reports = await measure(proxy, [canary, control, ...mutants]);

const fates = new Map([canary, control, ...mutants].map((mutant) => [mutant.id, fateOf(mutant)]));
if (fates.get('canary') !== 'killed') giveUp('The canary, a server that answers 500, was not noticed: nothing below would mean anything');
if (fates.get('control') !== 'survived') giveUp('The control, no fault at all, was noticed: the tests fail for another reason');
process.exitCode = print();

type Fate = 'killed' | 'survived' | 'void';

/** Void: the fault was never served, or the test broke for a reason of its own. */
function fateOf(mutant: Mutant): Fate {
  const mine = reports.filter(({ fault }) => fault === mutant.id);
  if (!proxy.applied.get(mutant.id) || mine.length === 0) return 'void';
  if (mine.some((report) => noticed(mutant, report))) return 'killed';
  return mine.some(({ case: one }) => one.verdict === 'error' || one.verdict === 'blocked') ? 'void' : 'survived';
}

function noticed({ killedBy, operationId }: Mutant, { case: one }: CaseReport): boolean {
  if (one.verdict === 'fail') return true;
  const kinds = one.exchanges.filter((exchange) => exchange.operationId === operationId).flatMap(({ violations }) => violations.map(({ kind }) => kind));
  return kinds.some((kind) => kind === killedBy || (killedBy === 'test' && (kind === 'status' || kind === 'header')));
}

function print(): number {
  const of = (fate: Fate) => mutants.filter(({ id }) => fates.get(id) === fate);
  const [killed, survived, voided] = [of('killed'), of('survived'), of('void')];
  for (const [kind, group] of Map.groupBy(mutants, ({ kind }) => kind)) {
    const dead = group.filter(({ id }) => fates.get(id) === 'killed').length;
    const alive = group.filter(({ id }) => fates.get(id) === 'survived').length;
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

/** Runs the suites through the proxy: all of them without a fault, or under each fault the tests that must notice it. */
async function measure(through: FaultProxy, faults: Mutant[] | undefined): Promise<CaseReport[]> {
  const found: CaseReport[] = [];
  through.serve(faults ?? []);
  await runSuites({
    target: { kind: 'mock', name: 'mutants', url: through.url },
    credentials: account,
    signingKey: SECRET,
    tool: { name: 'flowpact', version: 'mutants' },
    only: [...new Set(faults?.flatMap(({ requirements }) => requirements) ?? requirementsOf(wanted))],
    // One at a time: a write that is taken back must take nothing else with it.
    workers: 1,
    // The first run has to wait for what starts when first asked for, such as Python.
    requestTimeoutMs: faults ? 5000 : 30_000,
    ...(faults && { faults: faults.map(({ id, requirements, operationId }) => ({ id, requirements, operationId })) }),
    onCase: (report) => found.push(report),
  });
  return found;
}

/** For some operations the tests that speak of them, or of all operations, are enough; none named is all tests. */
function requirementsOf(names: string[]): string[] {
  if (names.length === 0) return [];
  const speaksOf = (operations: string[] | string) =>
    !Array.isArray(operations) || operations.some((id) => id === 'readVersion' || names.some((name) => id.includes(name) || name.startsWith(`${id}:`)));
  return spec.requirements.filter(({ id, operations }) => speaksOf(operations) && !id.startsWith('SCHEMA-')).map(({ id }) => id);
}

async function adminHeaders(url: string): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/api/v1/login`, { method: 'POST', body: new URLSearchParams(account) });
  const { access_token } = (await answer.json()) as { access_token: string };
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
      pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    }))
    .sort((a, b) => Number(b.fixed) - Number(a.fixed));
  return (method, path) => patterns.find((one) => one.method === method && one.pattern.test(path))?.operationId;
}

function giveUp(why: string): never {
  console.error(why);
  process.exit(2);
}
