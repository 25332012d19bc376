import type { Verdict } from '../../reports/run.ts';
import type { CaseReport } from '../../suites/support/requirement.ts';

const SIGN: Record<Verdict, string> = {
  pass: '✓',
  fail: '✗',
  'not-applicable': '·',
  blocked: '!',
  'not-run': '·',
  error: '?',
};

/** On a terminal, one line that is rewritten; elsewhere, one line for each case that ran and did not pass. */
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
      if (one.verdict !== 'not-applicable')
        this.say(
          `${SIGN[one.verdict]} ${requirement} ${one.name}: ${one.verdict}${one.message ? `: ${one.message}` : ''}`,
        );
    }
    if (this.#out.isTTY)
      this.#out.write(
        `\r\x1b[2K${this.#seen.size}/${this.#total} requirements, ${this.#counts.pass} cases passed, ${this.#counts.other} did not`,
      );
  }

  #clear(): void {
    if (this.#out.isTTY) this.#out.write('\r\x1b[2K');
  }
}
