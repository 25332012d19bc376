import { expect } from 'vitest';
import { isObject } from '../../spec/json.ts';
import type { Schema } from '../../spec/operations.ts';

/** The validation errors of a 422. Fails the test if the body has another form. */
export function validationErrors(body: unknown): Schema<'ValidationErrorItem'>[] {
  const detail = isObject(body) ? body['detail'] : undefined;
  if (!Array.isArray(detail))
    expect.fail(`the body has no list of validation errors: ${JSON.stringify(body)?.slice(0, 300)}`);
  return detail;
}

/** The validation errors as short texts: `missing body.name`. */
export const errorSummaries = (body: unknown): string[] =>
  validationErrors(body).map(({ type, loc }) => `${type} ${loc.join('.')}`);
