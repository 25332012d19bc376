import echo from '../fixtures/flows/text-to-chat.json' with { type: 'json' };
import { type As, call, expect, given, malformed, removeLater, requirement, uniqueName } from './support/index.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const SECRET = 'a-secret-that-nobody-tells';

interface Variable {
  id: string;
  name: string;
  type: string;
  value: string | null;
  default_fields: string[] | null;
}

const list = async (as?: As): Promise<Variable[]> =>
  (await call('listVariables', as ? { as } : {}).expectStatus(200)).body;
const listed = async ({ id }: { id: string }, as?: As): Promise<Variable | undefined> =>
  (await list(as)).find((one) => one.id === id);
const change = (variable: { id: string }, body: object, as?: As) =>
  call('updateVariable', { path: { variable_id: variable.id }, body: { id: variable.id, ...body }, ...(as && { as }) });
const remove = (id: string, as?: As) => call('deleteVariable', { path: { variable_id: id }, ...(as && { as }) });
const create = (body: object) =>
  call('createVariable', { body: { name: uniqueName('variable'), value: 'a value', default_fields: [], ...body } });
const ids = (variables: { id: string }[]) => variables.map(({ id }) => id);

requirement('VARS-001', async () => {
  const made = await given.variable({ default_fields: ['API Key'] });
  const { id, name, type, default_fields } = made;
  expect(await listed(made)).toMatchObject({ id, name, type, default_fields });
  expect({ type, default_fields }).toEqual({ type: 'Generic', default_fields: ['API Key'] });
});

requirement('VARS-002', async () => {
  for (const type of [undefined, null, '']) expect((await given.variable({ type })).type).toBe('Credential');
});

requirement('VARS-003', async () => {
  const made = await create({ type: 'Credential', value: SECRET }).expectStatus(201);
  await removeLater('variable', `/api/v1/variables/${made.body.id}`);
  const changed = await change(made.body, { value: `${SECRET}-2` }).expectStatus(200);
  const all = await call('listVariables').expectStatus(200);
  for (const { body } of [made, changed]) expect(body.value).toBeNull();
  expect((await listed(made.body))?.value).toBeNull();
  for (const { text } of [made, changed, all]) expect(text).not.toContain(SECRET);
});

requirement('VARS-004', async () => {
  for (const value of ['plain', '  spaces kept ', 'ünï "quoted" \\ \n 🙂'])
    expect((await listed(await given.variable({ value })))?.value).toBe(value);
});

requirement('VARS-005', async () => {
  const fields = ['Zebra', 'Apple', 'Zebra'];
  expect((await listed(await given.variable({ default_fields: fields })))?.default_fields).toEqual(fields);
  expect((await listed(await given.variable({ default_fields: null })))?.default_fields).toEqual([]);
});

requirement('VARS-006', async () => {
  const first = await given.variable({ value: 'first' });
  for (const type of ['Generic', 'Credential'])
    await create({ name: first.name, value: 'second', type }).expectStatus(400);
  const same = (await list()).filter(({ name }) => name === first.name);
  expect(same).toMatchObject([{ id: first.id, value: 'first', type: 'Generic' }]);
});

requirement('VARS-007', async () => {
  const lower = await given.variable({ name: `v${uniqueName('case')}` });
  const upper = await given.variable({ name: lower.name.toUpperCase() });
  expect(ids(await list())).toEqual(expect.arrayContaining([lower.id, upper.id]));
});

requirement('VARS-008', async () => {
  const name = uniqueName('shared');
  const mine = await given.variable({ name, value: 'of alice' });
  const theirs = await given.variable({ name, value: 'of bob', as: 'bob' });
  expect((await listed(mine))?.value).toBe('of alice');
  expect((await listed(theirs, 'bob'))?.value).toBe('of bob');
});

requirement('VARS-009', async () => {
  const value = uniqueName('nameless');
  await create({ name: '', value, type: 'Generic' }).expectStatus(400);
  expect((await list()).filter((one) => one.value === value)).toEqual([]);
});

requirement('VARS-010', async () => {
  const name = uniqueName('empty');
  await create({ name, value: '' }).expectStatus(400);
  expect((await list()).filter((one) => one.name === name)).toEqual([]);
});

requirement('VARS-011', async () => {
  const { name } = await given.variable();
  await create({ name }).expectJson({ detail: 'Variable name already exists' });
  await create({ name: '' }).expectJson({ detail: 'Variable name cannot be empty' });
  await create({ value: '' }).expectJson({ detail: 'Variable value cannot be empty' });
});

requirement('VARS-012', async () => {
  const made = await given.variable({ value: 'in the clear' });
  expect(made.value).toMatch(/^gAAAAA/);
});

requirement('VARS-013', async () => {
  expect((await given.variable({ value: 'in the clear' })).value).toBe('in the clear');
});

