import type { Schema } from '../spec/operations.ts';
import {
  build,
  builtIds,
  builtVertices,
  givenBuildable,
  graphOf,
  messagesIn,
  names,
  startBuild,
  streamEvents,
  WAITING,
  withoutVariableParts,
} from './support/builds.ts';
import { builds, messages } from './support/conversation.ts';
import { call, expect, given, requirement, uniqueName } from './support/index.ts';
import { NO_FLOW, run } from './support/runs.ts';

const hello = { inputs: { input_value: 'hello' } };
const PROMPT = ['ChatInput-prom1', 'Prompt-prom2', 'ChatOutput-prom3'];

requirement('BUILD-001', async () => {
  const job = await startBuild(await givenBuildable('prompt'), hello);
  const events = await streamEvents(job);
  expect(builtVertices(events).at(-1)).toMatchObject({
    id: 'ChatOutput-prom3',
    data: { results: { message: { text: 'You said: hello' } } },
  });
});

requirement('BUILD-002', async () => {
  const flow = await givenBuildable('prompt');
  const direct = await build(flow, hello);
  expect(direct.at(-1)).toEqual({ event: 'end', data: {} });
  expect(withoutVariableParts(direct)).toEqual(withoutVariableParts(await streamEvents(await startBuild(flow, hello))));
});

requirement('BUILD-003', async () => {
  const events = await streamEvents(await startBuild(await givenBuildable('prompt'), hello));
  expect(events[0]).toMatchObject({ event: 'vertices_sorted', data: { ids: ['ChatInput-prom1'] } });
  expect(events[0]?.data.to_run.toSorted()).toEqual(PROMPT.toSorted());
  expect(builtIds(events)).toEqual(PROMPT);
  expect(names(events).filter((name) => name === 'end')).toHaveLength(1);
  expect(events.at(-1)).toEqual({ event: 'end', data: {} });
});

requirement('BUILD-004', async () => {
  const [input, prompt, output] = builtVertices(await build(await givenBuildable('prompt'), hello));
  const artifact = { prompt: { repr: 'You said: hello', raw: 'You said: hello', type: 'text' } };
  expect(input).toMatchObject({
    valid: true,
    next_vertices_ids: ['Prompt-prom2'],
    top_level_vertices: ['Prompt-prom2'],
    inactivated_vertices: [],
  });
  expect(prompt).toMatchObject({
    valid: true,
    next_vertices_ids: ['ChatOutput-prom3'],
    top_level_vertices: ['ChatOutput-prom3'],
    inactivated_vertices: [],
  });
  expect(prompt?.data).toMatchObject({
    results: {},
    outputs: { prompt: { message: 'You said: hello', type: 'text' } },
    artifacts: artifact,
    message: artifact,
  });
  expect(prompt?.data.timedelta).toBeGreaterThanOrEqual(0);
  expect(prompt?.data.timedelta).toBeLessThan(60);
  expect(output).toMatchObject({ valid: true, next_vertices_ids: [], top_level_vertices: [] });
  expect(output?.params).toContain('You said: hello');
  expect(output?.data.artifacts).toEqual({
    message: 'You said: hello',
    sender: 'Machine',
    sender_name: 'AI',
    files: [],
    type: 'object',
  });
});

requirement('BUILD-005', async () => {
  const flow = await givenBuildable('echo');
  const events = await build(flow, hello);
  expect(names(events)).toEqual(['vertices_sorted', 'add_message', 'end_vertex', 'add_message', 'end_vertex', 'end']);
  expect(messagesIn(events)).toMatchObject([
    { sender: 'User', text: 'hello' },
    { sender: 'Machine', text: 'hello' },
  ]);
  expect(builtVertices(events).map(({ data }) => data.results.message?.data.id)).toEqual(
    messagesIn(events).map(({ id }) => id),
  );
  expect((await messages({ flow_id: flow.id })).map(({ id }) => id)).toEqual(messagesIn(events).map(({ id }) => id));
});

