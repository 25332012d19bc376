import type { Case, Exchange } from '../../reports/run.ts';
import type { CaseReport } from '../support/requirement.ts';

/** One operation that hangs may fail a few tests; after so many in a row the deployment itself is looked at. */
const IN_A_ROW = 5;
/** An error that took this long is as good as no answer: a release whose SQLite is locked says so after 30 s. */
const TOO_LONG_MS = 20_000;

/**
 * Watches the tests for a deployment that went down or hangs: then each of the hundreds that are left would wait in vain.
 * `check` is the pre-flight; `stop` is called once, with what it found.
 */
export function watchForOutage(check: () => Promise<unknown>, stop: (reason: string) => void): (report: CaseReport) => void {
  let row = 0;
  return ({ case: one, fault }) => {
    // A fault that is put in on purpose may well be silence.
    if (fault) return;
    row = isUnanswered(one) ? row + 1 : 0;
    if (row !== IN_A_ROW) return;
    check().then(
      () => {
        row = 0;
      },
      (error: Error) => stop(error.message),
    );
  };
}

const isUnanswered = ({ verdict, exchanges }: Case): boolean => ['fail', 'blocked', 'error'].includes(verdict) && exchanges.some(hadNoAnswer);

const hadNoAnswer = ({ response, durationMs }: Exchange): boolean => response === undefined || (response.status >= 500 && durationMs > TOO_LONG_MS);
