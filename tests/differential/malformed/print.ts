import type { Exchange } from '../../../reports/run.ts';
import type { Operation } from '../../../spec/index.ts';
import type { Contract } from '../../../suites/support/contract.ts';
import type { Difference } from '../compare.ts';
import { countExplained, type DifferingStep, printPlaces } from '../print.ts';
import { reasonFor } from './accepted.ts';

/** The same malformed request to both sides, and the result. */
export interface Step {
  operation: Operation;
  fault: string;
  found: Difference[];
  /** Where the responses violate the contract. */
  outside: { mock: string[]; real: string[] };
  /** The responses, if they differ: those of all requests would need too much memory. */
  responses?: { mock: Exchange; real: Exchange };
}

const asDiffering = ({ operation, fault, found }: Step): DifferingStep => ({
  operation: operation.operationId,
  name: fault,
  found,
});
const reasonOf = ({ operation, name }: DifferingStep, { at }: Difference): string | undefined =>
  reasonFor(operation, name, at);

/** Where responses differ, by place. */
export function printDiffering(steps: Step[]): void {
  printPlaces(steps.map(asDiffering), reasonOf, 'responses');
}

/** Prints the responses of a side that violate the contract, by place. @returns how many there are */
export function printOutside(steps: Step[], side: 'mock' | 'real'): number {
  const outside = steps.flatMap((step) => step.outside[side].map((violation) => ({ step, violation })));
  const places = Map.groupBy(outside, ({ step, violation }) => `${step.operation.operationId} ${violation}`);
  for (const [place, same] of places)
    console.log(`outside the contract, ${side}: ${same.length} × ${place} (${same[0]?.step.fault})`);
  return outside.length;
}

/** Where a response violates the contract. Not checked if the fault is in the path: it may match no operation. */
export function violationsOf(
  contract: Contract,
  operation: Operation,
  fault: string,
  { response }: Exchange,
): string[] {
  if (!response || fault.startsWith('path')) return [];
  const endless =
    operation.method === 'GET' && (response.headers['content-type'] ?? '').startsWith('text/event-stream');
  const found = contract.checkResponse(operation, { ...response, text: response.body }, endless);
  return found
    .filter(({ kind }) => kind !== 'extra')
    .map(({ kind, pointer, expected, actual }) => `${kind} ${pointer}: ${expected}, not ${actual}`);
}

/** Prints and returns the share of equal responses, in percent. */
export function printShare(steps: Step[], wanted: number): number {
  const differing = steps.filter(({ found }) => found.length > 0);
  const dropped = steps.filter(({ responses }) => responses?.real.error !== undefined).length;
  const [equal, share] = [steps.length - differing.length, (100 * (steps.length - differing.length)) / steps.length];
  console.log(
    `\n${equal} of ${steps.length} responses to malformed requests equal: ${share.toFixed(1)} % (at least ${wanted} % are asked for);`,
  );
  console.log(
    `of ${differing.length} others ${countExplained(differing.map(asDiffering), reasonOf)} have a reason; the real one gave no response to ${dropped}`,
  );
  return share;
}
