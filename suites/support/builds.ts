import { expect } from 'vitest';
import { buildFlow } from '../../fixtures/build-flow.ts';
import apart from '../../fixtures/flows/apart.json' with { type: 'json' };
import router from '../../fixtures/flows/router.json' with { type: 'json' };
import type { BodyOf, QueryOf, Schema } from '../../spec/operations.ts';
import { call, type Malformed } from './call.ts';
import type { As } from './credentials.ts';
import { catalogue, type Given, given } from './given.ts';
import { flows, jsonOf } from './runs.ts';
import { type Streamed, stream } from './stream.ts';
import { NoAnswer } from './verdict.ts';

/** Builds of flows, and what they tell. */

export interface BuildEvent {
  event: Schema<'BuildEvent'>['event'];
  /** The members of all events: which are there, the event says. */
  data: Message & { ids: string[]; to_run: string[]; chunk: string; id: string; build_data: Vertex };
}

type Message = Schema<'RunMessageData'>;
type Vertex = Schema<'BuiltVertex'>;

/** What a build leaves for the monitor is written after it was answered. */
export const WAITING = { timeout: 10_000 };

interface Flow {
  id: string;
}

const descriptions = { ...flows, apart, router };

/** Makes a flow to be built. */
export const givenBuildable = (name: keyof typeof descriptions, fields: Given<'createFlow'> = {}) => given.runnableFlow(descriptions[name], fields);

/** The graph of a flow, as the editor sends what it has not saved. */
export const graphOf = async (name: keyof typeof descriptions) => buildFlow(descriptions[name], await catalogue()).data;

export const eventsIn = (text: string): BuildEvent[] =>
  text
    .split(/\n\n+/)
    .filter((frame) => frame.trim() !== '')
    .map((frame) => jsonOf<BuildEvent>(frame));

type Query = QueryOf<'buildFlow'>;
export type BuildBody = BodyOf<'buildFlow'> | Malformed;

/** Builds a flow with the events as the answer. Nothing is left for the monitor unless asked: it would come after the answer. */
export async function directBuild(flow: Flow, body?: BuildBody, query: Query = {}, as?: As): Promise<Streamed> {
  const all: Query = { event_delivery: 'direct', log_builds: false, ...query };
  const answer = await stream('buildFlow', { path: { flow_id: flow.id }, query: all, body, as });
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);
  expect(answer.ended).toBe(true);
  return answer;
}

/** The events of a build that has them as the answer. */
export const build = async (...of: Parameters<typeof directBuild>): Promise<BuildEvent[]> => eventsIn((await directBuild(...of)).text);

/** Starts a build; the id of its job. */
export async function startBuild(flow: Flow, body: BuildBody = {}): Promise<string> {
  const { body: answer } = await call('buildFlow', { path: { flow_id: flow.id }, body }).expectStatus(200);
  return answer.job_id;
}

/**
 * Builds the flow `wordByWord`, until its model is in the middle of its words; the id of the job. It is the moment to cancel a build:
 * while it writes, 7 of 59 left the SQLite of a real server locked for good (1.7.3: the rollback is cancelled too).
 */
export async function talkingBuild(flow: Flow): Promise<string> {
  const job_id = await startBuild(flow, { inputs: { input_value: 'word '.repeat(100) } });
  await expect.poll(async () => names(await poll(job_id)), WAITING).toContain('token');
  return job_id;
}

/** The events of a job, streamed to their end. */
export async function streamed(job_id: string): Promise<BuildEvent[]> {
  const answer = await stream('readBuildEvents', { path: { job_id } });
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);
  expect(answer.ended).toBe(true);
  return eventsIn(answer.text);
}

/** What one poll answers. */
export async function poll(job_id: string, as?: As): Promise<BuildEvent[]> {
  return eventsIn((await call('readBuildEvents', { path: { job_id }, query: { event_delivery: 'polling' }, as }).expectStatus(200)).text);
}

/** What polls answer until the end. */
export async function polled(job_id: string): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  while (events.at(-1)?.event !== 'end') events.push(...(await poll(job_id)));
  return events;
}

/** What a job still tells, to its end or until it is silent: a server waits then, and does not answer. */
export async function eventsLeft(job_id: string): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  for (let more = await pollAWhile(job_id); more.length > 0; more = await pollAWhile(job_id)) {
    events.push(...more);
    if (names(more).includes('end')) break;
  }
  return events;
}

async function pollAWhile(job_id: string): Promise<BuildEvent[]> {
  const options = { path: { job_id }, query: { event_delivery: 'polling' }, timeoutMs: 700 } as const;
  const answer = await stream('readBuildEvents', options).catch((error: unknown) => {
    if (error instanceof NoAnswer) return undefined;
    throw error;
  });
  return answer ? eventsIn(answer.text) : [];
}

export const names = (events: BuildEvent[]): string[] => events.map(({ event }) => event);

/** What the vertices came to, in the order of their end. */
export const built = (events: BuildEvent[]): Vertex[] => events.filter(({ event }) => event === 'end_vertex').map(({ data }) => data.build_data);

export const builtIds = (events: BuildEvent[]): string[] => built(events).map(({ id }) => id);

/** The messages that were told. */
export const told = (events: BuildEvent[]): Message[] => events.filter(({ event }) => event === 'add_message').map(({ data }) => data);

/** Everything but what is new in each build: ids of messages, times, and the order of what has none. */
export const lasting = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, member) => {
      if (['timestamp', 'timedelta', 'duration', 'session_id'].includes(key)) return 'any';
      if (key === 'id' && /^[0-9a-f-]{36}$/.test(String(member))) return 'any';
      return key === 'to_run' ? member.toSorted() : member;
    }),
  );
