import { randomUUID } from 'node:crypto';
import ECHO from '../fixtures/flows/echo.json' with { type: 'json' };
import type { BodyOf, Schema } from '../spec/operations.ts';
import type { Malformed } from './support/call.ts';
import { builds } from './support/conversation.ts';
import { flowWithDigits, hasDigits } from './support/digits.ts';
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
  watchList,
} from './support/index.ts';

const read = (flow_id: string) => call('readFlow', { path: { flow_id } });
const update = (flow_id: string, body: BodyOf<'updateFlow'> | Malformed) =>
  call('updateFlow', { path: { flow_id }, body });
const endpoint = () => uniqueName('ep').replaceAll(' ', '-').concat('-x');

async function created(body: BodyOf<'createFlow'> | Malformed, as: As = 'alice') {
  const response = await call('createFlow', { body, as }).expectStatus(201);
  await removeLater('flow', `/api/v1/flows/${response.body.id}`, as);
  return response.body;
}

/** Expects that the request is refused and creates nothing. */
async function expectRefused(status: 400 | 422 | 500, body: object) {
  const newcomers = await watchList(listFlows);
  const response = await call('createFlow', { body: malformed({ name: uniqueName('refused'), ...body }) }).expectStatus(
    status,
  );
  expect(await newcomers()).toEqual([]);
  return response.body;
}

/** Expects that the request is refused and changes nothing. */
async function expectUnchanged(flow: Flow, status: number, body: BodyOf<'updateFlow'>, as: As = 'alice') {
  await call('updateFlow', { path: { flow_id: flow.id }, body, as }).expectStatus(status);
  expect((await read(flow.id).expectStatus(200)).body).toEqual(flow);
}

requirement('FLOWS-010', async () => {
  const sent: BodyOf<'createFlow'> = {
    name: uniqueName('sent'),
    description: 'Says hello é',
    data: GRAPH,
    endpoint_name: endpoint(),
    tags: ['a', 'b'],
    icon: 'Bot',
    icon_bg_color: '#112233',
    gradient: '2',
    is_component: true,
    locked: true,
    mcp_enabled: true,
    action_name: 'say',
    action_description: 'hello',
    access_type: 'PUBLIC',
  };
  const flow = await created(sent);
  expect(flow).toMatchObject(sent);
  expect((await read(flow.id).expectStatus(200)).body).toEqual(flow);
});

requirement('FLOWS-070', async () => {
  const options = { headers: { 'content-type': 'application/json' } };
  const made = await call('createFlow', { ...options, rawBody: flowWithDigits(uniqueName('digits')) }).expectStatus(
    201,
  );
  const { id } = made.body;
  await removeLater('flow', `/api/v1/flows/${id}`);
  expect(hasDigits(made.text)).toBe(true);
  expect(hasDigits((await read(id).expectStatus(200)).text)).toBe(true);
  const changed = await call('updateFlow', {
    ...options,
    path: { flow_id: id },
    rawBody: flowWithDigits(uniqueName('changed')),
  }).expectStatus(200);
  expect(hasDigits(changed.text)).toBe(true);
  expect((await read(id).expectStatus(200)).text).toBe(changed.text);
  const listed = (await call('listFlows').expectStatus(200)).text;
  expect(hasDigits(listed.slice(listed.indexOf(changed.body.name)))).toBe(true);
});

requirement('FLOWS-071', async () => {
  const rawBody = flowWithDigits(uniqueName('infinite'), '[1e400,-1e400,NaN]');
  const { body, text } = await call('createFlow', {
    rawBody,
    headers: { 'content-type': 'application/json' },
    valid: false,
  }).expectStatus(201);
  await removeLater('flow', `/api/v1/flows/${body.id}`);
  expect(text.replaceAll(/\s/g, '')).toContain('"digits":[null,null,null]');
  expect((await read(body.id).expectStatus(200)).body).toEqual(body);
});

requirement('FLOWS-011', async () => {
  expect(await created({ name: uniqueName('bare') })).toMatchObject({
    data: null,
    description: null,
    endpoint_name: null,
    is_component: false,
    locked: false,
    access_type: 'PRIVATE',
  });
});

requirement('FLOWS-012', async () => {
  const id = randomUUID();
  const [one, other] = [
    await created(malformed({ name: uniqueName('own'), id })),
    await created({ name: uniqueName('own') }),
  ];
  expect(one.user_id).toBe((await person('alice')).id);
  expect(new Set([id, one.id, other.id]).size).toBe(3);
});

requirement('FLOWS-064', async () => {
  const bob = await person('bob');
  const { body } = await call('createFlow', { body: { name: uniqueName('given'), user_id: bob.id } }).expectStatus(201);
  await removeLater('flow', `/api/v1/flows/${body.id}`, 'bob');
  expect(body.user_id).toBe(bob.id);
  await call('readFlow', { path: { flow_id: body.id } }).expectStatus(404);
  await expect.poll(async () => (await call('readFlow', { path: { flow_id: body.id }, as: 'bob' })).status).toBe(200);
});

requirement('FLOWS-013', async () => {
  const projects = (await call('listProjects').expectStatus(200)).body;
  const inDefault = await created({ name: uniqueName('placed') });
  expect(inDefault.folder_id).toBe(projects.find(({ name }) => name === 'Starter Project')?.id);
  const project = await given.project();
  expect((await created({ name: uniqueName('placed'), folder_id: project.id })).folder_id).toBe(project.id);
});

requirement('FLOWS-014', async () => {
  const { name } = await given.flow();
  expect((await created({ name })).name).toBe(`${name} (1)`);
  expect((await created({ name })).name).toBe(`${name} (2)`);
});

