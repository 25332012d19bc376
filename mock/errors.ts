/** An answer that is an error, thrown anywhere below the front, which alone turns it into bytes. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly status: number;
  /** A sentence, a list of validation errors, or an object: the value of `detail` (FastAPI's HTTPException). */
  readonly detail: unknown;
  readonly headers: Record<string, string>;
  constructor(status: number, detail: unknown, headers: Record<string, string> = {}) {
    super(typeof detail === 'string' ? detail : `HTTP ${status}`);
    this.status = status;
    this.detail = detail;
    this.headers = headers;
  }
}

/** An error that no code of a real server expects: it answers 500 with the text of the exception as `message`. */
export class UnhandledError extends Error {
  override name = 'UnhandledError';
}
