import { messages } from './support/conversation.ts';
import { call, expect, given, requirement } from './support/index.ts';
import { givenFlow, NO_FLOW, outputTexts, results, runAdvanced } from './support/runs.ts';

const say = (input_value: string, more: Record<string, unknown> = {}) => ({ input_value, ...more });
const ECHO = 'ChatOutput-echo2';

requirement('RUN-040', async () => {
  const flow = await givenFlow('echo');
  const response = await runAdvanced(flow, { inputs: [say('one'), say('two')] });
  expect(response.session_id).toBe(flow.id);
  expect(response.outputs.map((entry) => entry.inputs)).toEqual([{ input_value: 'one' }, { input_value: 'two' }]);
  expect(outputTexts(response)).toEqual({ [ECHO]: 'one' });
});

requirement('RUN-041', async () => {
  const response = await runAdvanced(await givenFlow('echo'), { inputs: [say('one'), say('two')] });
  expect(results(response, 1)).toEqual(results(response, 0));
});

requirement('RUN-042', async () => {
  const flow = await givenFlow('prompt');
  const shown = async (outputs?: string[]) =>
    Object.keys(outputTexts(await runAdvanced(flow, { inputs: [say('hello')], ...(outputs && { outputs }) })));
  expect(await shown()).toEqual(['ChatOutput-prom3']);
  expect(await shown(['Prompt-prom2'])).toEqual(['Prompt-prom2']);
  expect(await shown(['Chat Input', 'ChatOutput-prom3'])).toEqual(['ChatInput-prom1', 'ChatOutput-prom3']);
  expect(await shown(['Nothing'])).toEqual([]);
});

requirement('RUN-043', async () => {
  const flow = await givenFlow('echo');
  const shown = async (components: string[]) =>
    outputTexts(await runAdvanced(flow, { inputs: [say('hello', { components })] }));
  expect(await shown(['ChatInput-echo1'])).toEqual({ [ECHO]: 'hello' });
  expect(await shown(['Chat Input'])).toEqual({ [ECHO]: 'hello' });
  expect(await shown([ECHO])).toEqual({ [ECHO]: '' });
});

requirement('RUN-044', async () => {
  const flow = await givenFlow('echo');
  const response = await call('runFlowAdvanced', {
    path: { flow_id_or_name: flow.id },
    body: { session_id: 'nothing of the kind' },
  }).expectStatus(404);
  expect(response.body.detail).toContain('nothing of the kind');
});

requirement('RUN-080', async () => {
  const flow = await given.flow({ data: undefined });
  const response = await call('runFlowAdvanced', { path: { flow_id_or_name: flow.id }, body: {} }).expectStatus(404);
  expect(response.body.detail).toContain(flow.id);
});

requirement('RUN-045', async () => {
  const response = await runAdvanced(await givenFlow('echo'), { inputs: [say('hello')] });
  const [result] = results(response);
  expect(result).not.toHaveProperty('timedelta');
  expect(result).not.toHaveProperty('duration');
  expect(result?.messages?.[0]).not.toHaveProperty('stream_url');
  for (const part of [result, ...(result?.messages ?? [])]) expect(Object.values(part ?? {})).not.toContain(null);
});

requirement('RUN-046', async () => {
  const flow = await givenFlow('broken');
  const response = await call('runFlowAdvanced', {
    path: { flow_id_or_name: flow.id },
    body: { inputs: [say('hello')] },
  }).expectStatus(500);
  expect(response.body.detail).toMatch(/Prompt( Template)?: \s*'missing'/);
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
  const response = await call('runFlowAdvanced', { path: { flow_id_or_name: flow.id }, body }).expectStatus(200);
  expect(response.headers['content-type']).toMatch(/^application\/json/);
  expect(outputTexts(response.body)).toEqual({ [ECHO]: 'hello' });
});

requirement('RUN-049', async () => {
  const flow = await givenFlow('prompt');
  const tweaks = { 'Prompt-prom2': { template: 'Tweaked: {words}' } };
  expect(outputTexts(await runAdvanced(flow, { inputs: [say('hello')], tweaks }))).toEqual({
    'ChatOutput-prom3': 'Tweaked: hello',
  });
  expect(outputTexts(await runAdvanced(flow, { inputs: [say('hello')] }))).toEqual({
    'ChatOutput-prom3': 'You said: hello',
  });
});

requirement('RUN-050', async () => {
  const response = await runAdvanced(await givenFlow('textToChat'));
  expect(response.outputs[0]?.inputs).toEqual({ input_value: '' });
  expect(outputTexts(response)).toEqual({ 'ChatOutput-ttc02': '' });
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
