import { builds, messages } from './support/conversation.ts';
import { call, expect, malformed, requirement, uniqueName } from './support/index.ts';
import { endpointName, firstMessage, givenFlow, jsonOf, NO_FLOW, outputTexts, results, run } from './support/runs.ts';

requirement('RUN-001', async () => {
  const flow = await givenFlow('echo');
  const response = await run(flow, { input_value: 'good morning' });
  expect(response.outputs).toHaveLength(1);
  expect(response.outputs[0]?.inputs).toEqual({ input_value: 'good morning' });
  expect(results(response)).toHaveLength(1);
  const [result] = results(response);
  expect(result).toMatchObject({ component_id: 'ChatOutput-echo2', component_display_name: 'Chat Output' });
  expect(firstMessage(response)).toMatchObject({ text: 'good morning', sender: 'Machine', flow_id: flow.id });
  expect(result?.outputs['message']).toEqual({ message: 'good morning', type: 'text' });
  expect(result?.artifacts['message']).toBe('good morning');
  expect(result?.messages).toMatchObject([
    { message: 'good morning', sender: 'Machine', component_id: 'ChatOutput-echo2' },
  ]);
});

requirement('RUN-002', async () => {
  const name = endpointName();
  const flow = await givenFlow('echo', { endpoint_name: name });
  const response = await run(name, { input_value: 'by name' });
  expect(response.session_id).toBe(flow.id);
  expect(outputTexts(response)).toEqual({ 'ChatOutput-echo2': 'by name' });
});

requirement('RUN-003', async () => {
  const flow = await givenFlow('echo');
  const response = await run(flow, { input_value: 'hello' });
  expect(response.session_id).toBe(flow.id);
  expect(firstMessage(response).session_id).toBe(flow.id);
  expect(await messages({ session_id: flow.id })).toHaveLength(2);
});

requirement('RUN-004', async () => {
  const [flow, session] = [await givenFlow('prompt'), uniqueName('session')];
  const response = await run(flow, { input_value: 'hello', session_id: session });
  expect(response.session_id).toBe(session);
  const message = firstMessage(response);
  expect(message.session_id).toBe(session);
  expect(await messages({ session_id: session })).toMatchObject([
    { flow_id: flow.id, sender: 'User', text: 'hello' },
    { flow_id: flow.id, sender: 'Machine', text: 'You said: hello', id: message.data?.id },
  ]);
});

requirement('RUN-005', async () => {
  for (const missing of [NO_FLOW, endpointName()]) {
    const response = await call('runFlow', { path: { flow_id_or_name: missing }, body: {} }).expectStatus(404);
    expect(response.body.detail).toContain(missing);
  }
  await run(await givenFlow('echo'), {});
});

requirement('RUN-006', async () => {
  const flow = await givenFlow('echo');
  await call('runFlow', { path: { flow_id_or_name: flow.id }, body: {}, as: 'bob' }).expectStatus(403);
  await run(flow, {});
});

requirement('RUN-007', async () => {
  const flow = await givenFlow('echo');
  await call('readFlow', { path: { flow_id: flow.id }, via: 'bearer' }).expectStatus(200);
  await call('runFlow', { path: { flow_id_or_name: flow.id }, body: {}, via: 'bearer' }).expectStatus(403);
  await call('runFlow', { path: { flow_id_or_name: flow.id }, body: {}, via: 'query' }).expectStatus(200);
});

requirement('RUN-008', { readOnly: true }, async () => {
  await call('runFlow', { path: { flow_id_or_name: NO_FLOW }, body: {}, as: null }).expectStatus(404);
});

requirement('RUN-009', async () => {
  const [chat, text] = [await givenFlow('echo'), await givenFlow('text')];
  const shown = async (flow: { id: string }, input_type: string) =>
    Object.values(outputTexts(await run(flow, { input_value: 'given', input_type, output_type: 'any' })));
  expect(await shown(chat, 'chat')).toEqual(['given']);
  expect(await shown(chat, 'text')).toEqual(['']);
  expect(await shown(chat, 'any')).toEqual(['given']);
  expect(await shown(text, 'chat')).toEqual(['a text of the flow']);
  expect(await shown(text, 'text')).toEqual(['given']);
  expect(await shown(text, 'any')).toEqual(['given']);
});

requirement('RUN-010', async () => {
  const flow = await givenFlow('prompt');
  const response = await run(flow, { input_value: 'hello', output_type: 'debug' });
  expect(outputTexts(response)).toEqual({
    'ChatInput-prom1': 'hello',
    'Prompt-prom2': 'You said: hello',
    'ChatOutput-prom3': 'You said: hello',
  });
});

requirement('RUN-011', async () => {
  const flow = await givenFlow('echo');
  for (const output_component of ['ChatInput-echo1', 'Chat Input']) {
    expect(outputTexts(await run(flow, { input_value: 'hello', output_component }))).toEqual({
      'ChatInput-echo1': 'hello',
    });
  }
  expect(outputTexts(await run(flow, { input_value: 'hello', output_component: 'Nothing' }))).toEqual({});
});

requirement('RUN-012', async () => {
  const flow = await givenFlow('echo');
  expect(outputTexts(await run(flow, { input_value: 'hello', output_type: 'text' }))).toEqual({
    'ChatOutput-echo2': 'hello',
  });
});

