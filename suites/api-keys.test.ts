import type { BodyOf, Schema } from '../spec/operations.ts';
import type { Malformed } from './support/call.ts';
import { cookiesSet } from './support/cookies.ts';
import {
  type As,
  call,
  expect,
  given,
  makeCredential,
  malformed,
  type Person,
  people,
  removeLater,
  requirement,
  uniqueName,
} from './support/index.ts';

type Key = Schema<'ApiKey'>;

const list = async (as: As = 'alice'): Promise<Key[]> =>
  (await call('listApiKeys', { as }).expectStatus(200)).body.api_keys;
const listed = async (id: string): Promise<Key | undefined> => (await list()).find((key) => key.id === id);
const using = (key: string): As => makeCredential('header', key, 'the key it made');
const whoami = (key: string) => call('readCurrentUser', { as: using(key) });
const remove = (id: string, as: As = 'alice') => call('deleteApiKey', { path: { api_key_id: id }, as });

/** Creates an API key with the given body. */
async function create(body: BodyOf<'createApiKey'> | Malformed, as: As = 'alice', valid = true) {
  const response = await call('createApiKey', { body, as, valid }).expectStatus(200);
  await removeLater('API key', `/api/v1/api_key/${response.body.id}`);
  return response.body;
}

requirement('KEYS-001', async () => {
  const key = await given.apiKey({ name: uniqueName('listed') });
  await expect.poll(() => listed(key.id)).toMatchObject({ name: key.name });
});

requirement('KEYS-002', async () => {
  const { id, api_key } = await given.apiKey();
  await expect.poll(async () => (await listed(id))?.api_key).toBe(api_key.slice(0, 8) + '*'.repeat(api_key.length - 8));
});

requirement('KEYS-003', async () => {
  await given.apiKey();
  const { body } = await call('listApiKeys').expectStatus(200);
  expect(body.total_count).toBe(body.api_keys.length);
  expect(body.user_id).toBe(people.alice.id);
});

requirement('KEYS-004', async () => {
  const { id } = await given.apiKey();
  await expect.poll(() => listed(id)).toBeDefined();
  expect((await list('bob')).map((key) => key.id)).not.toContain(id);
});

requirement('KEYS-005', async () => {
  const { id, api_key } = await given.apiKey();
  await expect.poll(() => listed(id)).toMatchObject({ total_uses: 0, last_used_at: null });
  await whoami(api_key).expectStatus(200);
  await whoami(api_key).expectStatus(200);
  await expect.poll(async () => (await listed(id))?.total_uses).toBe(2);
  expect((await listed(id))?.last_used_at).not.toBeNull();
});

requirement('KEYS-036', async () => {
  const { id, api_key } = await given.apiKey();
  await call('readFlow', { path: { flow_id: crypto.randomUUID() }, as: using(api_key) }).expectStatus(404);
  await call('createFlow', { body: malformed({}), as: using(api_key), valid: false }).expectStatus(422);
  await expect.poll(async () => (await listed(id))?.total_uses).toBe(2);
});

requirement('KEYS-006', async () => {
  const made = [await given.apiKey(), await given.apiKey(), await given.apiKey()].map(({ id }) => id);
  await expect.poll(async () => (await list()).map(({ id }) => id).filter((id) => made.includes(id))).toEqual(made);
});

requirement('KEYS-010', async () => {
  const { api_key } = await given.apiKey();
  await whoami(api_key).expectStatus(200).expectJsonLike({ id: people.alice.id });
});

requirement('KEYS-011', async () => {
  expect((await create({})).name).toBeNull();
  expect((await create({ name: null })).name).toBeNull();
  const name = uniqueName('shared');
  const [first, second] = [await create({ name }), await create({ name })];
  expect([first.name, second.name]).toEqual([name, name]);
});

requirement('KEYS-012', async () => {
  const own = `sk-${'a'.repeat(43)}`;
  const key = await create({
    name: uniqueName('chosen'),
    api_key: own,
    user_id: crypto.randomUUID(),
    is_active: false,
    total_uses: 7,
  });
  expect(key.api_key).not.toBe(own);
  expect(key).toMatchObject({ user_id: people.alice.id, is_active: true, total_uses: 0 });
  await whoami(key.api_key).expectStatus(200).expectJsonLike({ id: people.alice.id });
  await whoami(own).expectStatus(403);
});

requirement('KEYS-013', async () => {
  const { api_key } = await given.apiKey();
  const key = await create({ name: uniqueName('child') }, using(api_key));
  await whoami(key.api_key).expectStatus(200).expectJsonLike({ id: people.alice.id });
});

requirement('KEYS-014', async () => {
  const made = [await given.apiKey(), await given.apiKey()];
  expect(made[0]?.api_key).not.toBe(made[1]?.api_key);
  expect(made[0]?.id).not.toBe(made[1]?.id);
});

