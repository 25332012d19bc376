import type { Exchange } from '../../reports/run.ts';
import type { CaseReport } from '../../suites/support/requirement.ts';

/**
 * The exchanges of the tests without faults: which test sends which requests to an operation, and gets which responses.
 */
export interface Baseline {
  cases: CaseReport[];
  /**
   * Tests with a response of the operation whose status fits `when`, in an exchange that `suits`: those of the
   * operation's own requirements first, then the quickest.
   */
  witnesses(operationId: string, when: (status: number) => boolean, suits?: (exchange: Exchange) => boolean): string[];
  /** The statuses that the operation answered. */
  statuses(operationId: string): Set<number>;
}

export function baselineOf(
  cases: CaseReport[],
  isOwn: (requirement: string, operationId: string) => boolean,
): Baseline {
  const saw = (
    report: CaseReport,
    operationId: string,
    when: (status: number) => boolean,
    suits: (exchange: Exchange) => boolean,
  ) =>
    report.case.exchanges.some(
      (exchange) =>
        exchange.operationId === operationId && exchange.response && when(exchange.response.status) && suits(exchange),
    );
  return {
    cases,
    witnesses(operationId, when, suits = () => true) {
      const rank = (report: CaseReport) =>
        (isOwn(report.requirement, operationId) ? 0 : 1_000_000) + report.case.durationMs;
      const found = cases.filter((report) => saw(report, operationId, when, suits)).sort((a, b) => rank(a) - rank(b));
      return [...new Set(found.map(({ requirement }) => requirement))];
    },
    statuses: (operationId) =>
      new Set(
        cases.flatMap((report) =>
          report.case.exchanges
            .filter((exchange) => exchange.operationId === operationId)
            .flatMap(({ response }) => response?.status ?? []),
        ),
      ),
  };
}
