import {
  buildDirectly,
  eventsIn,
  givenBuildable,
  names,
  poll,
  pollToEnd,
  remainingEvents,
  startBuild,
  startLongBuild,
  streamEvents,
  withoutVariableParts,
} from './support/builds.ts';
import { messages } from './support/conversation.ts';
import { call, expect, given, malformed, requirement, stream, uniqueName } from './support/index.ts';

const hello = { inputs: { input_value: 'line one\n\nline two' } };
const ECHO = ['vertices_sorted', 'add_message', 'end_vertex', 'add_message', 'end_vertex', 'end'];
const cancel = (job_id: string, as?: 'bob') => call('cancelBuild', { path: { job_id }, ...(as && { as }) });

requirement('BUILD-019', async () => {
  const flow = await given.flow({ data: undefined });
  const events = await poll(await startBuild(flow));
  expect(events).toMatchObject([{ event: 'error', data: { category: 'error', flow_id: flow.id, session_id: null } }]);
  expect(events[0]?.data).not.toHaveProperty('id');
  expect(events[0]?.data.text).not.toBe('');
  expect(await messages({ flow_id: flow.id })).toEqual([]);
});

requirement('BUILD-029', async () => {
  const flow = await givenBuildable('echo');
  const query = malformed({ event_delivery: 'by post' });
  const started = await call('buildFlow', { path: { flow_id: flow.id }, query, body: {}, valid: false }).expectStatus(
    422,
  );
  const read = await call('readBuildEvents', {
    path: { job_id: await startBuild(flow) },
    query,
    valid: false,
  }).expectStatus(422);
  for (const { body } of [started, read])
    expect(body.detail).toMatchObject([{ type: 'enum', loc: ['query', 'event_delivery'] }]);
});

requirement('BUILD-040', async () => {
  const flow = await givenBuildable('echo');
  const job_id = await startBuild(flow, hello);
  for (const response of [await buildDirectly(flow, hello), await stream('readBuildEvents', { path: { job_id } })]) {
    expect(response.headers['content-type']).toMatch(/^application\/x-ndjson(;|$)/);
    // A frame is one line, whatever its text.
    expect(response.text.trimEnd().concat('\n\n')).toMatch(/^(\{[^\n]*\}\n\n)+$/);
    expect(names(eventsIn(response.text))).toEqual(ECHO);
  }
});

requirement('BUILD-041', async () => {
  const flow = await givenBuildable('prompt');
  const all = await pollToEnd(await startBuild(flow, hello));
  expect(names(all)).toHaveLength(7);
  expect(withoutVariableParts(all)).toEqual(withoutVariableParts(await streamEvents(await startBuild(flow, hello))));
});

requirement('BUILD-042', async () => {
  const job = await startBuild(await givenBuildable('echo'), hello);
  expect(names(await pollToEnd(job))).toEqual(ECHO);
  expect(names(await remainingEvents(job)).filter((name) => name !== 'end')).toEqual([]);
});

const NO_JOB = '00000000-0000-4000-8000-000000000000';

requirement('BUILD-043', { readOnly: true }, async () => {
  for (const event_delivery of ['streaming', 'polling', 'direct'] as const) {
    const { body } = await call('readBuildEvents', {
      path: { job_id: NO_JOB },
      query: { event_delivery },
    }).expectStatus(404);
    expect(body.detail).toContain(NO_JOB);
  }
});

requirement('BUILD-044', async () => {
  const job = await startBuild(await givenBuildable('echo'), hello);
  expect(names(await poll(job, 'bob'))[0]).toBe('vertices_sorted');
  await pollToEnd(job);
});

requirement('BUILD-045', async () => {
  const [flow, session] = [await givenBuildable('echo'), uniqueName('session')];
  const job = await startBuild(flow, { inputs: { input_value: 'hello', session } });
  await expect.poll(() => messages({ session_id: session }), { timeout: 10_000 }).toHaveLength(2);
  expect(names(await streamEvents(job))).toEqual(ECHO);
});

requirement('BUILD-050', async () => {
  const job = await startLongBuild(await givenBuildable('wordByWord'));
  const { body } = await cancel(job).expectStatus(200);
  expect(body.success).toBe(true);
  const events = await remainingEvents(job);
  expect(names(events)).not.toContain('end');
});

requirement('BUILD-051', async () => {
  const job = await startBuild(await givenBuildable('echo'), hello);
  await pollToEnd(job);
  for (const _ of ['once', 'again']) expect((await cancel(job).expectStatus(200)).body.success).toBe(true);
  // The job still exists.
  expect((await call('cancelBuild', { path: { job_id: NO_JOB } })).status).toBe(404);
});

requirement('BUILD-052', { readOnly: true }, async () => {
  const { body } = await cancel(NO_JOB).expectStatus(404);
  expect(body.detail).toContain(NO_JOB);
});

requirement('BUILD-053', async () => {
  const job = await startLongBuild(await givenBuildable('wordByWord'));
  expect((await cancel(job, 'bob').expectStatus(200)).body.success).toBe(true);
  expect(names(await remainingEvents(job))).not.toContain('end');
});
