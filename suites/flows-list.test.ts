import { first, idsOf, listFlows, pageOfFlows } from './support/flow-lists.ts';
import { call, expect, given, removeLater, requirement, uniqueName } from './support/index.ts';

async function projectOfThree() {
  const project = await given.project();
  const flows = [];
  for (const is_component of [false, true, false])
    flows.push(await given.flow({ folder_id: project.id, is_component }));
  return { project, flows };
}

requirement('FLOWS-001', async () => {
  const [one, other, theirs] = [
    await given.flow(),
    first((await projectOfThree()).flows),
    await given.flow({ as: 'bob' }),
  ];
  const flows = await listFlows();
  for (const flow of [one, other])
    expect(flows).toContainEqual((await call('readFlow', { path: { flow_id: flow.id } }).expectStatus(200)).body);
  expect(idsOf(flows)).not.toContain(theirs.id);
});

requirement('FLOWS-002', async () => {
  const { flows } = await projectOfThree();
  const headers = await listFlows({ header_flows: true });
  expect(idsOf(headers)).toEqual(expect.arrayContaining(idsOf(flows)));
  expect(idsOf(headers).toSorted()).toEqual(idsOf(await listFlows()).toSorted());
  const [plain, component] = flows;
  const of = (id: string | undefined) => headers.find((header) => header.id === id);
  expect(of(plain?.id)).toMatchObject({ name: plain?.name, data: null });
  expect(of(component?.id)).toMatchObject({ name: component?.name, data: component?.data });
});

requirement('FLOWS-003', async () => {
  const { flows } = await projectOfThree();
  const components = await listFlows({ components_only: true });
  expect(idsOf(components)).toContain(flows[1]?.id);
  expect(components.every(({ is_component }) => is_component)).toBe(true);
});

requirement('FLOWS-004', async () => {
  const { project, flows } = await projectOfThree();
  await given.flow();
  expect(idsOf((await pageOfFlows({ folder_id: project.id })).items).sort()).toEqual(idsOf(flows).sort());
});

requirement('FLOWS-005', async () => {
  const { project, flows } = await projectOfThree();
  const page = (number: number) => pageOfFlows({ folder_id: project.id, page: number, size: 2 });
  const [first, second, third] = [await page(1), await page(2), await page(3)];
  for (const [index, one] of [first, second, third].entries())
    expect(one).toMatchObject({ total: 3, page: index + 1, size: 2, pages: 2 });
  expect(idsOf([...first.items, ...second.items]).sort()).toEqual(idsOf(flows).sort());
  expect(third.items).toEqual([]);
});

requirement('FLOWS-006', async () => {
  const { project, flows } = await projectOfThree();
  const other = await given.flow();
  expect(idsOf(await listFlows({ folder_id: project.id, page: 1, size: 1 }))).toEqual(
    expect.arrayContaining([...idsOf(flows), other.id]),
  );
});

requirement('FLOWS-007', async () => {
  const flow = await given.flow();
  const found = idsOf(await listFlows({ remove_example_flows: true }));
  expect(found).toContain(flow.id);
  const examples = idsOf((await call('listBasicExamples').expectStatus(200)).body);
  expect(found.filter((id) => examples.includes(id))).toEqual([]);
});

requirement('FLOWS-066', async () => {
  const user = await given.user();
  const flow = await given.flow({ as: user });
  const folder_id = flow.folder_id ?? expect.fail('the flow is in no project');
  await expect.poll(async () => idsOf((await pageOfFlows({ folder_id }, user)).items)).toEqual([flow.id]);
  expect(await pageOfFlows({}, user)).toMatchObject({ items: [], total: 0 });
});

requirement('FLOWS-063', async () => {
  const { body } = await call('createFlows', { body: { flows: [{ name: uniqueName('batch') }] } }).expectStatus(201);
  const { id, folder_id } = first(body);
  await removeLater('flow', `/api/v1/flows/${id}`);
  expect(folder_id).toBeNull();
  await expect.poll(async () => idsOf(await listFlows())).toContain(id);
  expect(idsOf(await listFlows({ remove_example_flows: true }))).not.toContain(id);
});

requirement('FLOWS-008', async () => {
  await call('listFlows', { headers: { 'accept-encoding': 'identity' } })
    .expectStatus(200)
    .expectHeader('content-encoding', 'gzip');
});

requirement('FLOWS-009', async () => {
  const project = await given.project({ as: 'bob' });
  await given.flow({ folder_id: project.id, as: 'bob' });
  expect(await listFlows({ get_all: false, folder_id: project.id })).toMatchObject({ items: [], total: 0 });
});

requirement('FLOWS-045', async () => {
  const { body } = await call('listBasicExamples', { as: null }).expectStatus(200);
  expect(body.length).toBeGreaterThan(0);
  for (const { user_id, data } of body) {
    expect(user_id).toBeNull();
    expect([Array.isArray(data?.nodes), Array.isArray(data?.edges)]).toEqual([true, true]);
  }
  expect(new Set(body.map(({ folder_id }) => folder_id)).size).toBe(1);
});

requirement('FLOWS-046', async () => {
  const example = first((await call('listBasicExamples').expectStatus(200)).body);
  expect(idsOf(await listFlows())).not.toContain(example.id);
  await call('readFlow', { path: { flow_id: example.id } }).expectStatus(404);
});