requirement('RUN-019', async () => {
  const flow = await givenFlow('broken');
  const response = await call('runFlow', {
    path: { flow_id_or_name: flow.id },
    body: { input_value: 'hello' },
  }).expectStatus(500);
  const { message } = jsonOf(response.body?.detail);
  expect(message).toMatch(/Prompt( Template)?: \s*'missing'/);
});

requirement('RUN-020', async () => {
  const flow = await givenFlow('prompt');
  expect(outputTexts(await run(flow, { input_value: 'one' }))).toEqual({ 'ChatOutput-prom3': 'You said: one' });
  expect(outputTexts(await run(flow, { input_value: 'two {words}' }))).toEqual({
    'ChatOutput-prom3': 'You said: two {words}',
  });
});

requirement('RUN-021', async () => {
  const flow = await givenFlow('prompt');
  expect(await builds(flow)).toEqual({});
  await run(flow, { input_value: 'hello' });
  const left = await builds(flow);
  expect(Object.keys(left).sort()).toEqual(['ChatInput-prom1', 'ChatOutput-prom3', 'Prompt-prom2']);
  expect(left['Prompt-prom2']).toMatchObject([
    { valid: true, flow_id: flow.id, data: { outputs: { prompt: { message: 'You said: hello' } } } },
  ]);
});

requirement('RUN-022', async () => {
  const flow = await givenFlow('textToChat');
  const response = await run(flow);
  expect(response.outputs[0]?.inputs).toEqual({});
  expect(outputTexts(response)).toEqual({ 'ChatOutput-ttc02': 'a text of the flow' });
});

requirement('RUN-023', async () => {
  const flow = await givenFlow('echo');
  for (const fault of [{ input_type: 'smoke' }, { session_id: 7 }, { tweaks: { ChatInput: 7 } }]) {
    const response = await run(flow, { input_value: 'hello', ...fault });
    expect(response.outputs[0]?.inputs).toEqual({});
    expect(outputTexts(response)).toEqual({ 'ChatOutput-echo2': '' });
  }
});

requirement('RUN-068', async () => {
  const path = { flow_id_or_name: (await givenFlow('echo')).id };
  const text = JSON.stringify({ input_value: 'hello' });
  const headers = { 'content-type': 'application/json' };
  expect((await call('runFlow', { path, headers, rawBody: text }).expectStatus(200)).body.outputs[0]?.inputs).toEqual({
    input_value: 'hello',
  });
  for (const rawBody of [
    Buffer.from(`\ufeff${text}`),
    Buffer.from(text, 'utf16le'),
    Buffer.from(`\ufeff${text}`, 'utf16le'),
  ])
    expect(
      (await call('runFlow', { path, headers, rawBody, valid: false }).expectStatus(200)).body.outputs[0]?.inputs,
    ).toEqual({});
});

requirement('RUN-024', async () => {
  const flow = await givenFlow('echo');
  expect(outputTexts(await run(flow, { input_request: { input_value: 'inside' } }))).toEqual({
    'ChatOutput-echo2': 'inside',
  });
  const body = malformed({ input_request: { input_value: 7 } });
  const response = await call('runFlow', { path: { flow_id_or_name: flow.id }, body }).expectStatus(422);
  expect(response.body.detail).toMatchObject([{ type: 'string_type', loc: ['body', 'input_request', 'input_value'] }]);
});

requirement('RUN-025', async () => {
  const [flow, session] = [await givenFlow('echo'), uniqueName('session')];
  const tweaks = { 'ChatOutput-echo2': { should_store_message: false } };
  const response = await run(flow, { input_value: 'hello', session_id: session, tweaks });
  expect(outputTexts(response)).toEqual({ 'ChatOutput-echo2': 'hello' });
  expect(await messages({ session_id: session })).toMatchObject([{ sender: 'User' }]);
});

requirement('RUN-029', async () => {
  const [direct, through] = [await givenFlow('textToChat'), await givenFlow('prompt')];
  const source = async (flow: { id: string }) => firstMessage(await run(flow, { input_value: 'x' })).properties?.source;
  expect(await source(direct)).toMatchObject({ id: 'TextInput-ttc01', display_name: 'Text Input' });
  expect(await source(through)).toMatchObject({ id: 'Prompt-prom2' });
});

requirement('RUN-035', async () => {
  const [flow, session] = [await givenFlow('broken'), uniqueName('session')];
  await call('runFlow', {
    path: { flow_id_or_name: flow.id },
    body: { input_value: 'hello', session_id: session },
  }).expectStatus(500);
  const [told, failed, ...more] = await messages({ session_id: session });
  expect(more).toEqual([]);
  expect(told).toMatchObject({ sender: 'User', category: 'message' });
  expect(failed).toMatchObject({ category: 'error', properties: { source: { id: 'Prompt-bpr02' } } });
  expect(failed?.text).toContain('missing');
});

requirement('RUN-060', async () => {
  const flow = await givenFlow('echo');
  const options = { path: { flow_id_or_name: flow.id }, body: { input_value: 'hello' }, via: 'bearer' as const };
  const response = await call('runFlowSession', options);
  if (response.status === 404) expect(response.body.detail).not.toContain(flow.id);
  else expect(outputTexts(response.body)).toEqual({ 'ChatOutput-echo2': 'hello' });
  expect([200, 404]).toContain(response.status);
});
