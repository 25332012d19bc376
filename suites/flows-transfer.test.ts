import { randomUUID } from 'node:crypto';
import { strFromU8, unzipSync } from 'fflate';
import type { QueryOf } from '../spec/operations.ts';
import { flowWithDigits, hasDigits } from './support/digits.ts';
import { componentOf, type Flow, first, listFlows } from './support/flow-lists.ts';
import { SECRET_FIELDS } from './support/graphs.ts';
import {
  type ApiResponse,
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
import { validationErrors } from './support/validation-errors.ts';

const GRAPH = {
  nodes: [{ id: 'Model-a1b2c', position: { x: 1, y: 2.5 }, data: { node: { template: SECRET_FIELDS } } }],
  edges: [],
};

const namesOf = (flows: { name: string }[]) => flows.map(({ name }) => name);
const allNames = async (): Promise<string[]> => namesOf(await listFlows());
const download = (...ids: string[]) => call('downloadFlows', { body: ids });

/** Removes at the end what a response says was created. */
async function kept<A extends ApiResponse>(response: A): Promise<A & ApiResponse<Flow[]>> {
  const made = response as A & ApiResponse<Flow[]>;
  for (const { id } of made.status === 201 ? made.body : []) await removeLater('flow', `/api/v1/flows/${id}`);
  return made;
}

async function upload(content: unknown, query: QueryOf<'uploadFlows'> = {}): Promise<ApiResponse<Flow[]>> {
  const file = { content: typeof content === 'string' ? content : JSON.stringify(content), filename: 'flow.json' };
  return kept(await call('uploadFlows', { query, multipart: { file }, valid: true }));
}

requirement('FLOWS-047', async () => {
  const flows = [
    { name: uniqueName('batch'), data: GRAPH },
    { name: uniqueName('batch') },
    { name: uniqueName('batch') },
  ];
  const { body } = await kept(await call('createFlows', { body: { flows } }).expectStatus(201));
  expect(namesOf(body)).toEqual(namesOf(flows));
  const { id } = await person('alice');
  for (const flow of body)
    await call('readFlow', { path: { flow_id: flow.id } })
      .expectStatus(200)
      .expectJsonLike({ name: flow.name, user_id: id });
});

requirement('FLOWS-048', async () => {
  const [taken, free] = [await given.flow(), uniqueName('none')];
  for (const flows of [
    [{ name: free }, { name: taken.name }],
    [{ name: free }, { name: free }],
  ]) {
    const { status } = await kept(await call('createFlows', { body: { flows } }));
    expect(status).toBeGreaterThanOrEqual(400);
  }
  expect(await allNames()).not.toContain(free);
});

requirement('FLOWS-049', async () => {
  const free = uniqueName('none');
  const { body } = await call('createFlows', {
    body: malformed({ flows: [{ name: free }, { description: 'no name' }] }),
  }).expectStatus(422);
  expect(validationErrors(body)[0]?.loc).toEqual(['body', 'flows', 1, 'name']);
  expect(await allNames()).not.toContain(free);
});

requirement('FLOWS-050', async () => {
  const { body } = await kept(
    await call('createFlows', { body: { flows: [{ name: uniqueName('batch') }] } }).expectStatus(201),
  );
  expect(first(body).folder_id).toBeNull();
});

requirement('FLOWS-069', async () => {
  const times = ['2020-01-02T03:04:05', '2020-01-02T03:04:05.25+02:00', '2020-01-02 03:04:05Z', '20200102T030405'];
  const flows = times.map((updated_at) => ({ name: uniqueName('batch'), updated_at }));
  const { body } = await kept(await call('createFlows', { body: { flows } }).expectStatus(201));
  for (const { id } of body) {
    await call('readFlow', { path: { flow_id: id } })
      .expectStatus(200)
      .expectJsonLike({ updated_at: '2020-01-02T03:04:05+00:00' });
  }
});

requirement('FLOWS-051', async () => {
  const flow = { name: uniqueName('uploaded'), description: 'from a file', data: GRAPH };
  const { status, body } = await upload(flow);
  expect(status).toBe(201);
  expect(body).toMatchObject([flow]);
  await call('readFlow', { path: { flow_id: first(body).id } })
    .expectStatus(200)
    .expectJsonLike({ name: flow.name });
});

requirement('FLOWS-052', async () => {
  const flows = [{ name: uniqueName('uploaded') }, { name: uniqueName('uploaded') }];
  expect(namesOf((await upload({ flows })).body)).toEqual(namesOf(flows));
});

requirement('FLOWS-062', async () => {
  const free = uniqueName('none');
  expect((await upload({ name: free, fs_path: '/etc/flow.json' })).status).toBe(400);
  expect(await allNames()).not.toContain(free);
});

requirement('FLOWS-053', async () => {
  const [alice, bob, id] = [await person('alice'), await person('bob'), randomUUID()];
  const { body } = await upload({ name: uniqueName('uploaded'), id, user_id: bob.id });
  expect(first(body).user_id).toBe(alice.id);
  expect(first(body).id).not.toBe(id);
});

requirement('FLOWS-054', async () => {
  const [one, other] = [await given.project(), await given.project()];
  const flow = () => ({ name: uniqueName('uploaded'), folder_id: one.id });
  expect(first((await upload(flow(), { folder_id: other.id })).body).folder_id).toBe(other.id);
  expect(first((await upload(flow())).body).folder_id).toBe(one.id);
  expect(first((await upload({ name: uniqueName('uploaded') })).body).folder_id).toBe((await given.flow()).folder_id);
});

requirement('FLOWS-055', async () => {
  const { name, endpoint_name } = await given.flow({ endpoint_name: `${uniqueName('ep').replaceAll(' ', '-')}-x` });
  const { body } = await upload({
    flows: [
      { name, endpoint_name },
      { name, endpoint_name },
    ],
  });
  expect(body).toMatchObject([
    { name: `${name} (1)`, endpoint_name: `${endpoint_name}-1` },
    { name: `${name} (2)`, endpoint_name: `${endpoint_name}-2` },
  ]);
});

requirement('FLOWS-056', async () => {
  const flow = await given.flow({ data: GRAPH, tags: ['a'], description: 'é' });
  const { body: written } = await download(flow.id).expectStatus(200);
  const { data, tags, description } = written;
  expect((await upload(written)).body).toMatchObject([{ data, tags, description }]);
  expect({ tags, description }).toEqual({ tags: ['a'], description: 'é' });
});

requirement('FLOWS-057', async () => {
  const newcomers = await watchList(listFlows);
  for (const content of ['PK\u0003\u0004', 'no JSON', { description: 'no name' }])
    expect((await upload(content)).status).toBeGreaterThanOrEqual(400);
  expect(await newcomers()).toEqual([]);
});

requirement('FLOWS-072', async () => {
  const flow = () => flowWithDigits(uniqueName('digits'));
  const headers = { 'content-type': 'application/json' };
  const batch = await kept(await call('createFlows', { headers, rawBody: `{"flows":[${flow()}]}` }).expectStatus(201));
  const uploaded = await upload(flow());
  for (const { text } of [batch, uploaded]) expect(hasDigits(text)).toBe(true);
  const ids = [...batch.body, ...uploaded.body].map(({ id }) => id);
  for (const id of ids) expect(hasDigits((await download(id).expectStatus(200)).text)).toBe(true);
  const files = unzipSync((await download(...ids).expectStatus(200)).bytes);
  expect(Object.values(files).map((file) => hasDigits(strFromU8(file)))).toEqual([true, true]);
});

requirement('FLOWS-058', async () => {
  const flow = await given.flow();
  const { body, headers } = await download(flow.id).expectStatus(200);
  expect(headers['content-type']).toContain('application/json');
  expect(body).toMatchObject(flow);
});

requirement('FLOWS-059', async () => {
  const flows = [await given.flow(), await given.flow()];
  await given.flow();
  const { bytes, headers } = await download(...flows.map(({ id }) => id)).expectStatus(200);
  expect(headers['content-disposition']).toMatch(/^attachment; filename=.+\.zip$/);
  const files = unzipSync(bytes);
  expect(Object.keys(files).sort()).toEqual(flows.map(({ name }) => `${name}.json`).sort());
  for (const flow of flows) expect(JSON.parse(strFromU8(files[`${flow.name}.json`] as Uint8Array))).toMatchObject(flow);
});

requirement('FLOWS-060', async () => {
  const flow = await given.flow({ data: GRAPH });
  const { template } = componentOf((await download(flow.id).expectStatus(200)).body);
  expect(['key', 'token', 'password', 'plain'].map((name) => template[name]?.value)).toEqual([
    null,
    null,
    'kept',
    'kept',
  ]);
  expect((await call('readFlow', { path: { flow_id: flow.id } }).expectStatus(200)).body.data).toEqual(GRAPH);
});

requirement('FLOWS-061', async () => {
  const [mine, theirs] = [await given.flow(), await given.flow({ as: 'bob' })];
  await download(mine.id, theirs.id, randomUUID()).expectStatus(200).expectJsonLike({ id: mine.id });
  await download(theirs.id, randomUUID()).expectStatus(404);
});
