import type { Case, RequirementResult, Run, Verdict } from './run.ts';
import {
  countVerdicts,
  duration,
  groupBy,
  mustsPassed,
  needsWork,
  pathOf,
  plural,
  problemCases,
  selectedOf,
  TITLE,
  targetName,
  VERDICTS,
} from './tally.ts';

const SIGN: Record<Run['verdict'], string> = { conformant: '✅', 'not-conformant': '❌', 'not-measured': '⚠️' };
const MARK: Record<Verdict, string> = {
  pass: '✅',
  fail: '❌',
  error: '🛠',
  blocked: '⛔',
  'not-run': '⏭',
  'not-applicable': '➖',
};
/** A job summary may have 1 MiB; people read less. */
const MOST_FAILURES = 50;

/** The summary of a CI job. */
export function markdown(run: Run): string {
  const results = selectedOf(run);
  const work = results.filter(needsWork);
  return [
    `## ${SIGN[run.verdict]} ${TITLE[run.verdict]}: ${text(targetName(run))}`,
    '',
    headline(run, results),
    ...(run.status === 'incomplete' ? ['', '> The run did not finish: these are the results until then.'] : []),
    ...run.notes.map((note) => `\n> ${text(note)}`),
    ...areas(results),
    ...failures(work),
    ...waivers(results),
    ...(run.leftovers.length > 0
      ? ['', '### Left behind', '', ...run.leftovers.map((one) => `- \`${code(one)}\``)]
      : []),
    ...(run.extras.length > 0
      ? ['', `${plural(run.extras.length, 'field')} that the contract does not declare: allowed, listed in the report.`]
      : []),
    '',
  ].join('\n');
}

function headline(run: Run, results: RequirementResult[]): string {
  const counts = countVerdicts(results);
  const parts = VERDICTS.toReversed()
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${counts[verdict]} ${verdict}`);
  return `**${mustsPassed(results)}** passed. ${plural(results.length, 'requirement')} of contract ${text(run.profile)}: ${parts.join(', ')}. Target ${text(run.target.url)}, ${duration(run.durationMs)}.`;
}

function areas(results: RequirementResult[]): string[] {
  const rows = [...groupBy(results, (result) => result.area)].map(([area, own]) => {
    const counts = countVerdicts(own);
    return `| ${text(area)} | ${own.length} | ${VERDICTS.toReversed()
      .map((verdict) => counts[verdict] || '')
      .join(' | ')} |`;
  });
  const head = VERDICTS.toReversed()
    .map((verdict) => `${MARK[verdict]} ${verdict}`)
    .join(' | ');
  return ['', `| Area | Requirements | ${head} |`, `| --- | ---: |${' ---: |'.repeat(VERDICTS.length)}`, ...rows];
}

function failures(work: RequirementResult[]): string[] {
  if (work.length === 0) return [];
  const more = work.length - MOST_FAILURES;
  return [
    '',
    '### To do',
    '',
    ...work.slice(0, MOST_FAILURES).flatMap(failure),
    ...(more > 0 ? [`… and ${more} more in the report.`] : []),
  ];
}

function failure(result: RequirementResult): string[] {
  const cases = problemCases(result);
  return [
    `<details><summary>${MARK[result.verdict]} <b>${result.id}</b> (${result.level}${result.waiver ? ', waived' : ''}) ${html(result.text)}</summary>`,
    '',
    ...(cases.length === 0 ? [`- ${text(result.reason ?? result.verdict)}`] : cases.slice(0, 5).map(caseLine)),
    ...(cases.length > 5 ? [`- … and ${plural(cases.length - 5, 'more case')}`] : []),
    '',
    '```sh',
    result.rerun,
    '```',
    '',
    '</details>',
    '',
  ];
}

function caseLine({ name, message, verdict, pointer, expected, actual, exchanges }: Case): string {
  const last = exchanges.at(-1);
  const where = pointer === undefined ? '' : ` at \`${code(pointer || '/')}\``;
  const what =
    expected === undefined && actual === undefined
      ? ''
      : `: expected \`${code(clip(expected ?? ''))}\`, got \`${code(clip(actual ?? ''))}\`${where}`;
  const request = last
    ? ` (\`${code(`${last.request.method} ${pathOf(last.request.url)}`)}\` → ${last.response?.status ?? text(last.error ?? 'no response')})`
    : '';
  return `- ${text(name)}: ${text(message ?? verdict)}${what}${request}`;
}

function waivers(results: RequirementResult[]): string[] {
  const waived = results.filter((result) => result.waiver);
  if (waived.length === 0) return [];
  const rows = waived.map(
    ({ id, verdict, waiver }) =>
      `| ${id} | ${verdict} | ${text(waiver?.reason ?? '')} | ${text(waiver?.owner ?? '')} | ${waiver?.expires} |`,
  );
  return [
    '',
    '### Waived',
    '',
    '| Requirement | Verdict | Reason | Owner | Expires |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ];
}

const clip = (value: string): string => (value.length > 200 ? `${value.slice(0, 200)}…` : value);
const html = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
/** Escapes text for Markdown, and puts it on one line. */
const text = (value: string): string =>
  html(value)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/([\\`*_{}[\]|])/g, String.raw`\$1`);
const code = (value: string): string => value.replaceAll(/\s+/g, ' ').replaceAll('`', 'ˋ').replaceAll('|', '¦');
