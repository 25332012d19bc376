import { test } from 'vitest';
import type { Case, Exchange } from '../../reports/run.ts';
import type { Requirement } from '../../spec/index.ts';
import { cleanUp } from './cleanup.ts';
import { type CurrentTest, runAs } from './current-test.ts';
import { context, people, spec } from './run-context.ts';
import { Blocked, type CaseOutcome, NoResponse, NotApplicable, outcomeOf } from './verdict.ts';

export interface RequirementOptions {
  /** The test's writing requests change nothing (such as refused ones), so it may run with --read-only. */
  readOnly?: boolean;
  /** The test changes or deletes all data of a user: it needs a user of the run, or --allow-disruptive. */
  disruptive?: boolean;
  timeoutMs?: number;
}

/** A case of a generic requirement, such as one operation. */
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

/** A test of the requirement `id`; the contract has its text. */
export function requirement(id: string, body: Body): void;
export function requirement(id: string, options: RequirementOptions, body: Body): void;
export function requirement(id: string, first: RequirementOptions | Body, second?: Body): void {
  const [options, body] = typeof first === 'function' ? [{}, first] : [first, second as Body];
  register(id, options, undefined, body);
}

/** One test for each case of a generic requirement. */
requirement.each = <C extends CaseOf>(
  id: string,
  cases: readonly C[],
  body: (one: C) => unknown,
  options: RequirementOptions = {},
): void => {
  for (const one of cases) register(id, options, one, () => body(one));
};

const selected = new Set(context.selected);
/** Faults that a test has already failed for: one test is enough. */
const noticed = new Set<string>();

function register(id: string, options: RequirementOptions, one: CaseOf | undefined, body: Body): void {
  // A profile may lack the requirement: the suites are the same for all profiles.
  const known = spec.requirements.find((entry) => entry.id === id);
  const name = `${id} ${known?.text ?? '(not in this profile)'}${one ? ` [${one.name}]` : ''}`;
  if (!known || !selected.has(id)) {
    test.skip(name);
    return;
  }
  for (const fault of faultsFor(id, one)) {
    // vitest's timeout is off: the body has its own, which leaves a report.
    test(fault ? `${name} {${fault}}` : name, { timeout: 0 }, async ({ task }) => {
      if (fault && noticed.has(fault)) return;
      task.meta.flowpact = await run(known, options, one, body, fault);
      if (fault && task.meta.flowpact.case.verdict === 'fail') noticed.add(fault);
    });
  }
}

async function run(
  known: Requirement,
  options: RequirementOptions,
  one: CaseOf | undefined,
  body: Body,
  fault: string | undefined,
): Promise<CaseReport> {
  const exchanges: Exchange[] = [];
  const current: CurrentTest = {
    requirement: known.id,
    readOnlySafe: options.readOnly === true,
    exchanges,
    cleanups: [],
    ...(fault && { fault }),
  };
  const from = performance.now();
  const outcome = await runAs(current, () => judge(known.capability, options, current, body));
  const durationMs = Math.round(performance.now() - from);
  await cleanUp(current.cleanups);
  const result: Case = {
    name: one?.name ?? known.text,
    ...operationOf(known.operations, one),
    ...outcome,
    durationMs,
    exchanges,
  };
  return { requirement: known.id, case: result, ...(fault && { fault }) };
}

/** The faults to run the test under; undefined stands for a run without a fault. */
const faultsFor = (id: string, one: CaseOf | undefined): (string | undefined)[] => {
  if (!context.faults) return [undefined];
  const concerns = (operationId: string | undefined) =>
    !one?.operationId || !operationId || one.operationId === operationId;
  return context.faults
    .filter((fault) => fault.requirements.includes(id) && concerns(fault.operationId))
    .map((fault) => fault.id);
};

const operationOf = (operations: string[] | string, one?: CaseOf): { operationId?: string } => {
  const operationId =
    one?.operationId ?? (Array.isArray(operations) && operations.length === 1 ? operations[0] : undefined);
  return operationId ? { operationId } : {};
};

const UI_HIDES =
  'the deployment serves the web UI, and its page replaces every 404 of the API (start it with --backend-only to judge these)';

async function judge(
  capability: string | undefined,
  options: RequirementOptions,
  current: CurrentTest,
  body: Body,
): Promise<CaseOutcome> {
  try {
    refuseUnlessPossible(capability, options);
    await withinTime(body, options.timeoutMs ?? context.testTimeoutMs);
    return { verdict: 'pass' };
  } catch (error) {
    const outcome = outcomeOf(error, current.exchanges);
    const hidden =
      context.uiPage !== undefined && current.exchanges.some(({ response }) => response?.body === context.uiPage);
    return hidden && ['fail', 'error'].includes(outcome.verdict)
      ? { verdict: 'not-applicable', message: UI_HIDES }
      : outcome;
  }
}

function refuseUnlessPossible(capability: string | undefined, options: RequirementOptions): void {
  const able = capability === undefined ? true : context.capabilities[capability];
  if (able === undefined)
    throw new Error(`No probe for the capability ${capability}: add one to suites/runner/capabilities.ts`);
  if (able !== true) throw new NotApplicable(able);
  if (options.disruptive) refuseDisruption();
}

/** @throws Blocked if the run may not change alice's data */
export function refuseDisruption(): void {
  if (people.alice.ours || context.allowDisruptive) return;
  throw new Blocked(
    `It changes all data of ${people.alice.username}: give the credential of a superuser, so that the run can create its own user, or --allow-disruptive`,
  );
}

async function withinTime(body: Body, timeoutMs: number): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new NoResponse(`The test did not end within ${timeoutMs / 1000} s`)),
    timeoutMs,
  );
  try {
    await Promise.race([body(), promise]);
  } finally {
    clearTimeout(timer);
  }
}
