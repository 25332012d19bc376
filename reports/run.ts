/** The data of one certification run, which the suites produce and the reports are made from. */

/** The verdict of a requirement, or of one case of it. Missing evidence is not a pass, so there are six. */
export type Verdict = 'pass' | 'fail' | 'not-applicable' | 'blocked' | 'not-run' | 'error';

export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** A place where a response violates the contract. */
export interface Violation {
  /**
   * An undeclared status, a media type, the schema, a header, an invalid request; or `extra`: an undeclared field,
   * which is allowed.
   */
  kind: 'status' | 'media-type' | 'schema' | 'header' | 'request' | 'extra';
  /** JSON pointer into the body, '' for the whole. */
  pointer: string;
  expected: string;
  actual: string;
}

/** One request and its response, as recorded for every call of the suite. Secrets are already masked. */
export interface Exchange {
  /** `x-12`: unique within the run. */
  id: string;
  operationId?: string;
  /** Who sent it and how: `alice (bearer)`, `none`, … */
  credential: string;
  request: { method: string; url: string; headers: Record<string, string>; body?: string };
  /** Absent if the connection failed; then `error` has the reason. */
  response?: { status: number; headers: Record<string, string>; body: string; bytes: number };
  error?: string;
  /** Milliseconds since the run began, and how long it took. */
  at: number;
  durationMs: number;
  /** For streams: the chunks, with milliseconds since the request. */
  chunks?: { at: number; text: string }[];
  violations: Violation[];
}

/** One test of a requirement. A generic requirement has a case for each operation. */
export interface Case {
  name: string;
  operationId?: string;
  verdict: Verdict;
  /** Why it failed or did not run; a sentence. */
  message?: string;
  expected?: string;
  actual?: string;
  /** JSON pointer into the body of the last exchange, if known. */
  pointer?: string;
  durationMs: number;
  exchanges: Exchange[];
}

export interface RequirementResult {
  id: string;
  level: Level;
  text: string;
  source: string;
  /** The file in spec/ that declares it: `flows`, `authentication`, … */
  area: string;
  operations: string[];
  capability?: string;
  /** `strict`: wording and extras that Langflow does not promise; never decides the verdict. */
  tier?: 'strict';
  verdict: Verdict;
  /** Why it is not applicable, not run or blocked. */
  reason?: string;
  waiver?: { reason: string; owner: string; expires: string };
  cases: Case[];
  /** The command that runs this requirement again. */
  rerun: string;
}

/** How often an operation answered a status to a kind of credential. */
export interface MatrixCell {
  operationId: string;
  status: number;
  credential: string;
  count: number;
}

export interface Run {
  schemaVersion: 1;
  tool: { name: 'flowpact'; version: string };
  id: string;
  /** `incomplete` until the run ends, so that a crash leaves a valid, incomplete report. */
  status: 'complete' | 'incomplete';
  startedAt: string;
  durationMs: number;
  target: { kind: 'mock' | 'url' | 'image' | 'package'; name: string; url: string; version?: string; package?: string };
  /** The profile of the contract that the deployment was judged by. */
  profile: string;
  selection: { only: string[]; level: Level; readOnly: boolean; allowDisruptive: boolean };
  verdict: 'conformant' | 'not-conformant' | 'not-measured';
  exitCode: 0 | 1 | 2;
  /** Why the run could not be measured, and other remarks. */
  notes: string[];
  requirements: RequirementResult[];
  matrix: MatrixCell[];
  /** The operations of the profile, so that the matrix shows those that were never called. */
  operations: { operationId: string; method: string; path: string; tag: string }[];
  /** Fields that the contract does not declare, by operation: allowed, and reported separately. */
  extras: { operationId: string; pointer: string }[];
  /** What the suite created and could not remove. */
  leftovers: string[];
}
