import type { RequirementResult, Run, Verdict } from './run.ts';
import {
  countVerdicts,
  duration,
  groupBy,
  mustsPassed,
  needsWork,
  plural,
  problemCases,
  selectedOf,
  targetName,
  VERDICTS,
} from './tally.ts';

const SIGN: Record<Verdict, string> = {
  pass: '✓',
  fail: '✗',
  error: '?',
  blocked: '!',
  'not-run': '·',
  'not-applicable': '·',
};
/** The report has the others. */
const MOST_FAILURES = 20;

/** The summary on the terminal at the end of the run: plain text, without colours. */
export function terminal(run: Run): string {
  const results = selectedOf(run);
  const work = results.filter(needsWork);
  const counts = countVerdicts(results);
  return [
    ...table(results),
    '',
    ...work.slice(0, MOST_FAILURES).flatMap(failure),
    ...(work.length > MOST_FAILURES ? [`… and ${work.length - MOST_FAILURES} more in the report`] : []),
    ...(work.length > 0 ? [''] : []),
    `${run.verdict.toUpperCase().replaceAll('-', ' ')}: ${targetName(run)} at ${run.target.url}, contract ${run.profile}`,
    `${plural(results.length, 'requirement')}: ${VERDICTS.toReversed()
      .filter((verdict) => counts[verdict] > 0)
      .map((verdict) => `${counts[verdict]} ${verdict}`)
      .join(', ')}`,
    `${mustsPassed(results)} passed`,
    ...run.notes.map((note) => `note: ${note}`),
    ...waivers(results),
    ...(run.leftovers.length > 0 ? [`left behind: ${run.leftovers.join(', ')}`] : []),
    duration(run.durationMs),
    '',
  ].join('\n');
}

function table(results: RequirementResult[]): string[] {
  const groups = [...groupBy(results, (result) => result.area)];
  const width = Math.max(4, ...groups.map(([area]) => area.length));
  return groups.map(([area, own]) => {
    const counts = countVerdicts(own);
    const rest = VERDICTS.filter((verdict) => verdict !== 'pass' && counts[verdict] > 0).map(
      (verdict) => `${counts[verdict]} ${verdict}`,
    );
    const worst = VERDICTS.find((verdict) => counts[verdict] > 0 && needsWork({ verdict })) ?? 'pass';
    return `${SIGN[worst]} ${area.padEnd(width)}  ${String(counts.pass).padStart(3)} of ${String(own.length).padStart(3)} passed${rest.length > 0 ? `, ${rest.join(', ')}` : ''}`;
  });
}

function failure(result: RequirementResult): string[] {
  const [first, ...more] = problemCases(result);
  const message = first?.message ?? result.reason ?? result.verdict;
  const at = first?.pointer === undefined ? '' : ` at ${first.pointer || 'the whole body'}`;
  return [
    `${SIGN[result.verdict]} ${result.id} ${result.level}${result.waiver ? ' (waived)' : ''} ${result.text}`,
    `    ${message}${more.length > 0 ? ` (and ${plural(more.length, 'more case')})` : ''}`,
    ...(first?.expected === undefined ? [] : [`    expected ${clip(first.expected)}${at}`]),
    ...(first?.actual === undefined ? [] : [`    actual   ${clip(first.actual)}`]),
    `    ${result.rerun}`,
  ];
}

function waivers(results: RequirementResult[]): string[] {
  return results.flatMap(({ id, waiver }) =>
    waiver ? [`waived: ${id} by ${waiver.owner} until ${waiver.expires}: ${waiver.reason}`] : [],
  );
}

const clip = (value: string): string => {
  const line = value.replaceAll(/\s+/g, ' ');
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
};