requirement('VARS-014', async () => {
  expect(await listed(await given.variable({ type: 'Other' }))).toMatchObject({ type: 'Other', value: null });
});

requirement('VARS-015', async () => {
  const value = uniqueName('resolved');
  const { name } = await given.variable({ value });
  const flow = await given.runnableFlow(echo);
  const text = flow.data.nodes.find((node) => node.data.type === 'TextInput');
  Object.assign(text?.data.node.template['input_value'] ?? {}, { load_from_db: true, value: name });
  await call('updateFlow', { path: { flow_id: flow.id }, body: { data: flow.data } }).expectStatus(200);
  const { body } = await call('runFlow', {
    path: { flow_id_or_name: flow.id },
    body: { input_type: 'text', output_type: 'chat' },
    via: 'header',
  }).expectStatus(200);
  expect(JSON.stringify(body.outputs)).toContain(value);
});

requirement('VARS-020', async () => {
  const made = [await given.variable(), await given.variable({ type: 'Credential' })];
  const other = await given.variable({ as: 'bob' });
  const mine = ids(await list());
  for (const { id } of made) expect(mine.filter((one) => one === id)).toHaveLength(1);
  expect(mine).not.toContain(other.id);
  expect(ids(await list('bob'))).toContain(other.id);
});

requirement('VARS-030', async () => {
  const made = await given.variable();
  const after = { name: uniqueName('renamed'), value: 'another', default_fields: ['B', 'A'] };
  await change(made, after).expectStatus(200).expectJsonLike({ id: made.id, name: after.name });
  expect(await listed(made)).toMatchObject(after);
});

requirement('VARS-031', async () => {
  const made = await given.variable({ default_fields: ['Kept'] });
  await change(made, { value: 'another' }).expectStatus(200);
  expect(await listed(made)).toMatchObject({ name: made.name, value: 'another', default_fields: ['Kept'] });
});

requirement('VARS-032', async () => {
  const made = await given.variable({ value: 'lost' });
  await change(made, { name: uniqueName('renamed') }).expectStatus(200);
  expect((await listed(made))?.value).toBe('');
});

requirement('VARS-033', async () => {
  const made = await given.variable({ value: 'kept' });
  await change(made, { name: uniqueName('renamed') }).expectStatus(200);
  expect((await listed(made))?.value).toBe('kept');
});

requirement('VARS-034', async () => {
  const made = await given.variable({ type: 'Credential', value: SECRET });
  await call('updateVariable', {
    path: { variable_id: made.id },
    body: malformed({ id: made.id, value: SECRET, type: 'Generic' }),
    valid: false,
  }).expectStatus(200);
  expect(await listed(made)).toMatchObject({ type: 'Credential', value: null });
});

requirement('VARS-035', async () => {
  const made = await given.variable();
  await change({ id: NOBODY }, { value: 'x' }).expectStatus(404);
  await change(made, { value: 'x' }).expectStatus(200);
});

requirement('VARS-036', async () => {
  const made = await given.variable({ value: 'mine' });
  await change(made, { value: 'taken' }, 'bob').expectStatus(404);
  expect((await listed(made))?.value).toBe('mine');
});

requirement('VARS-037', async () => {
  const [one, other] = [await given.variable(), await given.variable()];
  await change(other, { name: one.name, value: 'x' }).expectStatus(200);
  expect((await list()).filter(({ name }) => name === one.name)).toHaveLength(2);
});

requirement('VARS-038', async () => {
  const made = await given.variable();
  const id = crypto.randomUUID();
  await removeLater('variable', `/api/v1/variables/${id}`);
  await change(made, { id, value: 'x' }).expectStatus(200);
  expect(ids(await list())).toContain(id);
  expect(ids(await list())).not.toContain(made.id);
});

requirement('VARS-050', async () => {
  const [gone, kept] = [await given.variable(), await given.variable()];
  await remove(gone.id).expectStatus(204);
  await expect.poll(async () => ids(await list())).not.toContain(gone.id);
  expect(ids(await list())).toContain(kept.id);
});

requirement('VARS-051', async () => {
  const { id, name } = await given.variable();
  await remove(id).expectStatus(204);
  // A real deployment commits the deletion after its response.
  await expect.poll(async () => (await listed({ id })) === undefined).toBe(true);
  expect((await given.variable({ name })).name).toBe(name);
});

requirement('VARS-052', async () => {
  const { id } = await given.variable();
  await remove(NOBODY).expectStatus(500);
  await remove(id).expectStatus(204);
  // A real deployment commits the deletion after its response, so a second one may still succeed.
  await expect.poll(async () => (await remove(id)).status).toBe(500);
});

requirement('VARS-053', async () => {
  const made = await given.variable();
  await remove(made.id, 'bob').expectStatus(500);
  expect(await listed(made)).toBeDefined();
});
