import type { BodyOf, QueryOf, Schema } from '../spec/operations.ts';
import { build, givenBuildable, graphOf, WAITING } from './support/builds.ts';
import { builds, messages } from './support/conversation.ts';
import { call, expect, given, requirement, stream, uniqueName } from './support/index.ts';
import { NO_FLOW } from './support/runs.ts';

interface Flow {
  id: string;
}

const PROMPT = ['ChatInput-prom1', 'Prompt-prom2', 'ChatOutput-prom3'];

const sort = (flow: Flow, options: { query?: QueryOf<'sortVertices'>; body?: BodyOf<'sortVertices'> } = {}) =>
  call('sortVertices', { path: { flow_id: flow.id }, ...options });
const sorted = async (...args: Parameters<typeof sort>) => (await sort(...args).expectStatus(200)).body;
const buildOne = (flow: Flow, vertex_id: string, body: BodyOf<'buildVertex'> = {}) =>
  call('buildVertex', { path: { flow_id: flow.id, vertex_id }, body });
const builtOne = async (...args: Parameters<typeof buildOne>) => (await buildOne(...args).expectStatus(200)).body;

requirement('VERT-001', async () => {
  const flow = await givenBuildable('prompt');
  const [first, second] = [await sorted(flow), await sorted(flow)];
  for (const { ids, vertices_to_run } of [first, second]) {
    expect(ids).toEqual(['ChatInput-prom1']);
    expect(vertices_to_run.toSorted()).toEqual(PROMPT.toSorted());
  }
  expect(first.run_id).not.toBe(second.run_id);
});

requirement('VERT-002', async () => {
  const flow = await givenBuildable('apart');
  const { ids, vertices_to_run } = await sorted(flow, { query: { stop_component_id: 'ChatInput-apar1' } });
  expect([ids, vertices_to_run]).toEqual([['ChatInput-apar1'], ['ChatInput-apar1']]);
  const started = await sorted(flow, { query: { start_component_id: 'TextOutput-apar4' } });
  expect(started.ids).toEqual(['TextInput-apar3']);
  expect(started.vertices_to_run.toSorted()).toEqual(['TextInput-apar3', 'TextOutput-apar4']);
});

requirement('VERT-003', async () => {
  const flow = await givenBuildable('echo');
  const query = { stop_component_id: 'ChatInput-echo1', start_component_id: 'ChatInput-echo1' };
  expect((await sort(flow, { query }).expectStatus(500)).body.detail).toContain('stop_component_id');
  for (const { id } of [{ id: NO_FLOW }, await given.flow({ data: undefined })])
    expect((await sort({ id }).expectStatus(500)).body.detail).toBeTypeOf('string');
  await sorted(flow);
});

requirement('VERT-004', async () => {
  const flow = await givenBuildable('echo');
  const { ids } = await sorted(flow, { body: await graphOf('textToChat') });
  expect(ids).toEqual(['TextInput-ttc01']);
  const response = await builtOne(flow, 'TextInput-ttc01');
  expect(response).toMatchObject({
    valid: true,
    next_vertices_ids: ['ChatOutput-ttc02'],
    data: { outputs: { text: { message: 'a text of the flow' } } },
  });
});

/** Builds a flow vertex by vertex, as older editors did. */
async function buildAll(flow: Flow, body: BodyOf<'buildVertex'>) {
  const { ids } = await sorted(flow);
  const responses: Schema<'BuiltVertex'>[] = [];
  const waiting = [...ids];
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    const response = await builtOne(flow, id, body);
    responses.push(response);
    waiting.push(...response.next_vertices_ids);
  }
  return responses;
}

requirement('VERT-010', async () => {
  const [flow, session] = [await givenBuildable('prompt'), uniqueName('session')];
  const responses = await buildAll(flow, { inputs: { input_value: 'hello', session } });
  expect(responses.map(({ id }) => id)).toEqual(PROMPT);
  for (const { valid, top_level_vertices, next_vertices_ids } of responses)
    expect([valid, top_level_vertices]).toEqual([true, next_vertices_ids]);
  expect(responses[2]?.data.results).toMatchObject({ message: { text: 'You said: hello' } });
  expect(await messages({ session_id: session })).toMatchObject([
    { flow_id: flow.id, sender: 'User', text: 'hello' },
    { flow_id: flow.id, sender: 'Machine', text: 'You said: hello' },
  ]);
});

requirement('VERT-011', async () => {
  const flow = await givenBuildable('echo');
  const responses = await buildAll(flow, { inputs: { input_value: 'hello' } });
  await expect
    .poll(async () => Object.keys(await builds(flow)).toSorted(), WAITING)
    .toEqual(['ChatInput-echo1', 'ChatOutput-echo2']);
  const left = await builds(flow);
  for (const { id, params, data } of responses)
    expect(left[id]).toMatchObject([
      { valid: true, params, data: { outputs: data.outputs }, artifacts: data.artifacts },
    ]);
});

