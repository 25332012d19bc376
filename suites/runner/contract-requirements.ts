import type { Case, Exchange, Violation } from '../../reports/run.ts';

/** The requirements that the recorder checks for every request of every test, instead of a test of their own. */
export const CONTRACT_REQUIREMENTS: Record<string, Violation['kind']> = {
  'SCHEMA-001': 'status',
  'SCHEMA-002': 'media-type',
  'SCHEMA-003': 'schema',
  'SCHEMA-004': 'header',
  'SCHEMA-005': 'request',
  'SCHEMA-006': 'extra',
};

/** A few are enough to show the violation. */
const MOST_EXCHANGES = 3;

/** The violations that the recorder found, by operation. */
export class ContractRecord {
  readonly #operations = new Map<
    string,
    Map<Violation['kind'], { pointer: string; violation: Violation; exchange: Exchange }[]>
  >();

  add(exchange: Exchange): void {
    if (!exchange.operationId || !exchange.response) return;
    const kinds = this.#operations.get(exchange.operationId) ?? new Map();
    this.#operations.set(exchange.operationId, kinds);
    for (const violation of exchange.violations) {
      const found = kinds.get(violation.kind) ?? [];
      kinds.set(violation.kind, [...found, { pointer: violation.pointer, violation, exchange }]);
    }
  }

  /** One case for each operation that responded. */
  cases(id: string): Case[] {
    const kind = CONTRACT_REQUIREMENTS[id] as Violation['kind'];
    return [...this.#operations].map(([operationId, kinds]) => {
      const found = kinds.get(kind) ?? [];
      const first = found[0];
      if (!first) return { name: operationId, operationId, verdict: 'pass', durationMs: 0, exchanges: [] };
      const { pointer, expected, actual } = first.violation;
      const exchanges = [...new Set(found.map((one) => one.exchange))].slice(0, MOST_EXCHANGES);
      const status = first.exchange.response?.status;
      const message = `${operationId} ${status}${pointer && ` ${pointer}`}: expected ${expected}, got ${actual}${found.length > 1 ? ` (and ${found.length - 1} more)` : ''}`;
      return {
        name: operationId,
        operationId,
        verdict: 'fail',
        message,
        expected,
        actual,
        pointer,
        durationMs: 0,
        exchanges,
      };
    });
  }

  extras(): { operationId: string; pointer: string }[] {
    return [...this.#operations].flatMap(([operationId, kinds]) =>
      [...new Set((kinds.get('extra') ?? []).map((one) => one.pointer))].map((pointer) => ({ operationId, pointer })),
    );
  }
}
