/**
 * A validation error: one entry of FastAPI's 422 `detail`, in the words of pydantic 2 (without `url`, which FastAPI
 * omits).
 */
export interface ErrorDetail {
  type: string;
  loc: (string | number)[];
  msg: string;
  input: unknown;
  ctx?: Record<string, unknown>;
}

/** A parser's result for an invalid input. The errors are in the list that it was given. */
export const INVALID = Symbol('invalid');

/** How closely a member of a union matches the input, for pydantic's smart mode. */
export interface State {
  /** 2: unchanged, 1: widened (int to float), 0: coerced. */
  exactness: number;
  /** How many fields of a model were set; -1 without a model. */
  fields: number;
}

/** Validates, coerces and fills in defaults. The `loc` of its errors is relative to the input. */
export type Parser = (input: unknown, errors: ErrorDetail[], state: State) => unknown;

/** Adds an error at the input itself. The callers complete its `loc`. */
export function fail(
  errors: ErrorDetail[],
  type: string,
  msg: string,
  input: unknown,
  ctx?: Record<string, unknown>,
): typeof INVALID {
  errors.push({ type, loc: [], msg, input, ...(ctx && { ctx }) });
  return INVALID;
}

/** Puts a key in front of the `loc` of all errors from index `from` on. */
export function prefix(errors: ErrorDetail[], from: number, key: string | number): void {
  for (let i = from; i < errors.length; i++) errors[i]?.loc.unshift(key);
}

/** Thrown by a field check for an error with its own type. */
export class CheckError extends Error {
  override name = 'Refusal';
  readonly type: string;
  readonly ctx: Record<string, unknown>;
  constructor(type: string, message: string, ctx: Record<string, unknown>) {
    super(message);
    this.type = type;
    this.ctx = ctx;
  }
}