requirement('FLOWS-015', async () => {
  const endpoint_name = endpoint();
  await given.flow({ endpoint_name });
  expect((await created({ name: uniqueName('ep'), endpoint_name })).endpoint_name).toBe(`${endpoint_name}-1`);
  expect((await created({ name: uniqueName('ep'), endpoint_name })).endpoint_name).toBe(`${endpoint_name}-2`);
});

requirement('FLOWS-016', async () => {
  const { name, endpoint_name } = await given.flow({ endpoint_name: endpoint() });
  expect(await created({ name, endpoint_name }, 'bob')).toMatchObject({ name, endpoint_name });
});

requirement('FLOWS-017', async () => {
  for (const endpoint_name of ['with space', 'a/b', '']) await expectRefused(422, { endpoint_name });
});

requirement('FLOWS-018', async () => {
  for (const data of [{ nodes: [] }, { edges: [] }])
    expect((await expectRefused(422, { data })).detail).toMatchObject([{ type: 'value_error', loc: ['body', 'data'] }]);
});

requirement('FLOWS-019', async () => {
  for (const icon_bg_color of ['red', '#12'])
    expect((await expectRefused(422, { icon_bg_color })).detail).toMatchObject([
      { type: 'value_error', loc: ['body', 'icon_bg_color'] },
    ]);
});

requirement('FLOWS-067', async () => {
  const emoji = {
    ':rocket:': '🚀',
    ':thumbs_up:': '👍️',
    ':waving_hand_light_skin_tone:': '👋🏻',
    ':bomb::red_heart:': '💣️❤️',
  };
  for (const [icon, shown] of Object.entries(emoji))
    expect((await created({ name: uniqueName('icon'), icon })).icon).toBe(shown);
  for (const icon of [':no_emoji:', ':rocket: :rocket:', ':Rocket:', '::', ':rocket', 'rocket:'])
    expect((await expectRefused(422, { icon })).detail).toMatchObject([{ type: 'value_error', loc: ['body', 'icon'] }]);
});

requirement('FLOWS-068', async () => {
  const endpoint_name = endpoint();
  await given.flow({ endpoint_name });
  await given.flow({ endpoint_name: `${endpoint_name}-1_0` });
  expect((await created({ name: uniqueName('ep'), endpoint_name })).endpoint_name).toBe(`${endpoint_name}-11`);
  await given.flow({ endpoint_name: `${endpoint_name}-x` });
  await expectRefused(500, { endpoint_name });
});

requirement('FLOWS-020', async () => {
  const flow = await created({ name: uniqueName('dated'), updated_at: '2020-01-01T00:00:00+00:00' });
  expect(Date.parse(flow.updated_at ?? '')).toBeGreaterThan(Date.parse('2024-01-01'));
});

requirement('FLOWS-021', async () => {
  for (const fs_path of ['', '../flow.json', '/etc/flow.json']) await expectRefused(400, { fs_path });
});

requirement('FLOWS-022', async () => {
  const [one, two, other] = [await given.flow(), await given.flow(), await given.flow()];
  await call('deleteFlows', { body: [one.id, two.id] }).expectStatus(200);
  for (const { id } of [one, two]) await expect.poll(async () => (await read(id)).status).toBe(404);
  await read(other.id).expectStatus(200);
});

requirement('FLOWS-023', async () => {
  const [mine, theirs] = [await given.flow(), await given.flow({ as: 'bob' })];
  await call('deleteFlows', { body: [mine.id, mine.id, theirs.id, randomUUID()] })
    .expectStatus(200)
    .expectJson({ deleted: 1 });
});

requirement('FLOWS-024', async () => {
  const flow = await given.flow();
  await call('deleteFlows', { body: [flow.id], as: 'bob' }).expectStatus(200);
  await read(flow.id).expectStatus(200);
});

requirement('FLOWS-025', async () => {
  await read(randomUUID()).expectStatus(404);
  await read((await given.flow()).id).expectStatus(200);
});

requirement('FLOWS-026', async () => {
  const flow = await given.flow();
  for (const as of ['bob', 'admin'] as const)
    await call('readFlow', { path: { flow_id: flow.id }, as }).expectStatus(404);
  await read(flow.id).expectStatus(200);
});

requirement('FLOWS-027', async () => {
  const flow = await given.flow({ tags: ['a'] });
  const changes: BodyOf<'updateFlow'> = {
    name: uniqueName('changed'),
    description: 'anew',
    data: GRAPH,
    locked: true,
    mcp_enabled: true,
    action_name: 'say',
    action_description: 'so',
    access_type: 'PUBLIC',
  };
  await update(flow.id, changes).expectStatus(200).expectJsonLike(changes);
  const { updated_at: _, ...expected } = { ...flow, ...changes };
  expect((await read(flow.id).expectStatus(200)).body).toMatchObject(expected);
  await update(flow.id, { description: 'again' }).expectStatus(200).expectJsonLike({ name: changes.name, data: GRAPH });
});

requirement('FLOWS-028', async () => {
  const flow = await given.flow();
  await update(flow.id, { name: null, description: null, data: null, access_type: null, folder_id: null }).expectStatus(
    200,
  );
  const { name, description, data, folder_id } = flow;
  expect((await read(flow.id).expectStatus(200)).body).toMatchObject({
    name,
    description,
    data,
    folder_id,
    access_type: 'PRIVATE',
  });
});

requirement('FLOWS-029', async () => {
  const endpoint_name = endpoint();
  const flow = await given.flow({ endpoint_name });
  await update(flow.id, { description: 'kept', endpoint_name }).expectStatus(200).expectJsonLike({ endpoint_name });
  await update(flow.id, { description: 'gone' }).expectStatus(200);
  expect((await read(flow.id).expectStatus(200)).body.endpoint_name).toBeNull();
});

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
