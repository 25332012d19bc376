import { randomUUID } from 'node:crypto';
import type { BodyOf, QueryOf, Schema } from '../spec/operations.ts';
import { first } from './support/flow-lists.ts';
import { type As, call, expect, given, raw, removeLater, requirement, uniqueName } from './support/index.ts';

type Query = QueryOf<'readProject'>;

const read = (project_id: string, query: Query = {}) => call('readProject', { path: { project_id }, query });
/** Without page and size a project is returned with all its flows, otherwise with a page of them. */
const flowsOf = async (project_id: string, query?: Query) =>
  ((await read(project_id, query).expectStatus(200)).body as Schema<'ProjectWithFlows'>).flows;
const pageOf = async (project_id: string, query: Query) =>
  (await read(project_id, query).expectStatus(200)).body as Schema<'ProjectPage'>;
const update = (project_id: string, body: BodyOf<'updateProject'>) =>
  call('updateProject', { path: { project_id }, body });
const namesOf = (items: { name: string | null }[]) => items.map(({ name }) => name).sort();

async function createProject(body: BodyOf<'createProject'>, as: As = 'alice') {
  const response = await call('createProject', { body, as }).expectStatus(201);
  await removeLater('project', `/api/v1/projects/${response.body.id}`, as);
  return response.body;
}

requirement('PROJECTS-001', async () => {
  const user = await given.user();
  const { body } = await call('listProjects', { as: user }).expectStatus(200);
  expect(namesOf(body)).toEqual(['Starter Project']);
});

requirement('PROJECTS-002', async () => {
  const [mine, theirs] = [await given.project(), await given.project({ as: 'bob' })];
  const ids = (await call('listProjects').expectStatus(200)).body.map(({ id }) => id);
  expect(ids).toContain(mine.id);
  expect(ids).not.toContain(theirs.id);
});

requirement('PROJECTS-003', async () => {
  const user = await given.user();
  await given.project({ name: 'A first one', as: user });
  const { body } = await call('listProjects', { as: user }).expectStatus(200);
  expect(first(body).name).toBe('Starter Project');
});

requirement('PROJECTS-004', async () => {
  const sent = { name: uniqueName('new project'), description: 'What it is for' };
  const project = await createProject(sent);
  expect(project).toMatchObject(sent);
  await read(project.id).expectStatus(200).expectJsonLike(sent);
});

requirement('PROJECTS-005', async () => {
  const { name } = await given.project();
  expect((await createProject({ name })).name).toBe(`${name} (1)`);
  expect((await createProject({ name })).name).toBe(`${name} (2)`);
});

requirement('PROJECTS-043', async () => {
  for (const [inBrackets, next] of Object.entries({ '1_0': 11, ' 7 ': 8, '+1': 2, '٣': 4 })) {
    const { name } = await given.project({ name: uniqueName(`p(${inBrackets})`) });
    expect((await createProject({ name })).name).toBe(`${name} (${next})`);
  }
  const { name } = await given.project({ name: uniqueName('p(new)') });
  await call('createProject', { body: { name } }).expectStatus(500);
  const { body } = await call('listProjects').expectStatus(200);
  expect(namesOf(body).filter((other) => other?.startsWith(name))).toEqual([name]);
});

requirement('PROJECTS-006', async () => {
  const { name } = await given.project();
  expect((await createProject({ name }, 'bob')).name).toBe(name);
});

requirement('PROJECTS-007', async () => {
  const [flow, component, other] = [await given.flow(), await given.flow({ is_component: true }), await given.flow()];
  const project = await createProject({
    name: uniqueName('mover'),
    flows_list: [flow.id],
    components_list: [component.id],
  });
  const { body } = await read(project.id).expectStatus(200);
  expect(namesOf((body as Schema<'ProjectWithFlows'>).flows)).toEqual(namesOf([flow, component]));
  await call('readFlow', { path: { flow_id: other.id } })
    .expectStatus(200)
    .expectJsonLike({ folder_id: other.folder_id });
});

requirement('PROJECTS-008', async () => {
  const automatic = (await raw('GET', '/api/v1/auto_login')).status === 200;
  for (const settings of [{}, { auth_settings: {} }]) {
    const project = await createProject({ name: uniqueName('keyed'), ...settings });
    expect(project.auth_settings?.auth_type ?? 'none').toBe(automatic ? 'none' : 'apikey');
  }
});

requirement('PROJECTS-009', async () => {
  const project = await createProject({ name: uniqueName('open'), auth_settings: { auth_type: 'none' } });
  expect(project.auth_settings).toMatchObject({ auth_type: 'none' });
});

