import { messages } from './support/conversation.ts';
import { call, expect, given, requirement } from './support/index.ts';
import { givenFlow, NO_FLOW, results, runAdvanced, texts } from './support/runs.ts';

const say = (input_value: string, more: Record<string, unknown> = {}) => ({ input_value, ...more });
const ECHO = 'ChatOutput-echo2';

requirement('RUN-040', async () => {
  const flow = await givenFlow('echo');
  const answer = await runAdvanced(flow, { inputs: [say('one'), say('two')] });
  expect(answer.session_id).toBe(flow.id);
  expect(answer.outputs.map((entry) => entry.inputs)).toEqual([{ input_value: 'one' }, { input_value: 'two' }]);
  expect(texts(answer)).toEqual({ [ECHO]: 'one' });
});

requirement('RUN-041', async () => {
  const answer = await runAdvanced(await givenFlow('echo'), { inputs: [say('one'), say('two')] });
  expect(results(answer, 1)).toEqual(results(answer, 0));
});

requirement('RUN-042', async () => {
  const flow = await givenFlow('prompt');
  const shown = async (outputs?: string[]) => Object.keys(texts(await runAdvanced(flow, { inputs: [say('hello')], ...(outputs && { outputs }) })));
  expect(await shown()).toEqual(['ChatOutput-prom3']);
  expect(await shown(['Prompt-prom2'])).toEqual(['Prompt-prom2']);
  expect(await shown(['Chat Input', 'ChatOutput-prom3'])).toEqual(['ChatInput-prom1', 'ChatOutput-prom3']);
  expect(await shown(['Nothing'])).toEqual([]);
});

requirement('RUN-043', async () => {
  const flow = await givenFlow('echo');
  const shown = async (components: string[]) => texts(await runAdvanced(flow, { inputs: [say('hello', { components })] }));
  expect(await shown(['ChatInput-echo1'])).toEqual({ [ECHO]: 'hello' });
  expect(await shown(['Chat Input'])).toEqual({ [ECHO]: 'hello' });
  expect(await shown([ECHO])).toEqual({ [ECHO]: '' });
});

requirement('RUN-044', async () => {
  const flow = await givenFlow('echo');
  const answer = await call('runFlowAdvanced', { path: { flow_id_or_name: flow.id }, body: { session_id: 'nothing of the kind' } }).expectStatus(404);
  expect(answer.body.detail).toContain('nothing of the kind');
});

requirement('RUN-080', async () => {
  const flow = await given.flow({ data: undefined });
  const answer = await call('runFlowAdvanced', { path: { flow_id_or_name: flow.id }, body: {} }).expectStatus(404);
  expect(answer.body.detail).toContain(flow.id);
});

requirement('RUN-045', async () => {
  const answer = await runAdvanced(await givenFlow('echo'), { inputs: [say('hello')] });
  const [result] = results(answer);
  expect(result).not.toHaveProperty('timedelta');
  expect(result).not.toHaveProperty('duration');
  expect(result?.messages?.[0]).not.toHaveProperty('stream_url');
  for (const part of [result, ...(result?.messages ?? [])]) expect(Object.values(part ?? {})).not.toContain(null);
});

requirement('RUN-046', async () => {
  const flow = await givenFlow('broken');
  const answer = await call('runFlowAdvanced', { path: { flow_id_or_name: flow.id }, body: { inputs: [say('hello')] } }).expectStatus(500);
  expect(answer.body.detail).toMatch(/Prompt( Template)?: \s*'missing'/);
});

requirement('RUN-047', async () => {
  const flow = await givenFlow('echo');
  await call('runFlowAdvanced', { path: { flow_id_or_name: flow.id }, body: {}, as: 'bob' }).expectStatus(403);
  await call('runFlowAdvanced', { path: { flow_id_or_name: NO_FLOW }, body: {} }).expectStatus(404);
  await runAdvanced(flow, {});
});

requirement('RUN-048', async () => {
  const flow = await givenFlow('echo');
  const body = { inputs: [say('hello')], stream: true };
  const answer = await call('runFlowAdvanced', { path: { flow_id_or_name: flow.id }, body }).expectStatus(200);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(texts(answer.body)).toEqual({ [ECHO]: 'hello' });
});

requirement('RUN-049', async () => {
  const flow = await givenFlow('prompt');
  const tweaks = { 'Prompt-prom2': { template: 'Tweaked: {words}' } };
  expect(texts(await runAdvanced(flow, { inputs: [say('hello')], tweaks }))).toEqual({ 'ChatOutput-prom3': 'Tweaked: hello' });
  expect(texts(await runAdvanced(flow, { inputs: [say('hello')] }))).toEqual({ 'ChatOutput-prom3': 'You said: hello' });
});

requirement('RUN-050', async () => {
  const answer = await runAdvanced(await givenFlow('textToChat'));
  expect(answer.outputs[0]?.inputs).toEqual({ input_value: '' });
  expect(texts(answer)).toEqual({ 'ChatOutput-ttc02': '' });
});

requirement('RUN-051', async () => {
  const flow = await givenFlow('prompt');
  const { session_id } = await runAdvanced(flow, { inputs: [{ components: [], input_value: 'kept' }] });
  expect(session_id).toBe(flow.id);
  expect((await messages({ flow_id: flow.id })).map(({ session_id: session, text }) => ({ session, text }))).toEqual([
    { session: flow.id, text: 'kept' },
    { session: flow.id, text: 'You said: kept' },
  ]);
});
