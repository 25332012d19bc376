import type { RequirementResult, Run } from '../../reports/run.ts';

export type Conclusion = Pick<Run, 'verdict' | 'exitCode' | 'notes'>;

/**
 * The verdict of the run. Conformant: at least one MUST ran and every selected MUST passed. A MUST that failed or was
 * blocked is a finding about the deployment; an error of the suite leaves it unmeasured.
 */
export function conclude(results: RequirementResult[], waiverFaults: string[]): Conclusion {
  const musts = results.filter((result) => result.level === 'MUST' && result.tier !== 'strict' && counts(result));
  const found = musts.filter((result) => result.verdict === 'fail' || result.verdict === 'blocked');
  const unmeasured = musts.filter((result) => result.verdict === 'error' || result.verdict === 'not-run');
  const notes = [...waiverFaults];
  if (found.length > 0 || waiverFaults.length > 0) {
    if (found.length > 0 && found.every((result) => result.waiver))
      notes.push('Every MUST that failed is waived: a waived MUST never certifies');
    return { verdict: 'not-conformant', exitCode: 1, notes };
  }
  if (unmeasured.length > 0)
    return {
      verdict: 'not-measured',
      exitCode: 2,
      notes: [...notes, `Not measured: ${unmeasured.map((result) => result.id).join(', ')}`],
    };
  if (!musts.some((result) => result.verdict === 'pass'))
    return { verdict: 'not-measured', exitCode: 2, notes: [...notes, 'No MUST ran'] };
  return { verdict: 'conformant', exitCode: 0, notes };
}

/** Not counted: what the options of the run excluded, and what is not applicable. */
const counts = ({ verdict, reason }: RequirementResult): boolean =>
  verdict !== 'not-applicable' && !(verdict === 'not-run' && /^(not selected|--read-only)/.test(reason ?? ''));