requirement('PROJECTS-010', async () => {
  const project = await given.project();
  const { body } = await call('listApiKeys').expectStatus(200);
  expect(namesOf(body.api_keys)).toContain(`MCP Project ${project.name} - default`);
});

requirement('PROJECTS-011', async () => {
  const user = await given.user();
  await given.project({ name: 'Same name', as: user });
  await call('createProject', { body: { name: 'Same-name!' }, as: user }).expectStatus(409);
  // The first 26 letters count.
  const long = 'a'.repeat(25);
  for (const end of ['b', 'cd']) await given.project({ name: long + end, as: user });
  await call('createProject', { body: { name: `${long}ce` }, as: user }).expectStatus(409);
  const { body } = await call('listProjects', { as: user }).expectStatus(200);
  expect(namesOf(body)).toEqual(['Same name', 'Starter Project', `${long}b`, `${long}cd`]);
});

requirement('PROJECTS-012', async () => {
  const project = await given.project();
  const flows = [
    await given.flow({ folder_id: project.id }),
    await given.flow({ folder_id: project.id, is_component: true }),
  ];
  const { body } = await read(project.id).expectStatus(200);
  expect(namesOf((body as Schema<'ProjectWithFlows'>).flows)).toEqual(namesOf(flows));
});

async function projectOfThree() {
  const project = await given.project();
  const flows = [];
  for (const is_component of [false, true, false])
    flows.push(await given.flow({ folder_id: project.id, is_component }));
  return { project, flows };
}

requirement('PROJECTS-013', async () => {
  const { project, flows } = await projectOfThree();
  const pages = [await pageOf(project.id, { page: 1, size: 2 }), await pageOf(project.id, { page: 2, size: 2 })];
  for (const [index, { folder, flows: page }] of pages.entries()) {
    expect(folder.id).toBe(project.id);
    expect(page).toMatchObject({ total: 3, page: index + 1, size: 2, pages: 2 });
  }
  expect(namesOf(pages.flatMap((page) => page.flows.items))).toEqual(namesOf(flows));
});

requirement('PROJECTS-014', async () => {
  const { project } = await projectOfThree();
  const { body } = await read(project.id, { page: 9, size: 2 }).expectStatus(200);
  expect(body.flows).toMatchObject({ items: [], total: 3 });
});

requirement('PROJECTS-015', async () => {
  const { project, flows } = await projectOfThree();
  for (const query of [{ page: 1 }, { size: 1 }])
    expect(namesOf(await flowsOf(project.id, query))).toEqual(namesOf(flows));
});

requirement('PROJECTS-016', async () => {
  const { project, flows } = await projectOfThree();
  const found = async (query: Query) =>
    namesOf((await pageOf(project.id, { page: 1, size: 10, ...query })).flows.items);
  const [components, others] = [flows.filter((flow) => flow.is_component), flows.filter((flow) => !flow.is_component)];
  expect(await found({ is_component: true })).toEqual(namesOf(components));
  expect(await found({ is_flow: true })).toEqual(namesOf(others));
});

requirement('PROJECTS-017', async () => {
  const project = await given.project();
  const wanted = await given.flow({ folder_id: project.id, name: uniqueName('needle') });
  await given.flow({ folder_id: project.id });
  expect(namesOf((await pageOf(project.id, { page: 1, size: 10, search: 'needle' })).flows.items)).toEqual([
    wanted.name,
  ]);
});

requirement('PROJECTS-018', async () => {
  const { project, flows } = await projectOfThree();
  const oldest = first(flows);
  await call('updateFlow', { path: { flow_id: oldest.id }, body: { description: 'changed' } }).expectStatus(200);
  expect((await pageOf(project.id, { page: 1, size: 10 })).flows.items[0]?.name).toBe(oldest.name);
});

requirement('PROJECTS-019', async () => {
  const project = await given.project();
  await read(randomUUID()).expectStatus(404);
  for (const as of ['bob', 'admin'] as const)
    await call('readProject', { path: { project_id: project.id }, as }).expectStatus(404);
  await read(project.id).expectStatus(200);
});

requirement('PROJECTS-020', async () => {
  const [project, parent] = [await given.project(), await given.project()];
  const name = uniqueName('renamed');
  await update(project.id, { name }).expectStatus(200).expectJsonLike({ name, description: project.description });
  await update(project.id, { description: 'anew', parent_id: parent.id })
    .expectStatus(200)
    .expectJsonLike({ parent_id: parent.id });
  await update(project.id, { name: null, description: null }).expectStatus(200);
  await read(project.id).expectStatus(200).expectJsonLike({ name, description: 'anew', parent_id: parent.id });
});

