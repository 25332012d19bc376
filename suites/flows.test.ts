import { randomUUID } from 'node:crypto';
import type { BodyOf } from '../spec/operations.ts';
import type { Malformed } from './support/call.ts';
import { flowWithDigits, hasDigits } from './support/digits.ts';
import { endpoint, read, update } from './support/flow-calls.ts';
import { listFlows } from './support/flow-lists.ts';
import { GRAPH } from './support/graphs.ts';
import {
  type As,
  call,
  expect,
  given,
  malformed,
  person,
  removeLater,
  requirement,
  uniqueName,
  watchList,
} from './support/index.ts';

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
