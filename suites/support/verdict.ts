import type { Case, Exchange, Verdict } from '../../reports/run.ts';

/** A prerequisite is missing: counts against a MUST, but says nothing about the requirement. */
export class Blocked extends Error {
  override name = 'Blocked';
}

/** The deployment does not have what the requirement is about. */
export class NotApplicable extends Error {
  override name = 'NotApplicable';
}

/** The options of this run exclude the test. */
export class NotRun extends Error {
  override name = 'NotRun';
}

/** The deployment sent no response, or an incomplete one: a finding about the deployment. */
export class NoResponse extends Error {
  override name = 'NoAnswer';
}

export type CaseOutcome = Pick<Case, 'verdict' | 'message' | 'expected' | 'actual' | 'pointer'>;

const BY_NAME: Record<string, Verdict> = {
  Blocked: 'blocked',
  NotApplicable: 'not-applicable',
  NotRun: 'not-run',
  NoAnswer: 'fail',
  AssertionError: 'fail',
};

/**
 * The verdict for a thrown error. A failed assertion is a finding about the deployment. Any other error is the suite's,
 * unless a response that the test read violates the contract: then it is a finding too.
 */
export function outcomeOf(error: unknown, exchanges: Exchange[]): CaseOutcome {
  const thrown = error instanceof Error ? error : new Error(String(error));
  const known = BY_NAME[thrown.name] ?? ((thrown as { code?: string }).code === 'ERR_ASSERTION' ? 'fail' : undefined);
  if (known) return { verdict: known, message: firstLine(thrown.message), ...difference(thrown) };
  const broken = exchanges.some((exchange) =>
    exchange.violations.some((violation) => violation.kind !== 'extra' && violation.kind !== 'request'),
  );
  if (broken)
    return {
      verdict: 'fail',
      message: `The response violates the contract, so the test could not read it: ${thrown.message}`,
    };
  return { verdict: 'error', message: `${thrown.name}: ${thrown.message}${where(thrown)}` };
}

function difference(error: Error & { expected?: unknown; actual?: unknown }): Partial<CaseOutcome> {
  const path = /at '(\$[^']*)'/.exec(error.message)?.[1];
  const differs =
    'expected' in error && error.expected !== undefined ? firstDifference(error.expected, error.actual) : undefined;
  const pointer = path ? pointerOf(path) : differs?.pointer;
  return {
    ...(differs && { expected: show(differs.expected), actual: show(differs.actual) }),
    ...(pointer !== undefined && { pointer }),
  };
}

/** `$.data[0].id` -> `/data/0/id`. */
function pointerOf(path: string): string {
  return path
    .slice(1)
    .replaceAll(/\[(\d+)\]/g, '/$1')
    .replaceAll('.', '/');
}

/** The first place where two JSON values differ. */
export function firstDifference(
  expected: unknown,
  actual: unknown,
  pointer = '',
): { pointer?: string; expected: unknown; actual: unknown } {
  const nested = isTree(expected) && isTree(actual) && Array.isArray(expected) === Array.isArray(actual);
  if (!nested) return { ...(pointer !== '' && { pointer }), expected, actual };
  const [left, right] = [expected as Record<string, unknown>, actual as Record<string, unknown>];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (JSON.stringify(left[key]) !== JSON.stringify(right[key]))
      return firstDifference(left[key], right[key], `${pointer}/${key}`);
  }
  return { expected, actual };
}

const isTree = (value: unknown): boolean => typeof value === 'object' && value !== null;
const show = (value: unknown): string =>
  value === undefined ? 'absent' : clip(typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)));
const clip = (text: string): string => (text.length > 2000 ? `${text.slice(0, 2000)}…` : text);
const firstLine = (message: string): string => clip(message.split('\n')[0] ?? message);

function where(error: Error): string {
  const line = error.stack?.split('\n').find((entry) => /\.test\.[jt]s/.test(entry));
  return line ? ` (${line.trim()})` : '';
}
