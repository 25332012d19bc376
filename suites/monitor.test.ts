import { builds, echoFlow, failingFlow, say } from './support/conversation.ts';
import { first } from './support/flow-lists.ts';
import { call, expect, requirement, stream } from './support/index.ts';
import { results } from './support/runs.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

requirement('MON-001', async () => {
  const { flow } = await say({ text: 'good morning' });
  const found = await builds(flow);
  const vertices = flow.data.nodes.map((node) => node.id);
  expect(Object.keys(found).toSorted()).toEqual(vertices.toSorted());
  for (const id of vertices)
    expect(found[id]).toMatchObject([{ id, flow_id: flow.id, valid: true, artifacts: { message: 'good morning' } }]);
});

requirement('MON-002', async () => {
  const { flow, response } = await say();
  const result = first(results(response));
  expect((await builds(flow))[result.component_id]).toMatchObject([{ data: result }]);
});

requirement('MON-003', async () => {
  const { flow } = await say({ text: 'first' });
  const before = Object.values<{ build_id: string }[]>(await builds(flow)).flat();
  await say({ flow, text: 'second' });
  const after = Object.values<{ build_id: string }[]>(await builds(flow)).flat();
  expect(after).toHaveLength(2);
  const old = new Set(before.map((build) => build.build_id));
  for (const build of after) {
    expect(old.has(build.build_id)).toBe(false);
    expect(build).toMatchObject({ artifacts: { message: 'second' } });
  }
});

requirement('MON-004', async () => {
  const flow = await echoFlow();
  await stream('runFlow', {
    path: { flow_id_or_name: flow.id },
    query: { stream: true },
    body: { input_value: 'streamed' },
    via: 'header',
  });
  const found = await builds(flow);
  for (const { id } of flow.data.nodes)
    expect(found[id]).toMatchObject([{ valid: true, artifacts: { message: 'streamed' } }]);
});

requirement('MON-005', async () => {
  const flow = await failingFlow();
  const response = await call('runFlow', {
    path: { flow_id_or_name: flow.id },
    body: { input_value: 'hello' },
    via: 'header',
  });
  expect(response.status).toBeGreaterThanOrEqual(400);
  const found = await builds(flow);
  expect(Object.keys(found)).toEqual([flow.data.nodes[0]?.id]);
});

requirement('MON-006', async () => {
  const flow = await echoFlow();
  expect(await builds(flow)).toEqual({});
  expect(await builds({ id: NOBODY })).toEqual({});
});

requirement('MON-007', async () => {
  const { flow } = await say();
  expect(Object.keys(await builds(flow, 'bob'))).toHaveLength(2);
});

requirement('MON-008', async () => {
  const { flow } = await say();
  expect(Object.keys(await builds(flow))).toHaveLength(2);
  await call('deleteFlow', { path: { flow_id: flow.id } }).expectStatus(200);
  await expect.poll(() => builds(flow)).toEqual({});
});

const deleteBuilds = (id: string, as?: 'bob') =>
  call('deleteBuilds', { query: { flow_id: id }, ...(as && { as }) }).expectStatus(204);

requirement('MON-009', async () => {
  const [one, other] = [await say(), await say()];
  await deleteBuilds(one.flow.id);
  await expect.poll(() => builds(one.flow)).toEqual({});
  expect(Object.keys(await builds(other.flow))).toHaveLength(2);
});

requirement('MON-010', async () => {
  await deleteBuilds((await echoFlow()).id);
  await deleteBuilds(NOBODY);
});

requirement('MON-011', async () => {
  const { flow } = await say();
  await deleteBuilds(flow.id, 'bob');
  await expect.poll(() => builds(flow)).toEqual({});
});

const transactions = (flow_id: string, query: Record<string, string> = {}) =>
  call('listTransactions', { query: { flow_id, ...query } });

requirement('MON-012', async () => {
  const { flow } = await say();
  await transactions(flow.id).expectStatus(200).expectJsonLike({ page: 1, size: 50 });
});

requirement('MON-013', async () => {
  const { flow } = await say();
  await transactions(flow.id, { page: '1', size: '7' }).expectStatus(200).expectJsonLike({ page: 1, size: 7 });
  await transactions(flow.id, { page: '2' }).expectStatus(200).expectJsonLike({ page: 2, size: 50 });
  await transactions(flow.id, { page: '900', size: '100' })
    .expectStatus(200)
    .expectJsonLike({ page: 900, size: 100, items: [] });
});

requirement('MON-014', async () => {
  const flow = await echoFlow();
  for (const name of ['page', 'size']) {
    const refused = await transactions(flow.id, { [name]: '0' }).expectStatus(422);
    expect(refused.body.detail).toMatchObject([{ type: 'greater_than_equal', loc: ['query', name] }]);
  }
  await transactions(flow.id, { page: '1', size: '1' }).expectStatus(200);
});

requirement('MON-015', async () => {
  const flow = await echoFlow();
  for (const query of [{ size: '101' }, { size: '-1' }, { page: '-1' }]) {
    const refused = await transactions(flow.id, query as Record<string, string>).expectStatus(500);
    expect(refused.body.message).toContain(Object.keys(query)[0]);
  }
  await transactions(flow.id, { size: '100' }).expectStatus(200);
});

requirement('MON-016', async () => {
  const nothing = { items: [], total: 0, pages: 0 };
  expect((await transactions((await echoFlow()).id).expectStatus(200)).body).toMatchObject(nothing);
  expect((await transactions(NOBODY).expectStatus(200)).body).toMatchObject(nothing);
});

requirement('MON-017', async () => {
  const { flow } = await say();
  expect(await builds(flow)).not.toEqual({});
  await transactions(flow.id).expectStatus(200).expectJsonLike({ total: 0 });
});
