import { inject } from 'vitest';
import { loadSpec, type Spec } from '../../spec/index.ts';

/** A user who sends requests: created by the run, or the owner of the given credential. */
export interface Person {
  id: string;
  /** Their name in reports: `alice`, `bob`, `admin`. */
  label: string;
  username: string;
  password?: string;
  token?: string;
  apiKey?: string;
  superuser: boolean;
  /** Created by this run, and removed at its end. */
  ours: boolean;
}

/** What the runner passes to each worker: plain data, since it crosses threads. */
export interface RunContext {
  runId: string;
  url: string;
  profile: string;
  /** The release that the deployment reports. */
  release: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  admin: Person;
  /** One pair for each worker, so that account-wide requests of one worker can't disturb the other. */
  people: { alice: Person; bob: Person | null }[];
  /** Why there is no second user, if there is none. */
  noSecondUser?: string;
  /** The ids to run. */
  selected: string[];
  readOnly: boolean;
  allowDisruptive: boolean;
  /** Optional capabilities of the deployment: true, or why it lacks it. */
  capabilities: Record<string, true | string>;
  /** The web UI's index page, if the deployment returns it instead of every 404. */
  uiPage?: string;
  /** The key that the deployment signs tokens with, if known. */
  signingKey?: string;
  /** A key of OpenAI that the deployment may use (FLOWPACT_OPENAI_API_KEY). */
  openAiKey?: string;
  /** A folder that the workers share: the journal of created things, the catalogue. */
  shared: string;
  requestTimeoutMs: number;
  testTimeoutMs: number;
  /** Keep whole bodies, however long. */
  wholeBodies?: boolean;
  /** Faults to run the tests under (mutation runs only). */
  faults?: Fault[];
}

/** A fault that a proxy applies to requests with its id, and the requirements that must fail. */
export interface Fault {
  id: string;
  requirements: string[];
  /** Of a generic requirement, only the case of this operation runs. */
  operationId?: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    flowpact: RunContext;
  }
}

export const context: RunContext = inject('flowpact');
if (!context)
  throw new Error(
    'The suites run under `flowpact certify`: use `node cli/index.ts certify --only <area>`, not vitest itself.',
  );

/** The contract that the deployment is judged by. */
export const spec: Spec = await loadSpec(context.profile);

const worker = (Number(process.env['VITEST_POOL_ID'] ?? 1) - 1) % context.people.length;

/** The private users of this worker. */
export const people = context.people[worker] as { alice: Person; bob: Person | null };
export const workerNumber = worker + 1;
