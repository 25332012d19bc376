/** An error response. Code below the front throws it; the front turns it into bytes. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly status: number;
  /** The value of `detail` (FastAPI's HTTPException): a sentence, a list of validation errors, or an object. */
  readonly detail: unknown;
  readonly headers: Record<string, string>;
  constructor(status: number, detail: unknown, headers: Record<string, string> = {}) {
    super(typeof detail === 'string' ? detail : `HTTP ${status}`);
    this.status = status;
    this.detail = detail;
    this.headers = headers;
  }
}

/** An exception that a real server does not handle. It answers 500 with the exception's text as `message`. */
export class UnhandledError extends Error {
  override name = 'UnhandledError';
}
