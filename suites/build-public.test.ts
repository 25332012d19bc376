import { createHash } from 'node:crypto';
import type { BodyOf, QueryOf } from '../spec/operations.ts';
import {
  builtIds,
  builtVertices,
  eventsIn,
  givenBuildable,
  graphOf,
  messagesIn,
  names,
  poll,
  WAITING,
} from './support/builds.ts';
import type { Malformed } from './support/call.ts';
import { builds, messages } from './support/conversation.ts';
import { first as earliest } from './support/flow-lists.ts';
import { call, expect, given, makeCredential, removeLater, requirement, stream, uniqueName } from './support/index.ts';
import { NO_FLOW } from './support/runs.ts';

interface Flow {
  id: string;
}

const publicFlow = (name: Parameters<typeof givenBuildable>[0] = 'echo'): Promise<Flow> =>
  givenBuildable(name, { access_type: 'PUBLIC' });

/**
 * The id under which a client's messages with a public flow are stored: a UUID of version 5 (RFC 9562, 5.5), in the
 * namespace of domain names.
 */
function keptUnder(client: string, flow: Flow): string {
  const hash = createHash('sha1')
    .update(Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex'))
    .update(`${client}_${flow.id}`)
    .digest('hex');
  const variant = ((Number.parseInt(hash.charAt(16), 16) & 3) | 8).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `5${hash.slice(13, 16)}`,
    variant + hash.slice(17, 20),
    hash.slice(20, 32),
  ].join('-');
}

interface Play {
  client?: string;
  query?: QueryOf<'buildPublicFlow'>;
  as?: Parameters<typeof removeLater>[2];
}

/** Builds a public flow without a credential; the messages have no owner, and are removed by their session and id. */
async function play(
  flow: Flow,
  body: NonNullable<BodyOf<'buildPublicFlow'>>,
  { client = uniqueName('client').replaceAll(' ', '-'), query, as = null }: Play = {},
) {
  const session = uniqueName('session');
  await removeLater('messages', `/api/v1/monitor/messages/session/${encodeURIComponent(session)}`);
  await removeLater('builds', `/api/v1/monitor/builds?flow_id=${keptUnder(client, flow)}`);
  const response = await stream('buildPublicFlow', {
    path: { flow_id: flow.id },
    query: { event_delivery: 'direct', log_builds: false, ...query },
    body: { ...body, inputs: { input_value: 'hello', session } },
    headers: { cookie: `client_id=${client}` },
    as,
  });
  expect(response.status, response.text.slice(0, 300)).toBe(200);
  return { client, session, events: eventsIn(response.text) };
}

const requestFor = (
  flow_id: string,
  body: BodyOf<'buildPublicFlow'> | Malformed = {},
  cookie = 'client_id=somebody',
) => ({
  path: { flow_id },
  body,
  headers: { cookie },
  as: null,
});

requirement('BUILD-060', async () => {
  const variable = await given.variable({ value: "the owner's" });
  const data = await graphOf('textToChat');
  Object.assign(data.nodes[0]?.data.node.template['input_value'] as object, {
    load_from_db: true,
    value: variable.name,
  });
  const { events, session } = await play(await publicFlow(), { data });
  expect(names(events)).toEqual(['vertices_sorted', 'end_vertex', 'add_message', 'end_vertex', 'end']);
  expect(messagesIn(events)).toMatchObject([{ text: "the owner's", session_id: session }]);
});

requirement('BUILD-061', async () => {
  const flow = await publicFlow();
  for (const cookie of ['another=1', 'client_id='])
    await call('buildPublicFlow', requestFor(flow.id, {}, cookie)).expectStatus(400);
  await call('buildPublicFlow', { path: { flow_id: flow.id }, body: {}, as: null }).expectStatus(400);
  await play(flow, { data: await graphOf('echo') });
});

requirement('BUILD-062', async () => {
  const flow = await givenBuildable('echo');
  const body = { data: await graphOf('echo') };
  for (const id of [flow.id, NO_FLOW]) await call('buildPublicFlow', requestFor(id, body)).expectStatus(403);
  expect(await messages({ flow_id: flow.id })).toEqual([]);
  await call('updateFlow', { path: { flow_id: flow.id }, body: { access_type: 'PUBLIC' } }).expectStatus(200);
  await play(flow, body);
});

requirement('BUILD-063', async () => {
  const flow = await publicFlow();
  const data = await graphOf('echo');
  const first = await play(flow, { data });
  const second = await play(flow, { data });
  for (const { client, events } of [first, second, await play(flow, { data }, first)]) {
    expect(messagesIn(events).map(({ flow_id }) => flow_id)).toEqual(Array(2).fill(keptUnder(client, flow)));
  }
  const kept = earliest(messagesIn(first.events));
  const { body } = await call('updateMessage', {
    path: { message_id: kept.id ?? '' },
    body: { text: 'changed' },
  }).expectStatus(200);
  expect(body).toMatchObject({ flow_id: keptUnder(first.client, flow), session_id: first.session });
  expect(await messages({ flow_id: flow.id })).toEqual([]);
});

requirement('BUILD-064', async () => {
  const { body } = await call('buildPublicFlow', requestFor((await publicFlow()).id)).expectStatus(200);
  const events = await poll(body.job_id);
  expect(events).toMatchObject([{ event: 'error', data: { session_id: null } }]);
  expect(events[0]?.data).not.toHaveProperty('id');
});

requirement('BUILD-065', async () => {
  const { body } = await call('buildPublicFlow', requestFor((await publicFlow()).id)).expectStatus(200);
  const options = { path: { job_id: body.job_id }, query: { event_delivery: 'polling' } } as const;
  await call('readBuildEvents', { ...options, as: null }).expectStatus(403);
  await call('readBuildEvents', options).expectStatus(200);
});

requirement('BUILD-066', async () => {
  const flow = await publicFlow();
  const data = await graphOf('echo');
  for (const as of [
    makeCredential('bearer', 'not-a-token', 'bad bearer'),
    makeCredential('header', 'sk-not-a-key', 'bad key'),
  ]) {
    expect(messagesIn((await play(flow, { data }, { as })).events)).toHaveLength(2);
  }
});

requirement('BUILD-067', async () => {
  const flow = await publicFlow();
  const [apart, echo] = [await graphOf('apart'), await graphOf('echo')];
  const stopped = await play(flow, { data: apart }, { query: { stop_component_id: 'ChatInput-apar1' } });
  expect(builtIds(stopped.events)).toEqual(['ChatInput-apar1']);
  const started = await play(flow, { data: apart }, { query: { start_component_id: 'TextInput-apar3' } });
  expect(builtIds(started.events)).toEqual(['TextInput-apar3', 'TextOutput-apar4']);
  const unkept = await play(flow, { data: echo, files: ['one.png'] }, { query: { log_builds: false } });
  expect(builtVertices(unkept.events)[0]?.data.artifacts).toMatchObject({
    message: 'hello',
    files: [{ path: 'one.png' }],
  });
  const kept = await play(flow, { data: echo }, { query: { log_builds: true } });
  const left = ({ client }: { client: string }) => builds({ id: keptUnder(client, flow) });
  await expect.poll(async () => Object.keys(await left(kept)), WAITING).toHaveLength(2);
  expect(await left(unkept)).toEqual({});
});
