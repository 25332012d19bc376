/** One request with a fault in it, ready to be sent. */
export interface MalformedRequest {
  /** What is wrong with it, in a few words; with the operation it names the step. */
  fault: string;
  method: string;
  /** With the query, encoded as it is to stand on the wire. */
  path: string;
  headers: Record<string, string | string[]>;
  body?: Buffer;
  /** Sent in chunks, without a length. */
  chunked?: boolean;
}

/** A body that is wrong, and what it calls itself; `type: undefined` for a body that says nothing. */
export interface MalformedBody {
  fault: string;
  type: string | undefined;
  bytes: Buffer;
  headers?: Record<string, string>;
  chunked?: boolean;
}
