import type { Readable } from 'node:stream';
import type { Violation } from '../../reports/run.ts';

export type CredentialHeader = 'authorization' | 'x-api-key';

/** A request on its way to the mock. Headers are in lower case. */
export interface ProxiedRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Buffer;
}

/** A response on its way back; the body is not compressed. */
export interface ProxiedResponse {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
  /** What is still to come of a stream that has not ended; faults get each part of it as a response of its own. */
  rest?: Readable;
}

/** What a fault can do beside changing request and answer. */
export interface FaultContext {
  /** Sends the request (or another) to the mock. */
  send(request: ProxiedRequest): Promise<ProxiedResponse>;
  /** Runs something, then takes back what it did to the mock's state. */
  forgetting<T>(action: () => Promise<T>): Promise<T>;
  /** The fault was really served: one that never is can't be noticed, and proves nothing. */
  applied(): void;
  /** A valid credential of the superuser, as headers. */
  admin: Record<string, string>;
  /** The bearer tokens and API keys that were seen so far, by the header that they come in. */
  credentials: Map<string, CredentialHeader>;
}

/** Gives the response, with one fault in it where there is something to spoil: then it says `applied()`. */
export type Fault = (request: ProxiedRequest, behind: FaultContext) => Promise<ProxiedResponse>;

/** What is wrong with a WebSocket; one of these. */
export interface SocketFault {
  /** The status that refuses the handshake. */
  refuse?: number;
  /** The code that it ends with, where the server ends it; or that it does not end. */
  ending?: number | 'never';
  /** Which credentials are let in although they are refused: none, a token, an API key. */
  admits?: 'none' | 'token' | 'key';
  /** A message as it goes on; undefined for one that does not. */
  toClient?(text: string): string | undefined;
  toServer?(text: string): string | undefined;
}

/** One fault of one operation, and how it must be noticed. */
export interface Mutant {
  /** `readFlow: a required field is missing`: also what the report shows. */
  id: string;
  kind: string;
  operationId: string;
  fault: Fault;
  /** What is spoilt where the operation is a WebSocket. */
  socket?: SocketFault;
  /** The requirements whose tests are run under the fault. */
  requirements: string[];
  /** Killed by a test that fails, or by the recorder, which sees this departure from the contract. */
  killedBy: 'test' | Violation['kind'];
}

/** What became of a mutant. Void: its fault was never served, or a test broke for a reason of its own. */
export type Fate = 'killed' | 'survived' | 'void';

export interface MutantResult {
  id: string;
  kind: string;
  requirements: string[];
  fate: Fate;
}
