import { messages } from './support/conversation.ts';
import { call, expect, given, requirement, uniqueName } from './support/index.ts';
import { givenFlow, run } from './support/runs.ts';

requirement('RUN-062', async () => {
  const [echo, prompt, session] = [await givenFlow('echo'), await givenFlow('prompt'), uniqueName('session')];
  for (const [flow, input_value] of [
    [echo, 'one'],
    [prompt, 'two'],
    [echo, 'three'],
  ] as const)
    expect((await run(flow, { input_value, session_id: session })).session_id).toBe(session);
  const said = await messages({ session_id: session });
  expect(said.map(({ text }) => text)).toEqual(['one', 'one', 'two', 'You said: two', 'three', 'three']);
  expect(said.map(({ flow_id }) => flow_id)).toEqual([echo, echo, prompt, prompt, echo, echo].map(({ id }) => id));
});

requirement('RUN-063', async () => {
  const empty = await given.flow();
  expect((await run(empty, { input_value: 'hello' })).outputs).toEqual([
    { inputs: { input_value: 'hello' }, outputs: [] },
  ]);
  const without = await given.flow({ data: null });
  const { body } = await call('runFlow', {
    path: { flow_id_or_name: without.id },
    body: { input_value: 'hello' },
  }).expectStatus(500);
  expect(body.detail).toContain(without.id);
});

requirement('RUN-066', async () => {
  const flow = await givenFlow('echo');
  expect((await run(flow, { input_value: 'hello', session_id: '' })).session_id).toBe(flow.id);
  expect(await messages({ session_id: flow.id })).toHaveLength(2);
});
