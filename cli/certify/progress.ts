import type { Run, Verdict } from '../../reports/run.ts';
import type { CaseReport } from '../../suites/support/requirement.ts';

const SIGN: Record<Verdict, string> = { pass: '✓', fail: '✗', 'not-applicable': '·', blocked: '!', 'not-run': '·', error: '?' };

/** One line that is rewritten on a terminal; in CI, a line for each case that did not pass, and no more. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  readonly #seen = new Set<string>();
  #counts = { pass: 0, other: 0 };
  #total = 0;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
  }

  say(line: string): void {
    this.#clear();
    this.#out.write(`${line}\n`);
  }

  start(total: number): void {
    this.#total = total;
  }

  case({ requirement, case: one }: CaseReport): void {
    this.#seen.add(requirement);
    if (one.verdict === 'pass') this.#counts.pass++;
    else {
      this.#counts.other++;
      this.say(`${SIGN[one.verdict]} ${requirement} ${one.name}: ${one.verdict}${one.message ? `: ${one.message}` : ''}`);
    }
    if (this.#out.isTTY)
      this.#out.write(`\r\x1b[2K${this.#seen.size}/${this.#total} requirements, ${this.#counts.pass} cases passed, ${this.#counts.other} did not`);
  }

  #clear(): void {
    if (this.#out.isTTY) this.#out.write('\r\x1b[2K');
  }
}

/** What a person reads when the run has ended. */
export function summary(run: Run, out: string): string {
  const count = (verdict: Verdict, level?: string): number =>
    run.requirements.filter((result) => result.verdict === verdict && (!level || result.level === level)).length;
  const verdicts: Verdict[] = ['pass', 'fail', 'blocked', 'error', 'not-applicable', 'not-run'];
  const title = { conformant: 'CONFORMANT', 'not-conformant': 'NOT CONFORMANT', 'not-measured': 'NOT MEASURED' }[run.verdict];
  const lines = [
    `${title}: ${run.target.package} ${run.target.version} at ${run.target.url}, contract ${run.profile}`,
    verdicts.map((verdict) => `${count(verdict)} ${verdict}${verdict === 'pass' ? ` (${count('pass', 'MUST')} MUST)` : ''}`).join(', '),
    ...run.requirements
      .filter((result) => result.id.startsWith('SCHEMA-'))
      .flatMap((result) => result.cases.filter((one) => one.verdict === 'fail').map((one) => `✗ ${result.id} ${one.message}`)),
    ...run.notes.map((note) => `note: ${note}`),
    ...(run.leftovers.length > 0 ? [`left behind: ${run.leftovers.join(', ')}`] : []),
    `${(run.durationMs / 1000).toFixed(1)} s, report in ${out}`,
  ];
  return lines.join('\n');
}
