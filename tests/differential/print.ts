import type { Difference } from './compare.ts';

/** A step whose responses differ. */
export interface DifferingStep {
  /** The operationId. */
  operation: string;
  /** The name of the step. */
  name: string;
  found: Difference[];
}

type ReasonOf = (step: DifferingStep, difference: Difference) => string | undefined;

/**
 * Prints one line for the same difference in many steps, and a count for each accepted reason. `what`: the noun for the
 * steps.
 */
export function printPlaces(steps: DifferingStep[], reasonOf: ReasonOf, what: string): void {
  const all = steps.flatMap((step) => step.found.map((one) => ({ ...one, step, reason: reasonOf(step, one) })));
  const open = all.filter(({ reason }) => !reason);
  const places = Map.groupBy(open, ({ step, at }) => `${step.operation} ${at.replaceAll(/\/\d+/g, '/*')}`);
  for (const [place, same] of [...places].sort(([, a], [, b]) => b.length - a.length)) {
    const { step, mock: ours, real: theirs } = same[0] as (typeof all)[number];
    console.log(`${same.length} × ${place} (${step.name})\n    mock ${ours}\n    real ${theirs}`);
  }
  for (const [reason, same] of Map.groupBy(all, ({ reason }) => reason)) {
    if (reason) console.log(`${new Set(same.map(({ step }) => step)).size} ${what}: ${reason}`);
  }
}

/** How many steps have an accepted reason for all differences. */
export const countExplained = (steps: DifferingStep[], reasonOf: ReasonOf): number =>
  steps.filter((step) => step.found.every((one) => reasonOf(step, one))).length;
