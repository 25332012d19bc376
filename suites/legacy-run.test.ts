import { builds, echoFlow, messages } from './support/conversation.ts';
import { call, expect, malformed, requirement, uniqueName } from './support/index.ts';

const OPERATIONS = ['predictFlow', 'processFlow'] as const;
const requestFor = (flow_id: string) => ({ path: { flow_id }, via: 'header' as const, valid: false });
/** The operation declares no body, so a body is ignored. */
const BODY = malformed({ inputs: { input_value: 'hello' } });

requirement('OLDRUN-001', async () => {
  const flow = await echoFlow();
  for (const operation of OPERATIONS) {
    for (const id of [flow.id, uniqueName('nothing')]) {
      const { body } = await call(operation, { ...requestFor(id), body: BODY }).expectStatus(400);
      expect(body.detail).toContain('/run');
    }
  }
});

requirement('OLDRUN-002', async () => {
  const flow = await echoFlow();
  for (const operation of OPERATIONS) await call(operation, { ...requestFor(flow.id), body: BODY }).expectStatus(400);
  expect(await messages({ flow_id: flow.id })).toEqual([]);
  expect(await builds(flow)).toEqual({});
});

requirement('OLDRUN-003', { readOnly: true }, async () => {
  for (const operation of OPERATIONS) {
    const options = { ...requestFor('nothing'), rawBody: '{bad', headers: { 'content-type': 'application/json' } };
    await call(operation, options).expectStatus(400);
  }
});

requirement('OLDRUN-004', { readOnly: true }, async () => {
  const { body } = await call('readTask', { path: { task_id: uniqueName('task') } }).expectStatus(400);
  expect(body.detail).toContain('/run');
});