requirement('BUILD-006', async () => {
  const [flow, session] = [await givenBuildable('echo'), uniqueName('session')];
  await build(flow, { inputs: { input_value: 'first', session } });
  await build(flow, { inputs: { input_value: 'second' } });
  await build(flow, {});
  expect((await messages({ flow_id: flow.id })).map(({ session_id, text }) => [session_id, text])).toEqual([
    ...['first', 'first'].map((text) => [session, text]),
    ...['second', 'second', '', ''].map((text) => [flow.id, text]),
  ]);
});

requirement('BUILD-007', async () => {
  const flow = await givenBuildable('prompt');
  const events = await build(flow, hello, { log_builds: true });
  await expect.poll(async () => Object.keys(await builds(flow)).toSorted(), WAITING).toEqual(PROMPT.toSorted());
  const left = await builds(flow);
  for (const { id, valid, params, data } of builtVertices(events))
    expect(left[id]).toMatchObject([{ id, flow_id: flow.id, valid, params, data, artifacts: data.artifacts }]);
});

/**
 * Waits until a later build of the first vertex has written its entries: then those of the earlier build are written
 * too.
 */
async function leftAfterFirst(flow: { id: string }) {
  await build(flow, hello, { log_builds: true, stop_component_id: 'ChatInput-echo1' });
  await expect.poll(async () => Object.keys(await builds(flow)), WAITING).not.toEqual([]);
  return Object.keys(await builds(flow));
}

requirement('BUILD-008', async () => {
  const flow = await givenBuildable('echo');
  await build(flow, hello, { log_builds: false });
  expect(await leftAfterFirst(flow)).toEqual(['ChatInput-echo1']);
});

requirement('BUILD-009', async () => {
  const flow = await givenBuildable('echo');
  await streamEvents(await startBuild(flow, hello));
  expect(await leftAfterFirst(flow)).toEqual(['ChatInput-echo1']);
});

requirement('BUILD-010', async () => {
  const flow = await givenBuildable('prompt');
  const [ran, wasBuilt] = [uniqueName('session'), uniqueName('session')];
  await run(flow, { input_value: 'hello', session_id: ran });
  await build(flow, { inputs: { input_value: 'hello', session: wasBuilt } });
  const left = await messages({ session_id: ran });
  expect(left).toHaveLength(2);
  expect(withoutVariableParts(await messages({ session_id: wasBuilt }))).toEqual(withoutVariableParts(left));
});

requirement('BUILD-011', async () => {
  const flow = await givenBuildable('echo');
  const events = await build(flow, { ...hello, data: await graphOf('textToChat') });
  expect(builtIds(events)).toEqual(['TextInput-ttc01', 'ChatOutput-ttc02']);
  expect(messagesIn(events)).toMatchObject([{ text: 'a text of the flow', flow_id: flow.id }]);
  const { body: saved } = await call('readFlow', { path: { flow_id: flow.id } }).expectStatus(200);
  expect(saved.data).toEqual(flow.data);
});

requirement('BUILD-012', async () => {
  const flow = await givenBuildable('echo');
  const events = await build(flow, { ...hello, files: ['some/where/one.png', 'two.txt'] });
  expect(builtVertices(events)[0]?.data.artifacts['files']).toEqual([
    { path: 'some/where/one.png', name: 'one.png', type: 'png' },
    { path: 'two.txt', name: 'two.txt', type: 'txt' },
  ]);
  expect((await messages({ flow_id: flow.id })).map(({ files }) => JSON.parse(String(files)))).toEqual([
    ['some/where/one.png', 'two.txt'],
    [],
  ]);
});

requirement('BUILD-013', async () => {
  const events = await build(await givenBuildable('prompt'), hello, { stop_component_id: 'Prompt-prom2' });
  expect(events[0]?.data.to_run.toSorted()).toEqual(['ChatInput-prom1', 'Prompt-prom2']);
  expect(builtIds(events)).toEqual(['ChatInput-prom1', 'Prompt-prom2']);
});

requirement('BUILD-014', async () => {
  const flow = await givenBuildable('apart');
  const apart = ['TextInput-apar3', 'TextOutput-apar4'];
  for (const start_component_id of apart) {
    const events = await build(flow, hello, { start_component_id });
    expect(events[0]?.data.to_run.toSorted()).toEqual(apart);
    expect(builtIds(events)).toEqual(apart);
  }
});

