import { call, expect, given, requirement, uniqueName } from './support/index.ts';
import { firstMessage, givenFlow, jsonOf, outputTexts, results, run } from './support/runs.ts';

const SHOWN = 'ChatOutput-prom3';

requirement('RUN-013', async () => {
  const flow = await givenFlow('prompt');
  const tweaks = { 'Prompt-prom2': { template: 'Tweaked: {words}' } };
  expect(outputTexts(await run(flow, { input_value: 'hello', tweaks }))).toEqual({ [SHOWN]: 'Tweaked: hello' });
  expect(outputTexts(await run(flow, { input_value: 'hello' }))).toEqual({ [SHOWN]: 'You said: hello' });
});

requirement('RUN-014', async () => {
  const flow = await givenFlow('echo');
  const tweaks = { 'Chat Output': { sender_name: 'Parrot' } };
  const response = await run(flow, { input_value: 'hello', tweaks });
  expect(firstMessage(response).sender_name).toBe('Parrot');
});

requirement('RUN-015', async () => {
  const flow = await givenFlow('echo');
  const response = await run(flow, {
    input_value: 'hello',
    output_type: 'debug',
    tweaks: { sender_name: 'Everybody' },
  });
  expect(results(response).map((result) => result.results?.message?.sender_name)).toEqual(['Everybody', 'Everybody']);
});

requirement('RUN-016', async () => {
  const flow = await givenFlow('echo');
  const tweaks = { 'ChatInput-echo1': { input_value: 'tweaked' } };
  await call('runFlow', { path: { flow_id_or_name: flow.id }, body: { input_value: 'hello', tweaks } }).expectStatus(
    400,
  );
  expect(outputTexts(await run(flow, { tweaks }))).toEqual({ 'ChatOutput-echo2': 'tweaked' });
});

requirement('RUN-017', async () => {
  const flow = await givenFlow('prompt');
  const tweaks = { 'Prompt-other': { template: 'No' }, 'Prompt-prom2': { nothing: 'No' }, nowhere: 'No' };
  expect(outputTexts(await run(flow, { input_value: 'hello', tweaks }))).toEqual({ [SHOWN]: 'You said: hello' });
});

requirement('RUN-018', async () => {
  const flow = await givenFlow('prompt');
  const code = 'raise ValueError("replaced")';
  for (const tweaks of [{ code }, { 'Prompt-prom2': { code } }, { 'Prompt-prom2': { code: { value: code } } }]) {
    expect(outputTexts(await run(flow, { input_value: 'hello', tweaks }))).toEqual({ [SHOWN]: 'You said: hello' });
  }
});

const fromVariable = (name: string) => ({
  tweaks: { 'TextInput-ttc01': { input_value: { value: name, load_from_db: true } } },
});

requirement('RUN-026', async () => {
  const flow = await givenFlow('textToChat');
  const variable = await given.variable({ value: 'of the user' });
  expect(outputTexts(await run(flow, fromVariable(variable.name)))).toEqual({ 'ChatOutput-ttc02': 'of the user' });
});

requirement('RUN-027', async () => {
  const flow = await givenFlow('textToChat');
  const name = uniqueName('FLOWPACT').replaceAll(/[ -]/g, '').toUpperCase();
  await given.variable({ name, value: 'of the user' });
  const headers = { [`X-LANGFLOW-GLOBAL-VAR-${name}`]: 'of the header' };
  expect(outputTexts(await run(flow, fromVariable(name), headers))).toEqual({ 'ChatOutput-ttc02': 'of the header' });
  expect(outputTexts(await run(flow, fromVariable(name)))).toEqual({ 'ChatOutput-ttc02': 'of the user' });
});

requirement('RUN-028', async () => {
  const flow = await givenFlow('textToChat');
  const response = await call('runFlow', {
    path: { flow_id_or_name: flow.id },
    body: fromVariable('FLOWPACT_NOTHING'),
  }).expectStatus(404);
  expect(response.body.detail).toContain('FLOWPACT_NOTHING');
});

requirement('RUN-036', async () => {
  const flow = await givenFlow('textToChat');
  const response = await call('runFlow', {
    path: { flow_id_or_name: flow.id },
    body: fromVariable('FLOWPACT_NOTHING'),
  }).expectStatus(500);
  expect(jsonOf(response.body.detail).message).toContain('Text Input');
});

requirement('RUN-064', async () => {
  const flow = await givenFlow('textToChat');
  const as = async (name: string) => outputTexts(await run(flow, { tweaks: { [name]: { input_value: 'tweaked' } } }));
  const untouched = await as('NoSuchComponent');
  expect(await as('TextInput')).toEqual(untouched);
  expect(await as('Text Input')).toEqual({ 'ChatOutput-ttc02': 'tweaked' });
});

requirement('RUN-065', async () => {
  const flow = await givenFlow('textToChat');
  for (const name of ['TextInput-ttc01', 'Text Input']) {
    const body = { input_value: 'given', tweaks: { [name]: { input_value: 'tweaked' } } };
    await call('runFlow', { path: { flow_id_or_name: flow.id }, body: { ...body, input_type: 'text' } }).expectStatus(
      400,
    );
    expect(outputTexts(await run(flow, { ...body, input_type: 'chat' }))).toEqual({ 'ChatOutput-ttc02': 'tweaked' });
  }
});
