import { test } from 'vitest';
import type { Case, Exchange } from '../../reports/run.ts';
import type { Requirement } from '../../spec/index.ts';
import { cleanUp } from './cleanup.ts';
import { type CurrentTest, runAs } from './current-test.ts';
import { context, people, spec } from './run-context.ts';
import { Blocked, NoAnswer, NotApplicable, type Outcome, outcomeOf } from './verdict.ts';

export interface RequirementOptions {
  /** The test sends writes that change nothing (all are refused, say), so it may run with --read-only. */
  readOnly?: boolean;
  /** The test changes or deletes everything a user has: it needs a user that the run made, or --allow-disruptive. */
  disruptive?: boolean;
  timeoutMs?: number;
}

/** A case of a generic requirement: one operation, say. */
export interface CaseOf {
  name: string;
  operationId?: string;
}

export interface CaseReport {
  requirement: string;
  case: Case;
  fault?: string;
}

declare module 'vitest' {
  interface TaskMeta {
    flowpact?: CaseReport;
  }
}

type Body = () => unknown;

/** A test of the requirement `id`; its sentence stands in the contract. */
export function requirement(id: string, body: Body): void;
export function requirement(id: string, options: RequirementOptions, body: Body): void;
export function requirement(id: string, first: RequirementOptions | Body, second?: Body): void {
  const [options, body] = typeof first === 'function' ? [{}, first] : [first, second as Body];
  register(id, options, undefined, body);
}

/** One test for each case of a generic requirement. */
requirement.each = <C extends CaseOf>(id: string, cases: readonly C[], body: (one: C) => unknown, options: RequirementOptions = {}): void => {
  for (const one of cases) register(id, options, one, () => body(one));
};

const selected = new Set(context.selected);
/** Faults that a test has turned red for: one is enough. */
const noticed = new Set<string>();

function register(id: string, options: RequirementOptions, one: CaseOf | undefined, body: Body): void {
  // A profile may lack the requirement: the suites are the same for all versions.
  const known = spec.requirements.find((entry) => entry.id === id);
  const name = `${id} ${known?.text ?? '(not in this profile)'}${one ? ` [${one.name}]` : ''}`;
  if (!known || !selected.has(id)) {
    test.skip(name);
    return;
  }
  for (const fault of faultsFor(id, one)) {
    // No limit of vitest's: the body has its own, which leaves a report.
    test(fault ? `${name} {${fault}}` : name, { timeout: 0 }, async ({ task }) => {
      if (fault && noticed.has(fault)) return;
      task.meta.flowpact = await run(known, options, one, body, fault);
      if (fault && task.meta.flowpact.case.verdict === 'fail') noticed.add(fault);
    });
  }
}

async function run(known: Requirement, options: RequirementOptions, one: CaseOf | undefined, body: Body, fault: string | undefined): Promise<CaseReport> {
  const exchanges: Exchange[] = [];
  const current: CurrentTest = { requirement: known.id, readOnlySafe: options.readOnly === true, exchanges, cleanups: [], ...(fault && { fault }) };
  const from = performance.now();
  const outcome = await runAs(current, () => judge(known.capability, options, current, body));
  const durationMs = Math.round(performance.now() - from);
  await cleanUp(current.cleanups);
  const result: Case = { name: one?.name ?? known.text, ...operationOf(known.operations, one), ...outcome, durationMs, exchanges };
  return { requirement: known.id, case: result, ...(fault && { fault }) };
}

/** Undefined is the run without a fault. */
const faultsFor = (id: string, one: CaseOf | undefined): (string | undefined)[] => {
  if (!context.faults) return [undefined];
  const concerns = (operationId: string | undefined) => !one?.operationId || !operationId || one.operationId === operationId;
  return context.faults.filter((fault) => fault.requirements.includes(id) && concerns(fault.operationId)).map((fault) => fault.id);
};

const operationOf = (operations: string[] | string, one?: CaseOf): { operationId?: string } => {
  const operationId = one?.operationId ?? (Array.isArray(operations) && operations.length === 1 ? operations[0] : undefined);
  return operationId ? { operationId } : {};
};

const UI_HIDES = 'the deployment serves the web UI, whose page takes the place of every 404 of the API (start it with --backend-only to judge these)';

async function judge(capability: string | undefined, options: RequirementOptions, current: CurrentTest, body: Body): Promise<Outcome> {
  try {
    refuseUnlessPossible(capability, options);
    await withinTime(body, options.timeoutMs ?? context.testTimeoutMs);
    return { verdict: 'pass' };
  } catch (error) {
    const outcome = outcomeOf(error, current.exchanges);
    const hidden = context.uiPage !== undefined && current.exchanges.some(({ response }) => response?.body === context.uiPage);
    return hidden && ['fail', 'error'].includes(outcome.verdict) ? { verdict: 'not-applicable', message: UI_HIDES } : outcome;
  }
}

function refuseUnlessPossible(capability: string | undefined, options: RequirementOptions): void {
  const able = capability === undefined ? true : context.capabilities[capability];
  if (able === undefined) throw new Error(`No probe for the capability ${capability}: add one to suites/runner/capabilities.ts`);
  if (able !== true) throw new NotApplicable(able);
  if (options.disruptive) refuseDisruption();
}

/** @throws Blocked where what alice has is not the run's to change. */
export function refuseDisruption(): void {
  if (people.alice.ours || context.allowDisruptive) return;
  throw new Blocked(
    `It changes everything that ${people.alice.username} has: give the credential of a superuser, so that the run can make a user of its own, or --allow-disruptive`,
  );
}

async function withinTime(body: Body, timeoutMs: number): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new NoAnswer(`The test did not end within ${timeoutMs / 1000} s`)), timeoutMs);
  try {
    await Promise.race([body(), promise]);
  } finally {
    clearTimeout(timer);
  }
}