requirement('BUILD-015', async () => {
  const flow = await givenBuildable('echo');
  for (const name of ['stop_component_id', 'start_component_id']) {
    expect(await build(flow, hello, { [name]: 'Nothing-none1' })).toEqual([
      { event: 'vertices_sorted', data: { ids: [], to_run: [] } },
      { event: 'end', data: {} },
    ]);
  }
});

requirement('BUILD-016', async () => {
  const inputs: Schema<'BuildInput'> = {
    input_value: 'given',
    type: 'text',
    components: ['TextInput-text1', 'TextInput-apar3'],
  };
  expect(messagesIn(await build(await givenBuildable('echo'), { inputs }))).toMatchObject([
    { text: 'given' },
    { text: 'given' },
  ]);
  expect(
    builtVertices(await build(await givenBuildable('text'), { inputs })).at(-1)?.data.outputs['text']?.message,
  ).toBe('a text of the flow');
});

requirement('BUILD-017', async () => {
  const [flow, session] = [await givenBuildable('broken'), uniqueName('session')];
  const events = await build(flow, { inputs: { input_value: 'hello', session } });
  expect(names(events)).toEqual(['vertices_sorted', 'add_message', 'end_vertex', 'error', 'end_vertex', 'end']);
  const [, failed] = builtVertices(events);
  expect(failed).toMatchObject({
    id: 'Prompt-bpr02',
    valid: false,
    next_vertices_ids: [],
    data: { results: {}, artifacts: {}, message: {} },
  });
  expect(failed?.params).toMatch(/Prompt( Template)?: \s*'missing'/);
  expect(failed?.data.outputs['prompt']).toMatchObject({ type: 'error', message: { errorMessage: failed?.params } });
  const error = events[3]?.data;
  expect(error).toMatchObject({
    category: 'error',
    session_id: session,
    flow_id: flow.id,
    properties: { source: { id: 'Prompt-bpr02' } },
  });
  expect((await messages({ session_id: session })).at(-1)).toMatchObject({
    id: error?.id,
    text: error?.text,
    category: 'error',
  });
});

requirement('BUILD-018', async () => {
  const flow = await givenBuildable('broken');
  const events = await build(flow, hello, { log_builds: true });
  await expect
    .poll(async () => Object.keys(await builds(flow)).toSorted(), WAITING)
    .toEqual(['ChatInput-bpr01', 'Prompt-bpr02']);
  const left = await builds(flow);
  expect(left['ChatInput-bpr01']).toMatchObject([{ valid: true }]);
  expect(left['Prompt-bpr02']).toMatchObject([{ valid: false, params: builtVertices(events)[1]?.params }]);
});

requirement('BUILD-020', async () => {
  expect(await build(await given.flow(), hello)).toEqual([
    { event: 'vertices_sorted', data: { ids: [], to_run: [] } },
    { event: 'end', data: {} },
  ]);
});

requirement('BUILD-021', { readOnly: true }, async () => {
  const { body } = await call('buildFlow', { path: { flow_id: NO_FLOW }, body: hello }).expectStatus(404);
  expect(body.detail).toContain(NO_FLOW);
});

requirement('BUILD-022', async () => {
  const flow = await givenBuildable('echo');
  expect(messagesIn(await build(flow, hello, {}, 'bob'))).toHaveLength(2);
  expect(await messages({ flow_id: flow.id }, 'bob')).toEqual([]);
  expect(await messages({ flow_id: flow.id })).toMatchObject([{ text: 'hello' }, { text: 'hello' }]);
});

requirement('BUILD-023', async () => {
  const flow = await givenBuildable('textToChat');
  for (const body of [undefined, null])
    expect(messagesIn(await build(flow, body))).toMatchObject([{ text: 'a text of the flow' }]);
});

requirement('BUILD-024', async () => {
  const flow = await givenBuildable('echo');
  const options = {
    path: { flow_id: flow.id },
    body: { inputs: { input_value: 'hello', no_such_member: 1 } },
    valid: false,
  };
  const vertex = { ...options, path: { ...options.path, vertex_id: 'ChatInput-echo1' } };
  for (const refused of [
    await call('buildFlow', options).expectStatus(422),
    await call('buildPublicFlow', options).expectStatus(422),
    await call('buildVertex', vertex).expectStatus(422),
  ])
    expect(refused.body.detail).toMatchObject([{ type: 'extra_forbidden', loc: ['body', 'inputs', 'no_such_member'] }]);
  await build(flow, hello);
});

