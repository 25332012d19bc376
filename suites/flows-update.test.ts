import { randomUUID } from 'node:crypto';
import ECHO from '../fixtures/flows/echo.json' with { type: 'json' };
import type { BodyOf, Schema } from '../spec/operations.ts';
import { builds } from './support/conversation.ts';
import { endpoint, read, update } from './support/flow-calls.ts';
import { type Flow, first, idsOf, listFlows } from './support/flow-lists.ts';
import { GRAPH } from './support/graphs.ts';
import {
  type As,
  call,
  expect,
  given,
  malformed,
  person,
  raw,
  removeLater,
  requirement,
  uniqueName,
} from './support/index.ts';

/** Expects that the request is refused and changes nothing. */
async function expectUnchanged(flow: Flow, status: number, body: BodyOf<'updateFlow'>, as: As = 'alice') {
  await call('updateFlow', { path: { flow_id: flow.id }, body, as }).expectStatus(status);
  expect((await read(flow.id).expectStatus(200)).body).toEqual(flow);
}

requirement('FLOWS-030', async () => {
  const [flow, other] = [await given.flow(), await given.flow()];
  await expectUnchanged(flow, 400, { name: other.name });
});

requirement('FLOWS-031', async () => {
  const [flow, other] = [
    await given.flow({ endpoint_name: endpoint() }),
    await given.flow({ endpoint_name: endpoint() }),
  ];
  await expectUnchanged(flow, 400, { endpoint_name: other.endpoint_name });
});

requirement('FLOWS-032', async () => {
  const [flow, project] = [await given.flow(), await given.project()];
  await update(flow.id, { folder_id: project.id }).expectStatus(200).expectJsonLike({ folder_id: project.id });
  const { body } = await call('readProject', { path: { project_id: project.id } }).expectStatus(200);
  expect(idsOf((body as Schema<'ProjectWithFlows'>).flows)).toEqual([flow.id]);
});

requirement('FLOWS-033', async () => {
  const flow = await given.flow();
  const webhook = { nodes: [{ id: 'Webhook-a1b2c', data: { node: { template: {} } } }], edges: [] };
  await update(flow.id, { data: webhook }).expectStatus(200).expectJsonLike({ webhook: true });
  await update(flow.id, { data: GRAPH }).expectStatus(200).expectJsonLike({ webhook: false });
});

requirement('FLOWS-034', async () => {
  const name = uniqueName('old');
  const { body } = await call('createFlows', {
    body: { flows: [{ name, data: GRAPH, updated_at: '2020-01-01T00:00:00+00:00' }] },
  }).expectStatus(201);
  await removeLater('flow', `/api/v1/flows/${first(body).id}`);
  const before = (await given.flow()).updated_at;
  const { body: updated } = await update(first(body).id, { description: 'now' }).expectStatus(200);
  expect(Date.parse(updated.updated_at ?? '')).toBeGreaterThanOrEqual(Date.parse(before ?? ''));
});

requirement('FLOWS-065', async () => {
  const user = await given.user();
  const { body } = await call('createFlows', {
    body: { flows: [{ name: uniqueName('placed'), data: GRAPH }] },
    as: user,
  }).expectStatus(201);
  const { id, folder_id } = first(body);
  await removeLater('flow', `/api/v1/flows/${id}`, user);
  expect(folder_id).toBeNull();
  const { body: updated } = await call('updateFlow', {
    path: { flow_id: id },
    body: { description: 'now' },
    as: user,
  }).expectStatus(200);
  const own = (await call('listProjects', { as: user }).expectStatus(200)).body.map(
    (project: { id: string }) => project.id,
  );
  expect([null, ...own]).not.toContain(updated.folder_id);
});

requirement('FLOWS-035', async () => {
  await update(randomUUID(), { name: 'no' }).expectStatus(404);
  await expectUnchanged(await given.flow(), 404, { name: uniqueName('no') }, 'bob');
});

requirement('FLOWS-036', async () => {
  const [flow, bob] = [await given.flow(), await person('bob')];
  await update(flow.id, malformed({ id: randomUUID(), user_id: bob.id }))
    .expectStatus(200)
    .expectJsonLike({ id: flow.id, user_id: flow.user_id });
});

requirement('FLOWS-037', async () => {
  const flow = await given.flow();
  expect((await update(flow.id, { data: { some: 'thing' } })).status).toBeGreaterThanOrEqual(400);
  expect((await read(flow.id).expectStatus(200)).body.data).toEqual(flow.data);
});

requirement('FLOWS-038', async () => {
  const flow = await given.flow({ endpoint_name: endpoint() });
  for (const endpoint_name of ['with space', 'a/b', '']) await expectUnchanged(flow, 422, { endpoint_name });
});

requirement('FLOWS-039', async () => {
  const flow = await given.flow();
  const path = { flow_id: flow.id };
  await call('deleteFlow', { path }).expectStatus(200);
  // A real deployment commits a deletion after its response.
  await expect.poll(async () => (await read(flow.id)).status).toBe(404);
  await call('deleteFlow', { path }).expectStatus(404);
  expect(idsOf(await listFlows())).not.toContain(flow.id);
});

requirement('FLOWS-040', async () => {
  const flow = await given.runnableFlow(ECHO);
  await call('runFlow', { path: { flow_id_or_name: flow.id }, body: { input_value: 'remember me' } }).expectStatus(200);
  const messages = async () =>
    (await raw('GET', `/api/v1/monitor/messages?flow_id=${flow.id}`, { as: 'alice' }).expectStatus(200)).body.length;
  await expect.poll(messages).toBeGreaterThan(0);
  expect(await builds(flow)).not.toEqual({});
  await call('deleteFlow', { path: { flow_id: flow.id } }).expectStatus(200);
  await expect.poll(messages).toBe(0);
  await expect.poll(() => builds(flow)).toEqual({});
  const transactions = async () =>
    (await call('listTransactions', { query: { flow_id: flow.id } }).expectStatus(200)).body.total;
  await expect.poll(transactions).toBe(0);
});

requirement('FLOWS-041', async () => {
  const flow = await given.flow();
  await call('deleteFlow', { path: { flow_id: randomUUID() } }).expectStatus(404);
  await call('deleteFlow', { path: { flow_id: flow.id }, as: 'bob' }).expectStatus(404);
  await read(flow.id).expectStatus(200);
});
