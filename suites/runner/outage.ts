import type { Case, Exchange } from '../../reports/run.ts';
import type { CaseReport } from '../support/requirement.ts';

/** One hanging operation may fail a few tests; after so many in a row the deployment itself is checked. */
const IN_A_ROW = 5;
/** An error that took this long counts as no response: with a locked SQLite, Langflow responds after 30 s. */
const TOO_LONG_MS = 20_000;

/**
 * Detects a deployment that went down or hangs, so that the remaining tests need not wait for their timeouts.
 * `check` is the pre-flight; `stop` is called once, with its error.
 */
export function watchForOutage(
  check: () => Promise<unknown>,
  stop: (reason: string) => void,
): (report: CaseReport) => void {
  let row = 0;
  return ({ case: one, fault }) => {
    // A fault of a mutation run may be a missing response.
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

const isUnanswered = ({ verdict, exchanges }: Case): boolean =>
  ['fail', 'blocked', 'error'].includes(verdict) && exchanges.some(hadNoAnswer);

const hadNoAnswer = ({ response, durationMs }: Exchange): boolean =>
  response === undefined || (response.status >= 500 && durationMs > TOO_LONG_MS);
