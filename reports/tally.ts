import type { Case, RequirementResult, Run, Verdict } from './run.ts';

/** Counts and names that all reporters share. */

/** All verdicts, the worst first: the order of every list. */
export const VERDICTS: Verdict[] = ['fail', 'error', 'blocked', 'not-run', 'not-applicable', 'pass'];

export const TITLE: Record<Run['verdict'], string> = {
  conformant: 'Conformant',
  'not-conformant': 'Not conformant',
  'not-measured': 'Not measured',
};

export type Counts = Record<Verdict, number>;

export function countVerdicts(results: RequirementResult[]): Counts {
  const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Counts;
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}

/** The requirements that the run selected. */
export function selectedOf(run: Run): RequirementResult[] {
  return run.requirements.filter(
    (result) => !(result.verdict === 'not-run' && result.reason?.startsWith('not selected')),
  );
}

/** How many of the MUST that decide the verdict passed: `388 of 388 MUST`. The strict tier never decides. */
export function mustsPassed(results: RequirementResult[]): string {
  const musts = results.filter(
    ({ level, tier, verdict }) => level === 'MUST' && tier !== 'strict' && verdict !== 'not-applicable',
  );
  return `${musts.filter(({ verdict }) => verdict === 'pass').length} of ${musts.length} MUST`;
}

/** Whether somebody must look at the requirement. */
export function needsWork({ verdict }: Pick<RequirementResult, 'verdict'>): boolean {
  return verdict === 'fail' || verdict === 'error' || verdict === 'blocked';
}

/** The cases that neither passed nor are not applicable. */
export function problemCases(result: RequirementResult): Case[] {
  return result.cases.filter((one) => one.verdict !== 'pass' && one.verdict !== 'not-applicable');
}

/** Groups results by a key, in the order of the keys' first appearance. */
export function groupBy(
  results: RequirementResult[],
  key: (result: RequirementResult) => string | undefined,
): Map<string, RequirementResult[]> {
  const groups = new Map<string, RequirementResult[]>();
  for (const result of results) {
    const name = key(result);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return groups;
}

/** `Langflow 1.7.3`, as far as known. */
export function targetName({ target }: Run): string {
  return [target.package ?? target.name, target.version].filter(Boolean).join(' ');
}

/** `1 requirement`, `2 requirements`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `850 ms`, `4.2 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** The path of a URL with its query; the URL itself if it has none. */
export const pathOf = (url: string): string => url.replace(/^https?:\/\/[^/]+/, '') || url;
