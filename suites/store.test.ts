import { randomUUID } from 'node:crypto';
import type { RequestOptions } from './support/call.ts';
import { type As, call, callById, expect, given, people, requirement, spec } from './support/index.ts';
import { validationErrors } from './support/validation-errors.ts';

/** The store may respond slowly, or not at all. */
const PATIENT = 60_000;

/** A new user: a store key can't be removed. */
async function userWithStoreKey() {
  const user = await given.user();
  await call('saveStoreApiKey', { body: { api_key: `no-key-${randomUUID()}` }, as: user }).expectStatus(200);
  await expect
    .poll(async () => (await call('readCurrentUser', { as: user }).expectStatus(200)).body.store_api_key)
    .toEqual(expect.any(String));
  return user;
}

const userWithoutStoreKey = async (): Promise<As> => (people.alice.ours ? 'alice' : given.user());

requirement('STORE-001', async () => {
  const { body } = await call('readStoreStatus', { as: null }).expectStatus(200);
  expect((await call('readStoreStatus', { as: 'alice' }).expectStatus(200)).body).toEqual(body);
});

requirement('STORE-002', async () => {
  const user = await userWithoutStoreKey();
  expect((await call('checkStoreApiKey', { as: user }).expectStatus(200)).body).toEqual({
    has_api_key: false,
    is_valid: false,
  });
});

requirement('STORE-003', { timeoutMs: 2 * PATIENT }, async () => {
  const [user, other] = [await userWithStoreKey(), await userWithoutStoreKey()];
  const { status, body } = await call('checkStoreApiKey', { as: user, timeoutMs: PATIENT });
  if (status === 200) expect(body).toEqual({ has_api_key: true, is_valid: false });
  else expect({ status, ...body }).toEqual({ status: 400, detail: expect.stringMatching(/./) });
  await call('checkStoreApiKey', { as: other }).expectStatus(200).expectJsonLike({ has_api_key: false });
});

requirement('STORE-010', async () => {
  const as = await userWithoutStoreKey();
  for (const query of [{ liked: true }, { filter_by_user: true }, { liked: true, search: 'x', page: 2, limit: 1 }]) {
    const { body } = await call('listStoreComponents', { query, as }).expectStatus(400);
    expect(body.detail).toMatch(/API key/);
  }
});

requirement('STORE-024', { timeoutMs: 2 * PATIENT }, async () => {
  const { status } = await call('listStoreTags', { as: null, timeoutMs: PATIENT });
  expect([401, 403, 422]).not.toContain(status);
});

const operationsOf = (id: string) => (spec.requirement(id).operations as string[]).map((one) => spec.operation(one));
type Operation = ReturnType<typeof operationsOf>[number];

const requestFor = ({ path, requestBody }: Operation, component_id: string, body: object): RequestOptions => ({
  ...(path.includes('{') && { path: { component_id } }),
  ...(requestBody && { body }),
  valid: false,
});
const WHOLE = { name: 'Shout', description: null, data: {}, tags: null, is_component: true };

requirement('STORE-030', async () => {
  const as = await userWithoutStoreKey();
  for (const operation of operationsOf('STORE-030')) {
    for (const request of [requestFor(operation, randomUUID(), WHOLE), requestFor(operation, 'no-id', {})]) {
      const { body } = await callById(operation.operationId, { ...request, as }).expectStatus(400);
      expect(body.detail).toMatch(/store API key/);
    }
  }
});

requirement('STORE-031', async () => {
  const as = await userWithStoreKey();
  for (const operation of operationsOf('STORE-031')) {
    const inPath = operation.path.includes('{');
    const faulty = inPath
      ? requestFor(operation, 'no-id', WHOLE)
      : requestFor(operation, '', { ...WHOLE, data: 'no graph' });
    const { body } = await callById(operation.operationId, { ...faulty, as }).expectStatus(422);
    expect(validationErrors(body).map(({ loc }) => loc.join('.'))).toEqual([
      inPath ? 'path.component_id' : 'body.data',
    ]);
  }
});
