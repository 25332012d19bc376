import type { Case, Exchange, MatrixCell, RequirementResult, Run, Verdict } from '../../reports/run.ts';
import type { Requirement, Spec } from '../../spec/index.ts';
import type { CaseReport } from '../support/requirement.ts';
import { CONTRACT_REQUIREMENTS, ContractRecord } from './contract-requirements.ts';
import type { Waiver } from './waivers.ts';

export interface Plan {
  spec: Spec;
  selected: Requirement[];
  /** Why a requirement is not selected. */
  reasons: Map<string, string>;
  /** Which suite files test which requirement. */
  index: Map<string, string[]>;
  waivers: Waiver[];
  rerun: (id: string) => string;
}

/** How much of a body a passed case keeps. */
const PASSED_BODY = 1024;

/** Collects cases while the suites run, and turns them into the data of the reports. */
export class Collector {
  readonly #plan: Plan;
  readonly #cases = new Map<string, Case[]>();
  readonly #contract = new ContractRecord();
  readonly #matrix = new Map<string, MatrixCell>();
  readonly #selected: Set<string>;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#selected = new Set(plan.selected.map((requirement) => requirement.id));
  }

  add(report: CaseReport): void {
    for (const exchange of report.case.exchanges) {
      this.#contract.add(exchange);
      this.#count(exchange);
    }
    const one =
      report.case.verdict === 'pass'
        ? { ...report.case, exchanges: report.case.exchanges.map(shortened) }
        : report.case;
    this.#cases.set(report.requirement, [...(this.#cases.get(report.requirement) ?? []), one]);
  }

  /** Adds an error for a suite file that could not be loaded, or for a test that ended its worker. */
  addError(id: string, name: string, message: string): void {
    this.add({ requirement: id, case: { name, verdict: 'error', message, durationMs: 0, exchanges: [] } });
  }

  #count({ operationId, response, credential }: Exchange): void {
    if (!operationId || !response) return;
    const key = `${operationId} ${response.status} ${credential}`;
    const cell = this.#matrix.get(key) ?? { operationId, status: response.status, credential, count: 0 };
    this.#matrix.set(key, { ...cell, count: cell.count + 1 });
  }

  requirements(): RequirementResult[] {
    return this.#plan.spec.requirements.map((requirement) => this.#result(requirement));
  }

  /** Violations of the contract whose requirements are not selected. */
  unjudgedViolations(): string[] {
    return Object.keys(CONTRACT_REQUIREMENTS)
      .filter((id) => CONTRACT_REQUIREMENTS[id] !== 'extra' && !this.#selected.has(id))
      .flatMap((id) =>
        this.#contract.cases(id).flatMap((one) => (one.verdict === 'fail' ? [one.message ?? one.name] : [])),
      );
  }

  matrix = (): MatrixCell[] => [...this.#matrix.values()];
  extras = (): Run['extras'] => this.#contract.extras();

  #result(requirement: Requirement): RequirementResult {
    const { id, level, text, source, area, operations, capability, tier } = requirement;
    const cases =
      id in CONTRACT_REQUIREMENTS && this.#selected.has(id) ? this.#contract.cases(id) : (this.#cases.get(id) ?? []);
    const waiver = this.#plan.waivers.find((entry) => entry.id === id);
    return {
      ...{ id, level, text, source, area, operations: this.#operationsOf(operations) },
      ...(capability && { capability }),
      ...(tier && { tier }),
      ...this.#judge(requirement, cases),
      ...(waiver && { waiver: { reason: waiver.reason, owner: waiver.owner, expires: waiver.expires } }),
      cases,
      rerun: this.#plan.rerun(id),
    };
  }

  #operationsOf(operations: Requirement['operations']): string[] {
    if (Array.isArray(operations)) return operations;
    const all = this.#plan.spec.operations;
    return (operations === 'all' ? all : all.filter((operation) => operation.security.length > 0)).map(
      (operation) => operation.operationId,
    );
  }

  #judge({ id, untestable }: Requirement, cases: Case[]): { verdict: Verdict; reason?: string } {
    const left = this.#plan.reasons.get(id);
    if (left) return { verdict: 'not-run', reason: left };
    if (untestable) return { verdict: 'not-applicable', reason: `untestable: ${untestable}` };
    if (cases.length > 0) return verdictOf(cases);
    if (id in CONTRACT_REQUIREMENTS) return { verdict: 'not-run', reason: 'no operation was called' };
    if (!this.#plan.index.has(id)) return { verdict: 'error', reason: 'the suites have no test for it' };
    return { verdict: 'not-run', reason: 'the run ended before its test' };
  }
}

/** The worst case decides: if one case fails, the requirement fails. */
const WORST_FIRST: Verdict[] = ['fail', 'error', 'blocked', 'not-run', 'pass', 'not-applicable'];

export function verdictOf(cases: Case[]): { verdict: Verdict; reason?: string } {
  const verdict = WORST_FIRST.find((one) => cases.some((entry) => entry.verdict === one)) as Verdict;
  const reason =
    verdict === 'pass' || verdict === 'fail' ? undefined : cases.find((entry) => entry.verdict === verdict)?.message;
  return { verdict, ...(reason && { reason }) };
}

function shortened(exchange: Exchange): Exchange {
  const cut = (text: string): string =>
    text.length > PASSED_BODY ? `${text.slice(0, PASSED_BODY)}… (${text.length} characters)` : text;
  const { request, response, chunks: _, ...rest } = exchange;
  return {
    ...rest,
    request: { ...request, ...(request.body !== undefined && { body: cut(request.body) }) },
    ...(response && { response: { ...response, body: cut(response.body) } }),
  };
}
