import { expect } from 'vitest';
import { buildFlow } from '../../fixtures/build-flow.ts';
import apart from '../../fixtures/flows/apart.json' with { type: 'json' };
import router from '../../fixtures/flows/router.json' with { type: 'json' };
import type { BodyOf, QueryOf, Schema } from '../../spec/operations.ts';
import { call, type Malformed } from './call.ts';
import type { As } from './credentials.ts';
import { catalogue, type Given, given } from './given.ts';
import { flows, jsonOf } from './runs.ts';
import { type StreamResponse, stream } from './stream.ts';
import { NoResponse } from './verdict.ts';

/** Builds of flows and their events. */

export interface BuildEvent {
  event: Schema<'BuildEvent'>['event'];
  /** The fields of all events; which ones are present depends on the event. */
  data: Message & { ids: string[]; to_run: string[]; chunk: string; id: string; build_data: Vertex };
}

type Message = Schema<'RunMessageData'>;
type Vertex = Schema<'BuiltVertex'>;

/** A build writes its monitor entries after its response. */
export const WAITING = { timeout: 10_000 };

interface Flow {
  id: string;
}

const descriptions = { ...flows, apart, router };

/** Creates a flow to build. */
export const givenBuildable = (name: keyof typeof descriptions, fields: Given<'createFlow'> = {}) =>
  given.runnableFlow(descriptions[name], fields);

/** The graph of a flow, in the form in which the editor sends unsaved changes. */
export const graphOf = async (name: keyof typeof descriptions) => buildFlow(descriptions[name], await catalogue()).data;

export const eventsIn = (text: string): BuildEvent[] =>
  text
    .split(/\n\n+/)
    .filter((frame) => frame.trim() !== '')
    .map((frame) => jsonOf<BuildEvent>(frame));

type Query = QueryOf<'buildFlow'>;
export type BuildBody = BodyOf<'buildFlow'> | Malformed;

/** Builds a flow with the events in the response. Writes no monitor entries by default: they would come after it. */
export async function buildDirectly(flow: Flow, body?: BuildBody, query: Query = {}, as?: As): Promise<StreamResponse> {
  const all: Query = { event_delivery: 'direct', log_builds: false, ...query };
  const response = await stream('buildFlow', { path: { flow_id: flow.id }, query: all, body, as });
  expect(response.status, response.text.slice(0, 300)).toBe(200);
  expect(response.ended).toBe(true);
  return response;
}

/** The events of a build that returns them in its response. */
export const build = async (...of: Parameters<typeof buildDirectly>): Promise<BuildEvent[]> =>
  eventsIn((await buildDirectly(...of)).text);

/** Starts a build. @returns the id of its job */
export async function startBuild(flow: Flow, body: BuildBody = {}): Promise<string> {
  const { body: response } = await call('buildFlow', { path: { flow_id: flow.id }, body }).expectStatus(200);
  return response.job_id;
}

/**
 * Starts a build of the flow `wordByWord` and waits until its model has sent its first tokens, which is a safe moment
 * to
 * cancel it: while 1.7.3 writes, 7 of 59 cancellations locked its SQLite for good (the rollback is cancelled too).
 *
 * @returns the id of the job
 */
export async function startLongBuild(flow: Flow): Promise<string> {
  const job_id = await startBuild(flow, { inputs: { input_value: 'word '.repeat(100) } });
  await expect.poll(async () => names(await poll(job_id)), WAITING).toContain('token');
  return job_id;
}

/** The events of a job, read from its stream to the end. */
export async function streamEvents(job_id: string): Promise<BuildEvent[]> {
  const response = await stream('readBuildEvents', { path: { job_id } });
  expect(response.status, response.text.slice(0, 300)).toBe(200);
  expect(response.ended).toBe(true);
  return eventsIn(response.text);
}

/** The events that one poll returns. */
export async function poll(job_id: string, as?: As): Promise<BuildEvent[]> {
  return eventsIn(
    (await call('readBuildEvents', { path: { job_id }, query: { event_delivery: 'polling' }, as }).expectStatus(200))
      .text,
  );
}

/** The events of all polls until the end of the job. */
export async function pollToEnd(job_id: string): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  while (events.at(-1)?.event !== 'end') events.push(...(await poll(job_id)));
  return events;
}

/** The events that a job still sends, to its end or until a poll gets no response in time. */
export async function remainingEvents(job_id: string): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  for (let more = await pollBriefly(job_id); more.length > 0; more = await pollBriefly(job_id)) {
    events.push(...more);
    if (names(more).includes('end')) break;
  }
  return events;
}

async function pollBriefly(job_id: string): Promise<BuildEvent[]> {
  const options = { path: { job_id }, query: { event_delivery: 'polling' }, timeoutMs: 700 } as const;
  const response = await stream('readBuildEvents', options).catch((error: unknown) => {
    if (error instanceof NoResponse) return undefined;
    throw error;
  });
  return response ? eventsIn(response.text) : [];
}

export const names = (events: BuildEvent[]): string[] => events.map(({ event }) => event);

/** The built vertices, in the order in which they ended. */
export const builtVertices = (events: BuildEvent[]): Vertex[] =>
  events.filter(({ event }) => event === 'end_vertex').map(({ data }) => data.build_data);

export const builtIds = (events: BuildEvent[]): string[] => builtVertices(events).map(({ id }) => id);

/** The messages in the events. */
export const messagesIn = (events: BuildEvent[]): Message[] =>
  events.filter(({ event }) => event === 'add_message').map(({ data }) => data);

/** Replaces what differs in each build: message ids, times, session ids, and the order of `to_run`. */
export const withoutVariableParts = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, member) => {
      if (['timestamp', 'timedelta', 'duration', 'session_id'].includes(key)) return 'any';
      if (key === 'id' && /^[0-9a-f-]{36}$/.test(String(member))) return 'any';
      return key === 'to_run' ? member.toSorted() : member;
    }),
  );
