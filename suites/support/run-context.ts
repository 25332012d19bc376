import { inject } from 'vitest';
import { loadSpec, type Spec } from '../../spec/index.ts';

/** Someone who asks: made by the run, or the target's own credential. */
export interface Person {
  id: string;
  /** What reports call them: `alice`, `bob`, `admin`. */
  label: string;
  username: string;
  password?: string;
  token?: string;
  apiKey?: string;
  superuser: boolean;
  /** Made by this run, and removed at its end. */
  ours: boolean;
}

/** What the runner hands to each worker. Plain data: it crosses threads. */
export interface RunContext {
  runId: string;
  url: string;
  profile: string;
  /** The release that the target says it is. */
  release: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  admin: Person;
  /** One pair for each worker, so that account-wide requests of one can't disturb the other. */
  people: { alice: Person; bob: Person | null }[];
  /** Why there is no second user, where there is none. */
  noSecondUser?: string;
  /** The ids to run. */
  selected: string[];
  readOnly: boolean;
  allowDisruptive: boolean;
  /** What the deployment can do: true, or the sentence that says why not. */
  capabilities: Record<string, true | string>;
  /** The web UI's index page, where the deployment answers it in place of every 404. */
  uiPage?: string;
  /** What the deployment signs its tokens with, where the run was told. */
  signingKey?: string;
  /** A key of OpenAI that the deployment may use (FLOWPACT_OPENAI_API_KEY). */
  openAiKey?: string;
  /** A folder for what workers share: the journal of things made, the catalogue. */
  shared: string;
  requestTimeoutMs: number;
  testTimeoutMs: number;
  /** Bodies are kept whole, however long. */
  wholeBodies?: boolean;
  /** Faults to run the tests under (mutation runs only). */
  faults?: Fault[];
}

/** A fault that a proxy before the target applies to requests that carry its id, and the requirements that must turn red. */
export interface Fault {
  id: string;
  requirements: string[];
  /** Of a generic requirement only the case of this operation is run. */
  operationId?: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    flowpact: RunContext;
  }
}

export const context: RunContext = inject('flowpact');
if (!context) throw new Error('The suites run under `flowpact certify`: use `node cli/index.ts certify --only <area>`, not vitest itself.');

/** The contract that the target is held against. */
export const spec: Spec = await loadSpec(context.profile);

const worker = (Number(process.env['VITEST_POOL_ID'] ?? 1) - 1) % context.people.length;

/** The private users of this worker. */
export const people = context.people[worker] as { alice: Person; bob: Person | null };
export const workerNumber = worker + 1;