requirement('BUILD-025', async () => {
  const flow = await givenBuildable('echo');
  const sessions = [uniqueName('session'), uniqueName('session')];
  const jobs = await Promise.all(
    sessions.map((session) => startBuild(flow, { inputs: { input_value: `in ${session}`, session } })),
  );
  expect(new Set(jobs).size).toBe(2);
  const both = await Promise.all(jobs.map(streamEvents));
  for (const [index, session] of sessions.entries()) {
    const texts = [`in ${session}`, `in ${session}`].map((text) => ({ text, session_id: session }));
    expect(messagesIn(both[index] as [])).toMatchObject(texts);
    expect(await messages({ session_id: session })).toMatchObject(texts);
  }
});

requirement('BUILD-026', async () => {
  const hour = 60 * 60 * 1000;
  const inputs = { input_value: 'hello', client_request_time: Date.now() - 24 * hour };
  for (const { data } of builtVertices(await build(await givenBuildable('echo'), { inputs }))) {
    // The deployment's clock may differ.
    expect(data.timedelta).toBeGreaterThan(23 * 3600);
    expect(data.timedelta).toBeLessThan(25 * 3600);
    expect(data.duration).toMatch(/^1[345]\d\d minutes, /);
  }
});

requirement('BUILD-027', async () => {
  const flow = await givenBuildable('router');
  const [way, other] = [['ChatOutput-rout3'], ['ChatOutput-rout5', 'TextInput-rout4']];
  for (const [input_value, chosen, left] of [
    ['yes', way, other],
    ['no', other.toReversed(), way],
  ] as const) {
    const events = await build(flow, { inputs: { input_value } });
    expect(builtIds(events)).toEqual(['ChatInput-rout1', 'ConditionalRouter-rout2', ...chosen]);
    const [, router] = builtVertices(events);
    expect(router?.next_vertices_ids).toEqual([chosen[0]]);
    expect(router?.inactivated_vertices?.toSorted()).toEqual(left);
    expect(messagesIn(events).at(-1)?.text).toBe(`it was ${input_value}`);
  }
});

requirement('BUILD-028', async () => {
  const events = await build(await givenBuildable('apart'), hello);
  expect(events[0]?.data.ids).toEqual(['ChatInput-apar1']);
  expect(events[0]?.data.to_run).toContain('TextInput-apar3');
  expect(builtIds(events)).toEqual(['ChatInput-apar1', 'ChatOutput-apar2']);
});

requirement('BUILD-030', async () => {
  const flow = await givenBuildable('echo');
  const named = await build(flow, hello, { flow_name: 'another name' });
  expect(withoutVariableParts(named)).toEqual(withoutVariableParts(await build(flow, hello)));
  const stored = await messages({ flow_id: flow.id });
  expect(withoutVariableParts(stored.slice(0, 2))).toEqual(withoutVariableParts(stored.slice(2)));
  expect(stored.map(({ session_id }) => session_id)).toEqual(Array(4).fill(flow.id));
  const { body } = await call('readFlow', { path: { flow_id: flow.id } }).expectStatus(200);
  expect(body.name).toBe(flow.name);
});

requirement('BUILD-031', async () => {
  const flow = await givenBuildable('echo');
  // The cache is keyed by component id: uses an id that no other test builds.
  const id = `ChatInput-${crypto.randomUUID().slice(0, 5)}`;
  const data = JSON.parse(JSON.stringify(await graphOf('echo')).replaceAll('ChatInput-echo1', id));
  await build(flow, { inputs: { input_value: 'before' }, data });
  data.nodes[0].data.node.frozen = true;
  const events = await build(flow, { inputs: { input_value: 'after' }, data });
  expect(builtVertices(events)[0]).toMatchObject({
    id,
    valid: true,
    data: { used_frozen_result: true, results: { message: { text: 'before' } } },
  });
  expect(messagesIn(events)).toMatchObject([{ sender: 'Machine', text: 'before' }]);
});