requirement('PROJECTS-021', async () => {
  const { project, flows } = await projectOfThree();
  await update(project.id, { name: uniqueName('kept') }).expectStatus(200);
  expect(namesOf(await flowsOf(project.id))).toEqual(namesOf(flows));
});

requirement('PROJECTS-022', async () => {
  const { project, flows } = await projectOfThree();
  const other = await given.flow();
  await update(project.id, { flows: [other.id], components: [] }).expectStatus(200);
  expect(namesOf(await flowsOf(project.id))).toEqual(namesOf(flows));
});

requirement('PROJECTS-023', async () => {
  const project = await given.project();
  await update(randomUUID(), { description: 'no' }).expectStatus(404);
  await call('updateProject', {
    path: { project_id: project.id },
    body: { description: 'no' },
    as: 'bob',
  }).expectStatus(404);
  await read(project.id).expectStatus(200).expectJsonLike({ description: project.description });
});

requirement('PROJECTS-024', async () => {
  const [one, other] = [await given.project(), await given.project()];
  const { status } = await update(one.id, { name: other.name });
  expect(status).toBeGreaterThanOrEqual(400);
  for (const { id, name } of [one, other]) await read(id).expectStatus(200).expectJsonLike({ name });
});

requirement('PROJECTS-025', async () => {
  const project = await given.project();
  await update(project.id, { auth_settings: { auth_type: 'none' } }).expectStatus(200);
  expect((await read(project.id).expectStatus(200)).body.auth_settings).toEqual({ auth_type: 'none' });
  await update(project.id, { auth_settings: null }).expectStatus(200);
  expect((await read(project.id).expectStatus(200)).body.auth_settings).toBeNull();
});

requirement('PROJECTS-026', async () => {
  const project = await given.project();
  const secret = randomUUID();
  for (const auth_settings of [
    { auth_type: 'apikey', api_key: secret },
    { auth_type: 'none', oauth_client_secret: secret },
  ]) {
    const { body, text } = await update(project.id, { auth_settings }).expectStatus(200);
    expect(body.auth_settings?.auth_type).toBe(auth_settings.auth_type);
    for (const shown of [text, (await read(project.id).expectStatus(200)).text]) expect(shown).not.toContain(secret);
  }
});

requirement('PROJECTS-027', async () => {
  const user = await given.user();
  await given.project({ name: 'Same name', as: user });
  const other = await given.project({ name: 'Another', as: user });
  await call('updateProject', { path: { project_id: other.id }, body: { name: 'Same-name!' }, as: user }).expectStatus(
    409,
  );
  await call('readProject', { path: { project_id: other.id }, as: user })
    .expectStatus(200)
    .expectJsonLike({ name: 'Another' });
});

requirement('PROJECTS-028', async () => {
  const project = await given.project();
  const path = { project_id: project.id };
  await call('deleteProject', { path }).expectStatus(204);
  // A real deployment commits a deletion after its response.
  await expect.poll(async () => (await call('readProject', { path })).status).toBe(404);
  await call('deleteProject', { path }).expectStatus(404);
  expect((await call('listProjects').expectStatus(200)).body.map(({ id }) => id)).not.toContain(project.id);
});

requirement('PROJECTS-029', async () => {
  const { project, flows } = await projectOfThree();
  await call('deleteProject', { path: { project_id: project.id } }).expectStatus(204);
  for (const { id } of flows)
    await expect.poll(async () => (await call('readFlow', { path: { flow_id: id } })).status).toBe(404);
});

requirement('PROJECTS-030', async () => {
  const { project, flows } = await projectOfThree();
  await call('deleteProject', { path: { project_id: randomUUID() } }).expectStatus(404);
  await call('deleteProject', { path: { project_id: project.id }, as: 'bob' }).expectStatus(404);
  expect(namesOf(await flowsOf(project.id))).toEqual(namesOf(flows));
});

requirement('PROJECTS-031', async () => {
  const user = await given.user();
  const { body } = await call('listProjects', { as: user }).expectStatus(200);
  await call('deleteProject', { path: { project_id: first(body).id }, as: user }).expectStatus(204);
  await expect.poll(async () => (await call('listProjects', { as: user }).expectStatus(200)).body).toEqual([]);
});

requirement('PROJECTS-032', async () => {
  const user = await given.user();
  const project = await given.project({ name: 'Langflow Assistant', as: user });
  await call('deleteProject', { path: { project_id: project.id }, as: user }).expectStatus(403);
  await call('readProject', { path: { project_id: project.id }, as: user }).expectStatus(200);
});
