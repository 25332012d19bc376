/** One entry of FastAPI's 422 `detail`, as pydantic 2 words it (without `url`, which FastAPI leaves out). */
export interface ErrorDetail {
  type: string;
  loc: (string | number)[];
  msg: string;
  input: unknown;
  ctx?: Record<string, unknown>;
}

/** What a parser returns instead of a value; the reasons are in the list it was given. */
export const INVALID = Symbol('invalid');

/** What a union needs to know of the member that took the input, as pydantic's smart mode does. */
export interface State {
  /** 2: taken as it is, 1: widened (int to float), 0: coerced. */
  exactness: number;
  /** How many fields of a model were given; -1 where no model was met. */
  fields: number;
}

/** Coerces and defaults in one walk. Errors it adds carry a `loc` relative to the input. */
export type Parser = (input: unknown, errors: ErrorDetail[], state: State) => unknown;

/** Adds an error at the input itself; the callers add the way to it. */
export function fail(errors: ErrorDetail[], type: string, msg: string, input: unknown, ctx?: Record<string, unknown>): typeof INVALID {
  errors.push({ type, loc: [], msg, input, ...(ctx && { ctx }) });
  return INVALID;
}

/** Puts a key before the locations of the errors that were added since there were `from`. */
export function prefix(errors: ErrorDetail[], from: number, key: string | number): void {
  for (let i = from; i < errors.length; i++) errors[i]?.loc.unshift(key);
}

/** Thrown by a check of a field that refuses the input in another way. */
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
