import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Verdict } from '../../reports/run.ts';
import type { Spec } from '../../spec/index.ts';
import { NotMeasured } from './not-measured.ts';

/** Permission for a requirement to fail for a time; the failure stays visible, and a waived MUST never certifies. */
export interface Waiver {
  id: string;
  reason: string;
  owner: string;
  /** The last day it holds: `2026-12-31`. */
  expires: string;
}

/** Reads a list of waivers. @throws NotMeasured if the file can't be read or an entry is incomplete */
export function readWaivers(file: string): Waiver[] {
  let list: unknown;
  try {
    list = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new NotMeasured(`The waivers in ${file} can't be read: ${(error as Error).message}`);
  }
  if (!Array.isArray(list))
    throw new NotMeasured(`${file} must be a list of waivers, each with id, reason, owner and expires`);
  return list.map((entry) => waiverFrom(entry, file));
}

function waiverFrom(entry: Partial<Record<keyof Waiver, unknown>>, file: string): Waiver {
  const { id, reason, owner, expires } = entry ?? {};
  const missing = Object.entries({ id, reason, owner, expires }).find(
    ([, value]) => typeof value !== 'string' || value === '',
  );
  if (missing) throw new NotMeasured(`A waiver in ${file} has no ${missing[0]}: ${JSON.stringify(entry)}`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(expires as string))
    throw new NotMeasured(`The waiver of ${id} in ${file} must expire on a day such as 2026-12-31, not ${expires}`);
  return { id, reason, owner, expires } as Waiver;
}

/** Waivers that fail the run: for an unknown requirement, expired, or no longer needed. */
export function waiverFaults(waivers: Waiver[], spec: Spec, verdicts: Map<string, Verdict>, today: string): string[] {
  return waivers.flatMap(({ id, expires, owner }) => {
    if (!spec.requirements.some((requirement) => requirement.id === id))
      return [`The waiver of ${id} is for a requirement that the contract does not have`];
    if (expires < today) return [`The waiver of ${id} expired on ${expires}: ask ${owner}`];
    return verdicts.get(id) === 'pass' ? [`The waiver of ${id} is stale: the requirement passes; remove it`] : [];
  });
}
