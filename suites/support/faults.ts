import { expect } from 'vitest';
import { isObject } from '../../spec/json.ts';
import type { Schema } from '../../spec/operations.ts';

/** The faults that a 422 names. A body of another form is a finding. */
export function faultsIn(body: unknown): Schema<'ValidationErrorItem'>[] {
  const detail = isObject(body) ? body['detail'] : undefined;
  if (!Array.isArray(detail)) expect.fail(`the body has no list of faults: ${JSON.stringify(body)?.slice(0, 300)}`);
  return detail;
}

/** The same in short: `missing body.name`. */
export const faultsOf = (body: unknown): string[] => faultsIn(body).map(({ type, loc }) => `${type} ${loc.join('.')}`);
