import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Level } from '../../reports/run.ts';
import type { Requirement, Spec } from '../../spec/index.ts';
import { NotMeasured } from './not-measured.ts';

export interface Selection {
  /** Requirement ids, their prefixes, areas or operationIds; empty: all. */
  only: string[];
  /** The lowest level to run. */
  level: Level;
}

const RANK: Record<Level, number> = { MUST: 0, SHOULD: 1, MAY: 2 };

/**
 * The requirements to run, and the reason for each one that is left out.
 *
 * @throws NotMeasured for an unknown name or an empty selection
 */
export function select(spec: Spec, wanted: Selection): { selected: Requirement[]; reasons: Map<string, string> } {
  for (const name of wanted.only) {
    if (!spec.requirements.some((requirement) => matches(requirement, name))) {
      throw new NotMeasured(
        `--only ${name}: the contract of Langflow ${spec.version} has no requirement, area or operation of that name (\`flowpact spec requirements\` lists them)`,
      );
    }
  }
  const reasons = new Map<string, string>();
  const selected = spec.requirements.filter((requirement) => {
    const reason = whyNot(requirement, wanted);
    if (reason) reasons.set(requirement.id, reason);
    return !reason;
  });
  if (!selected.some((requirement) => !requirement.untestable))
    throw new NotMeasured('Nothing is selected: --only and --level leave no requirement that can be tested');
  return { selected, reasons };
}

function whyNot(requirement: Requirement, { only, level }: Selection): string | undefined {
  if (only.length > 0 && !only.some((name) => matches(requirement, name)))
    return `not selected: --only ${only.join(',')}`;
  return RANK[requirement.level] > RANK[level] ? `not selected: --level ${level}` : undefined;
}

function matches(requirement: Requirement, name: string): boolean {
  const { id, area, operations } = requirement;
  return (
    id === name ||
    area === name ||
    id.startsWith(`${name}-`) ||
    (Array.isArray(operations) && operations.includes(name))
  );
}

export const SUITES = join(import.meta.dirname, '..');

/** The suite files that test each requirement. */
export function indexSuites(folder = SUITES): Map<string, string[]> {
  const index = new Map<string, string[]>();
  for (const name of readdirSync(folder)
    .filter((file) => /\.test\.[jt]s$/.test(file))
    .sort()) {
    for (const [, id] of readFileSync(join(folder, name), 'utf8').matchAll(/['"`]([A-Z][A-Z0-9]*-\d{3})['"`]/g)) {
      const files = index.get(id as string) ?? [];
      if (!files.includes(name)) index.set(id as string, [...files, name]);
    }
  }
  return index;
}
