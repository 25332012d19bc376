/** One malformed request, ready to be sent. */
export interface MalformedRequest {
  /** What is malformed, in a few words; with the operation it names the step. */
  fault: string;
  method: string;
  /** With the query, encoded as it is sent. */
  path: string;
  headers: Record<string, string | string[]>;
  body?: Buffer;
  /** Sent in chunks, without a length. */
  chunked?: boolean;
}

/** A malformed body and its media type; `type: undefined` omits the header. */
export interface MalformedBody {
  fault: string;
  type: string | undefined;
  bytes: Buffer;
  headers?: Record<string, string>;
  chunked?: boolean;
}
