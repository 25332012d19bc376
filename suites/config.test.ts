import echo from '../fixtures/flows/echo.json' with { type: 'json' };
import type { Schema } from '../spec/operations.ts';
import { builds, messages, say, waitForRun } from './support/conversation.ts';
import {
  apiKeyOf,
  call,
  context,
  expect,
  given,
  makeCredential,
  malformed,
  NotApplicable,
  person,
  raw,
  requirement,
  uniqueName,
} from './support/index.ts';
import { MIB, smallLimit } from './support/limit.ts';

const BAD_TOKEN = makeCredential('bearer', 'not-a-token', 'bad bearer');
const BAD_KEY = makeCredential('header', 'sk-not-a-key', 'bad key');

/** From 1.8 on a field says which part of the settings is returned. */
type ConfigResponse = Schema<'Config'> & { type?: string };

const config = async (): Promise<ConfigResponse> => (await call('readConfig').expectStatus(200)).body;

requirement('CONFIG-001', async () => {
  const { body } = await call('readVersion', { as: null }).expectStatus(200);
  for (const as of [BAD_TOKEN, BAD_KEY])
    expect((await call('readVersion', { as, valid: false }).expectStatus(200)).body).toEqual(body);
});

requirement('CONFIG-002', async () => {
  const { body } = await call('readVersion').expectStatus(200);
  const document = await raw('GET', '/openapi.json').expectStatus(200);
  expect(document.body['info']?.['version']).toBe(body.version);
});

requirement('CONFIG-003', async () => {
  const { body } = await call('readVersion').expectStatus(200);
  expect(body.main_version).toMatch(/^\d+(\.\d+)*$/);
  expect(body.version.startsWith(body.main_version)).toBe(true);
  if (/^\d+(\.\d+)*$/.test(body.version)) expect(body.main_version).toBe(body.version);
});

requirement('CONFIG-004', async () => {
  const { body } = await call('readVersion').expectStatus(200);
  expect(body.version.split('.').slice(0, 2).join('.')).toBe(context.profile);
});

requirement('CONFIG-005', async () => {
  const { body } = await call('readVersion').expectStatus(200);
  expect(body.package.includes('Nightly')).toBe(body.version.includes('dev'));
});

requirement('CONFIG-010', async () => {
  const refused = await call('readConfig', { as: null }).expectStatus(403);
  for (const key of Object.keys(await config())) expect(refused.text).not.toContain(key);
});

requirement('CONFIG-011', async () => {
  const mine = await config();
  for (const as of ['bob', 'admin'] as const)
    expect((await call('readConfig', { as }).expectStatus(200)).body).toEqual(mine);
  await apiKeyOf(person('alice'));
  for (const via of ['header', 'query'] as const)
    expect((await call('readConfig', { via }).expectStatus(200)).body).toEqual(mine);
});

requirement('CONFIG-012', async () => {
  expect(await config()).toEqual(await config());
});

requirement('CONFIG-013', async () => {
  const user = await given.user();
  const { body } = await call('listProjects', { as: user }).expectStatus(200);
  expect(body.map((project: { name: string }) => project.name)).toContain((await config()).default_folder_name);
});

requirement('CONFIG-014', async () => {
  const { webhook_auth_enable } = await config();
  const flow = await given.runnableFlow(echo);
  const options = {
    path: { flow_id_or_name: flow.id },
    headers: { 'content-type': 'application/json' },
    rawBody: '{"a":1}',
    as: null,
  };
  await call('runWebhook', { ...options, valid: false }).expectStatus(webhook_auth_enable ? 403 : 202);
  if (!webhook_auth_enable) await waitForRun(flow);
});

async function bodyOf(bytes: number) {
  const body = {
    name: uniqueName('large'),
    value: 'x'.repeat(bytes),
    type: 'Generic',
    default_fields: 'refused for its form',
  };
  return call('createVariable', { body: malformed(body), valid: false, timeoutMs: 60_000 });
}

requirement('CONFIG-015', async () => {
  const limit = await smallLimit();
  // Just below the limit the body is read, and refused for its form.
  expect((await bodyOf(limit - 2000)).status).toBe(422);
  expect((await bodyOf(limit + 2000)).status).toBe(413);
});

requirement('CONFIG-016', async () => {
  const limit = await smallLimit();
  expect((await bodyOf(limit + 2000)).body.detail).toContain(`${limit / MIB}MB`);
});

requirement('CONFIG-017', async () => {
  const { serialization_max_text_length: most } = await config();
  if (most > 100_000) throw new NotApplicable(`texts are cut at ${most} characters; up to 100000 the limit is tried`);
  const text = `${'long '.repeat(Math.ceil(most / 5))}and its end`;
  const { flow } = await say({ text });
  expect(JSON.stringify(await builds(flow))).not.toContain(text.slice(0, most + 1));
  expect((await messages({ flow_id: flow.id })).map((message) => message.text)).toEqual([text, text]);
});

requirement('CONFIG-021', async () => {
  const keys: string[] = [];
  JSON.stringify(await config(), (key, value) => {
    keys.push(key);
    return value;
  });
  expect(keys.filter((key) => /password|secret|token|api_?key|database|_url$/i.test(key))).toEqual([]);
});

const publicPart = async (as = null as null | typeof BAD_TOKEN) =>
  (await call('readConfig', { as, valid: false }).expectStatus(200)).body as ConfigResponse;

requirement('CONFIG-030', async () => {
  const settings = await publicPart();
  expect(settings.type).toBe('public');
  expect(Object.keys(settings).sort()).toEqual([
    'event_delivery',
    'frontend_timeout',
    'max_file_size_upload',
    'type',
    'voice_mode_available',
  ]);
});

requirement('CONFIG-031', async () => {
  const settings = await publicPart();
  for (const as of [BAD_TOKEN, BAD_KEY]) expect(await publicPart(as)).toEqual(settings);
});

requirement('CONFIG-032', async () => {
  const settings = await config();
  expect(settings.type).toBe('full');
  expect(settings).toHaveProperty('default_folder_name');
});

requirement('CONFIG-033', async () => {
  const { type: _, ...settings } = await publicPart();
  expect(await config()).toMatchObject(settings);
});
