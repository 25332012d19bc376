import type { Readable } from 'node:stream';
import type { Violation } from '../../reports/run.ts';

export type CredentialHeader = 'authorization' | 'x-api-key';

/** A request to the mock; header names are in lower case. */
export interface ProxiedRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Buffer;
}

/** A response of the mock; the body is not compressed. */
export interface ProxiedResponse {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
  /** The rest of a stream that has not ended; a fault gets each part of it as a separate response. */
  rest?: Readable;
}

/** What a fault can do in addition to changing request and response. */
export interface FaultContext {
  /** Sends the request (or another) to the mock. */
  send(request: ProxiedRequest): Promise<ProxiedResponse>;
  /** Runs an action, then restores the mock's state. */
  forgetting<T>(action: () => Promise<T>): Promise<T>;
  /** Called when the fault was applied: a fault that never is proves nothing. */
  applied(): void;
  /** A valid credential of the superuser, as headers. */
  admin: Record<string, string>;
  /** The bearer tokens and API keys of requests so far, with their header. */
  credentials: Map<string, CredentialHeader>;
}

/** Returns the response, with one fault if it can be applied; then it calls `applied()`. */
export type Fault = (request: ProxiedRequest, behind: FaultContext) => Promise<ProxiedResponse>;

/** A fault of a WebSocket; one of these. */
export interface SocketFault {
  /** The status that refuses the handshake. */
  refuse?: number;
  /** The close code, if the server closes the connection; `never` keeps it open. */
  ending?: number | 'never';
  /** Which credentials are accepted instead of refused: none, a token, an API key. */
  admits?: 'none' | 'token' | 'key';
  /** The message to pass on; undefined drops it. */
  toClient?(text: string): string | undefined;
  toServer?(text: string): string | undefined;
}

/** One fault of one operation, and how it must be noticed. */
export interface Mutant {
  /** `readFlow: a required field is missing`; also printed in the report. */
  id: string;
  kind: string;
  operationId: string;
  fault: Fault;
  /** The fault if the operation is a WebSocket. */
  socket?: SocketFault;
  /** The requirements whose tests are run under the fault. */
  requirements: string[];
  /** Killed by a failing test, or by the recorder, which finds this kind of violation. */
  killedBy: 'test' | Violation['kind'];
}

/** The result for a mutant. Void: its fault was never applied, or a test failed for another reason. */
export type Fate = 'killed' | 'survived' | 'void';

export interface MutantResult {
  id: string;
  kind: string;
  requirements: string[];
  fate: Fate;
}