requirement('KEYS-015', async () => {
  const { id } = await create({ created_at: '2020-01-02T03:04:05Z' });
  await expect.poll(async () => (await listed(id))?.created_at).toMatch(/^2020-01-02T03:04:05/);
});

requirement('KEYS-035', async () => {
  const times = {
    '2020-01-02T03:04:05': '2020-01-02T03:04:05',
    '2020-01-02T03:04:05.000+02:00': '2020-01-02T03:04:05',
    '2020-01-02T03:04:05.25Z': '2020-01-02T03:04:05.250000',
    '2020-01-02T03:04:05.123456': '2020-01-02T03:04:05.123456',
    '2020-01-02': '2020-01-02T00:00:00',
  };
  for (const [created_at, kept] of Object.entries(times)) {
    // JSON Schema's date-time needs a time zone.
    const { id } = await create({ created_at }, 'alice', false);
    await expect.poll(async () => (await listed(id))?.created_at).toBe(kept);
  }
});

requirement('KEYS-020', async () => {
  const { id } = await given.apiKey();
  await expect.poll(() => listed(id)).toBeDefined();
  await remove(id).expectStatus(200);
  await expect.poll(() => listed(id)).toBeUndefined();
});

requirement('KEYS-021', async () => {
  const { id, api_key } = await given.apiKey();
  await whoami(api_key).expectStatus(200);
  await remove(id).expectStatus(200);
  await expect.poll(async () => (await whoami(api_key)).status).toBe(403);
});

requirement('KEYS-022', async () => {
  await remove(crypto.randomUUID()).expectStatus(400);
  const { id } = await given.apiKey();
  await remove(id).expectStatus(200);
  await expect.poll(async () => (await remove(id)).status).toBe(400);
});

requirement('KEYS-023', async () => {
  const { id, api_key } = await given.apiKey();
  await remove(id, using(api_key)).expectStatus(200);
  await expect.poll(async () => (await whoami(api_key)).status).toBe(403);
});

requirement('KEYS-024', async () => {
  const [kept, deleted] = [await given.apiKey(), await given.apiKey()];
  await remove(deleted.id).expectStatus(200);
  await expect.poll(async () => (await whoami(deleted.api_key)).status).toBe(403);
  await whoami(kept.api_key).expectStatus(200);
});

requirement('KEYS-025', async () => {
  const { id, api_key } = await given.apiKey();
  await whoami(api_key).expectStatus(200);
  await remove(id, 'bob').expectStatus(200);
  await expect.poll(async () => (await whoami(api_key)).status).toBe(403);
});

requirement('KEYS-026', async () => {
  const { id, api_key } = await given.apiKey();
  await remove(id, 'bob').expectStatus(400);
  await whoami(api_key).expectStatus(200);
});

/** A new user: a store key can't be removed. */
const userWithStoreKey = (): Promise<Person> => given.user();
const keep = (as: As, api_key = 'a-key-of-the-store') => call('saveStoreApiKey', { body: { api_key }, as });

requirement('KEYS-030', async () => {
  const user = await userWithStoreKey();
  await keep(user).expectStatus(200);
  await expect
    .poll(async () => (await call('readCurrentUser', { as: user })).body.store_api_key)
    .toEqual(expect.any(String));
  const { text } = await call('readCurrentUser', { as: user }).expectStatus(200);
  expect(text).not.toContain('a-key-of-the-store');
});

requirement('KEYS-031', async () => {
  const user = await userWithStoreKey();
  const cookie = cookiesSet(await keep(user).expectStatus(200))['apikey_tkn_lflw'];
  expect(cookie?.value).toBeTruthy();
  await expect.poll(async () => (await call('readCurrentUser', { as: user })).body.store_api_key).toBe(cookie?.value);
});

requirement('KEYS-032', async () => {
  const user = await userWithStoreKey();
  const kept = cookiesSet(await keep(user).expectStatus(200))['apikey_tkn_lflw'];
  await expect.poll(async () => (await call('readCurrentUser', { as: user })).body.store_api_key).toBe(kept?.value);
  const login = await call('login', { form: { username: user.username, password: user.password ?? '' } }).expectStatus(
    200,
  );
  expect(cookiesSet(login)['apikey_tkn_lflw']?.value).toBe(kept?.value);
});

requirement('KEYS-033', async () => {
  const user = await userWithStoreKey();
  await keep(user, 'sk-a-key-of-the-store').expectStatus(200);
  await whoami('sk-a-key-of-the-store').expectStatus(403);
});

requirement('KEYS-034', async () => {
  const { api_key } = await given.apiKey();
  await keep(using(api_key)).expectStatus(400);
});