requirement('VERT-012', async () => {
  const flow = await givenBuildable('echo');
  expect((await buildOne(flow, 'Nothing-none1').expectStatus(500)).body.detail).toContain('Nothing-none1');
  await builtOne(flow, 'ChatInput-echo1');
});

requirement('VERT-013', async () => {
  const flow = await givenBuildable('broken');
  const [, failed] = await buildAll(flow, { inputs: { input_value: 'hello' } });
  expect(failed).toMatchObject({
    id: 'Prompt-bpr02',
    valid: false,
    next_vertices_ids: [],
    data: { outputs: { prompt: { type: 'error' } } },
  });
  expect(failed?.params).toMatch(/Prompt( Template)?: \s*'missing'/);
});

requirement('VERT-014', async () => {
  const flow = await givenBuildable('prompt');
  await sorted(flow);
  const response = await builtOne(flow, 'Prompt-prom2');
  expect(response).toMatchObject({ valid: false, next_vertices_ids: [] });
  expect(response.params).toContain('Chat Input');
});

requirement('VERT-015', async () => {
  const flow = await givenBuildable('prompt');
  const response = await builtOne(flow, 'ChatInput-prom1', { inputs: { input_value: 'hello' } });
  expect(response).toMatchObject({
    valid: true,
    next_vertices_ids: [],
    data: { outputs: { message: { message: 'hello' } } },
  });
});

requirement('VERT-016', async () => {
  const response = await builtOne(await givenBuildable('echo'), 'ChatInput-echo1', {
    inputs: { input_value: 'hello' },
    files: ['one.png'],
  });
  expect(response.data.artifacts.files).toEqual([{ path: 'one.png', name: 'one.png', type: 'png' }]);
  expect(response.data.results).toMatchObject({ message: { files: ['one.png'] } });
});

requirement('VERT-017', async () => {
  const [flow, session] = [await givenBuildable('echo'), uniqueName('session')];
  await sorted(flow);
  for (const input_value of ['once', 'again']) {
    const response = await builtOne(flow, 'ChatInput-echo1', { inputs: { input_value, session } });
    expect(response).toMatchObject({ valid: true, data: { outputs: { message: { message: 'once' } } } });
  }
  expect(await messages({ session_id: session })).toMatchObject([{ text: 'once' }]);
});

/** The events of a vertex's stream. */
async function eventsOf(flow: Flow, vertex_id: string) {
  const response = await stream('streamVertex', { path: { flow_id: flow.id, vertex_id } });
  expect(response.status).toBe(200);
  expect(response.headers['content-type']).toMatch(/^text\/event-stream(;|$)/);
  expect(response.text).toMatch(/^(event: \w+\ndata: \{[^\n]*\}\n\n)+$/);
  return response.frames
    .map((frame) => /^event: (\w+)\ndata: (.*)$/.exec(frame))
    .map((found) => ({ event: found?.[1], data: JSON.parse(found?.[2] ?? '') }));
}

requirement('VERT-018', async () => {
  const flow = await givenBuildable('prompt');
  await build(flow, { inputs: { input_value: 'hello' } });
  const response = await builtOne(flow, 'Prompt-prom2');
  expect(response).toMatchObject({ valid: true, data: { outputs: { prompt: { message: 'You said: hello' } } } });
  expect((await eventsOf(flow, 'ChatOutput-prom3')).map(({ event }) => event)).toEqual(['message', 'error', 'close']);
});

requirement('VERT-020', async () => {
  const flow = await givenBuildable('echo');
  await sorted(flow);
  for (const id of ['ChatOutput-echo2', 'Nothing-none1']) {
    const events = await eventsOf(flow, id);
    expect(events.filter(({ event }) => event === 'close')).toHaveLength(1);
    expect(events.at(-1)?.event).toBe('close');
  }
});

requirement('VERT-021', async () => {
  const flow = await givenBuildable('echo');
  await buildAll(flow, { inputs: { input_value: 'hello' } });
  const [first, second, last] = await eventsOf(flow, 'ChatOutput-echo2');
  expect(first).toMatchObject({ event: 'message', data: { message: expect.stringContaining('ChatOutput-echo2') } });
  expect(second).toMatchObject({ event: 'error', data: { error: expect.any(String) } });
  expect(last).toMatchObject({ event: 'close', data: { message: expect.any(String) } });
});

requirement('VERT-022', async () => {
  const [flow, never] = [await givenBuildable('prompt'), await givenBuildable('echo')];
  await sorted(flow);
  const cases: [Flow, string, string][] = [
    [flow, 'Prompt-prom2', 'Prompt-prom2'],
    [flow, 'Nothing-none1', 'Nothing-none1'],
    [never, 'ChatOutput-echo2', never.id],
  ];
  for (const [asked, vertex, named] of cases) {
    expect(await eventsOf(asked, vertex)).toMatchObject([
      { event: 'error', data: { error: expect.stringContaining(named) } },
      { event: 'close' },
    ]);
  }
});
