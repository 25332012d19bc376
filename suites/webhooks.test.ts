import { setTimeout as delay } from 'node:timers/promises';
import { type Message, messages, waitForRun } from './support/conversation.ts';
import { apiKeyOf, call, expect, makeCredential, NotApplicable, person, requirement } from './support/index.ts';
import { endpointName, givenFlow, jsonOf, NO_FLOW } from './support/runs.ts';

interface Hook {
  as?: 'alice' | null | ReturnType<typeof makeCredential>;
  type?: string;
}

/** Sends bytes to a webhook, with an API key if the deployment may need one. */
const hook = (idOrName: string, rawBody: string, { as = 'alice', type = 'application/json' }: Hook = {}) =>
  call('runWebhook', {
    path: { flow_id_or_name: idOrName },
    rawBody,
    headers: { 'content-type': type },
    as,
    ...(as === 'alice' && { via: 'header' as const }),
  });

/** The flow runs after the response: polls until it has left a message. */
async function textsOfFlow(flow: Parameters<typeof waitForRun>[0]): Promise<Message[]> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const said = await messages({ flow_id: flow.id });
    if (said.some(({ category }) => category === 'error')) return said;
    if (said.some(({ sender }) => sender === 'Machine')) {
      await waitForRun(flow);
      return said;
    }
    await delay(200);
  }
  return messages({ flow_id: flow.id });
}

/** How a chat output formats data: JSON in a code block. */
const fenced = (message: Message | undefined) => jsonOf(message?.text.replaceAll(/^```json\n|\n```$/g, ''));

requirement('HOOK-001', async () => {
  const flow = await givenFlow('webhook');
  const payload = { event: 'shipped', items: [1, 2], by: { name: 'Zoë' } };
  const response = await hook(flow.id, JSON.stringify(payload)).expectStatus(202);
  expect(response.body.status).toBe('in progress');
  const said = await textsOfFlow(flow);
  expect(said).toMatchObject([{ sender: 'Machine', session_id: flow.id }]);
  expect(fenced(said[0])).toEqual(payload);
});

requirement('HOOK-002', async () => {
  const flow = await givenFlow('webhook');
  await hook(flow.id, '').expectStatus(400);
  await hook(flow.id, '{}').expectStatus(202);
  await waitForRun(flow);
});

requirement('HOOK-003', async () => {
  const config = await call('readConfig', {}).expectStatus(200);
  if (config.body.webhook_auth_enable !== false) throw new NotApplicable('config says that webhooks ask for a key');
  const [flow, other] = [await givenFlow('webhook'), await givenFlow('webhook')];
  await hook(flow.id, '{"by":"nobody"}', { as: null }).expectStatus(202);
  expect(await textsOfFlow(flow)).toHaveLength(1);
  await hook(other.id, '{}', { as: makeCredential('header', 'sk-not-a-key', 'bad key') }).expectStatus(202);
  expect(await textsOfFlow(other)).toHaveLength(1);
});

requirement('HOOK-004', { readOnly: true }, async () => {
  for (const missing of [NO_FLOW, endpointName()]) await hook(missing, '{}', { as: null }).expectStatus(404);
});

requirement('HOOK-005', async () => {
  const [plain, broken] = [await givenFlow('webhook'), await givenFlow('webhook')];
  await hook(plain.id, 'plain words', { type: 'text/plain' }).expectStatus(202);
  await hook(broken.id, '{broken').expectStatus(202);
  expect(fenced((await textsOfFlow(plain))[0])).toEqual({ payload: 'plain words' });
  expect(fenced((await textsOfFlow(broken))[0])).toEqual({ payload: '{broken' });
});

requirement('HOOK-006', async () => {
  const flow = await givenFlow('broken');
  await hook(flow.id, '{}').expectStatus(202);
  expect((await textsOfFlow(flow)).at(-1)).toMatchObject({ category: 'error' });
});

requirement('HOOK-007', async () => {
  const name = endpointName();
  const flow = await givenFlow('webhook', { endpoint_name: name });
  await hook(name, '{"by":"name"}').expectStatus(202);
  expect(fenced((await textsOfFlow(flow))[0])).toEqual({ by: 'name' });
});

requirement('HOOK-008', async () => {
  const flow = await givenFlow('textToChat');
  await hook(flow.id, '{"nobody":"listens"}').expectStatus(202);
  expect(await textsOfFlow(flow)).toMatchObject([{ sender: 'Machine', text: 'a text of the flow' }]);
});

requirement('HOOK-009', async () => {
  const flow = await givenFlow('webhook');
  const send = (more: object) =>
    call('runWebhook', { path: { flow_id_or_name: flow.id }, body: { told: 'with a key' }, ...more });
  const key = await apiKeyOf(person('alice'));
  for (const refused of [
    { as: null },
    { as: makeCredential('header', 'sk-no-key', 'bad key') },
    { as: 'alice', via: 'bearer' },
  ])
    await send(refused).expectStatus(403);
  expect(await messages({ flow_id: flow.id })).toEqual([]);
  await send({ as: null, query: { 'x-api-key': key } }).expectStatus(202);
  expect(await textsOfFlow(flow)).toHaveLength(1);
  const other = await givenFlow('webhook');
  await call('runWebhook', {
    path: { flow_id_or_name: other.id },
    body: {},
    as: null,
    headers: { 'x-api-key': key },
  }).expectStatus(202);
  expect(await textsOfFlow(other)).toHaveLength(1);
});

requirement('HOOK-010', async () => {
  const flow = await givenFlow('webhook');
  const send = (key: string) =>
    call('runWebhook', { path: { flow_id_or_name: flow.id }, body: {}, as: null, headers: { 'x-api-key': key } });
  await send(await apiKeyOf(person('bob'))).expectStatus(403);
  await send(await apiKeyOf(person('alice'))).expectStatus(202);
  expect(await textsOfFlow(flow)).toHaveLength(1);
});
