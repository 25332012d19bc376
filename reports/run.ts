/** The data of one certification run: what the suites produce and every report is derived from. */

/** What became of a requirement, or of one case of it. Six verdicts, kept apart: no evidence is not a pass. */
export type Verdict = 'pass' | 'fail' | 'not-applicable' | 'blocked' | 'not-run' | 'error';

export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** A place where a response departs from the contract. */
export interface Violation {
  /** Which promise is broken: an undeclared status, a media type, the schema, a header; or (tier `extra`) a property that the contract does not know. */
  kind: 'status' | 'media-type' | 'schema' | 'header' | 'request' | 'extra';
  /** JSON pointer into the body, '' for the whole. */
  pointer: string;
  expected: string;
  actual: string;
}

/** One request and its response, as recorded under every call of the suite. Secrets are already redacted. */
export interface Exchange {
  /** `x-12`: unique within the run. */
  id: string;
  operationId?: string;
  /** Who asked and how: `alice (bearer)`, `none`, … */
  credential: string;
  request: { method: string; url: string; headers: Record<string, string>; body?: string };
  /** Absent when the connection failed; then `error` says how. */
  response?: { status: number; headers: Record<string, string>; body: string; bytes: number };
  error?: string;
  /** Milliseconds since the run began, and how long it took. */
  at: number;
  durationMs: number;
  /** For streams: what came when (milliseconds since the request). */
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
  /** JSON pointer into the body of the last exchange, where there is one. */
  pointer?: string;
  durationMs: number;
  exchanges: Exchange[];
}

export interface RequirementResult {
  id: string;
  level: Level;
  text: string;
  source: string;
  /** The slug of the spec part that declares it: `flows`, `authentication`, … */
  area: string;
  operations: string[];
  capability?: string;
  /** `strict`: wording and extras that Langflow never promised; never decides the verdict. */
  tier?: 'strict';
  verdict: Verdict;
  /** The rule behind not-applicable, not-run or blocked. */
  reason?: string;
  waiver?: { reason: string; owner: string; expires: string };
  cases: Case[];
  /** The command that runs this one again. */
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
  /** `incomplete` until the run has ended: a crash leaves a valid, incomplete report. */
  status: 'complete' | 'incomplete';
  startedAt: string;
  durationMs: number;
  target: { kind: 'mock' | 'url' | 'image' | 'package'; name: string; url: string; version?: string; package?: string };
  /** The version profile of the contract the target was held against. */
  profile: string;
  selection: { only: string[]; level: Level; readOnly: boolean; allowDisruptive: boolean };
  verdict: 'conformant' | 'not-conformant' | 'not-measured';
  exitCode: 0 | 1 | 2;
  /** Why the run could not be measured, or what else people must know. */
  notes: string[];
  requirements: RequirementResult[];
  matrix: MatrixCell[];
  /** Operations of the profile, so that the matrix shows what was never asked. */
  operations: { operationId: string; method: string; path: string; tag: string }[];
  /** Properties that the contract does not know, by operation: allowed, and reported apart. */
  extras: { operationId: string; pointer: string }[];
  /** What the suite made and could not remove. */
  leftovers: string[];
}
