import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startMock } from '../../mock/index.ts';
import type { Snapshot } from '../../mock/store/store.ts';
import { logIn } from './log-in.ts';

const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

/** The snapshot of a mock with a user, a project and a flow. */
async function wholeSnapshot(): Promise<Snapshot> {
  await using mock = await startMock({ port: 0 });
  const authorization = await logIn(mock.url);
  await fetch(`${mock.url}/api/v1/flows/`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: '{"name":"a"}',
  });
  return mock.snapshot();
}

type Row = Record<string, unknown>;
type Change = (rows: { flow: Row; user: Row; flows: Row[]; seed: Record<string, unknown> }) => void;

/** The error of a mock that starts with the changed snapshot. */
async function refusal(change: Change): Promise<string> {
  const seed = structuredClone(await wholeSnapshot()) as unknown as Record<string, Row[]>;
  const [flow = {}] = seed['flows'] ?? [];
  const [user = {}] = seed['users'] ?? [];
  change({ flow, user, flows: seed['flows'] ?? [], seed });
  return startMock({ port: 0, seed }).then(
    () => 'it starts',
    (error: Error) => error.message,
  );
}

describe('a seed', () => {
  test.each<[string, Change]>([
    ['flows, row 0: user_id names no owner, so nobody would see the row', ({ flow }) => delete flow['user_id']],
    ['flows, row 0: user_id names no owner, so nobody would see the row', ({ flow }) => (flow['user_id'] = null)],
    ['flows, row 0: name is missing', ({ flow }) => delete flow['name']],
    ['flows, row 0: data is [], which is no object', ({ flow }) => (flow['data'] = [])],
    [
      'flows, row 0: access_type is "OPEN", which is no PRIVATE or PUBLIC',
      ({ flow }) => (flow['access_type'] = 'OPEN'),
    ],
    ['flows, row 0: id is "x", which is no UUID (small letters, with hyphens)', ({ flow }) => (flow['id'] = 'x')],
    ['flows, row 0: colour is no column of flows', ({ flow }) => (flow['colour'] = 'red')],
    ['flows, row 1: id is that of row 0', ({ flow, flows }) => flows.push({ ...flow, name: 'b' })],
    [
      'flows, row 1: user_id and name are that of row 0',
      ({ flow, flows }) => flows.push({ ...flow, id: '00000000-0000-4000-8000-000000000001' }),
    ],
    [
      'flows, row 0: user_id is "00000000-0000-4000-8000-000000000001", which is no id of users',
      ({ flow }) => (flow['user_id'] = '00000000-0000-4000-8000-000000000001'),
    ],
    ['users, row 0: password is missing', ({ user }) => delete user['password']],
    ['users, row 0: is_active is "yes", which is no true or false', ({ user }) => (user['is_active'] = 'yes')],
    ['users, row 0: create_at is "today", which is no time in ISO 8601', ({ user }) => (user['create_at'] = 'today')],
    ['users is no list of rows', ({ seed }) => (seed['users'] = [null])],
    ['people is no table; the tables are users, apiKeys, projects', ({ seed }) => (seed['people'] = [])],
  ])('is refused where %s', async (fault, change) => {
    const message = await refusal(change);
    expect(message).toContain(`The snapshot can't be used:\n  ${fault}`);
  });

  test('is refused with its first ten errors', async () => {
    const message = await refusal(({ flows }) => flows.push(...Array.from({ length: 12 }, () => ({}))));
    expect(message.split('\n')).toHaveLength(12);
    expect(message).toMatch(/\n {2}and \d+ more$/);
  });

  test("may have a user's password as plain text: it logs in, and the state has its hash", async () => {
    const seed = await wholeSnapshot();
    seed.users = seed.users.map((user) => ({ ...user, password: 'in the clear' }));
    await using mock = await startMock({ port: 0, seed });
    expect(await logIn(mock.url, { username: 'langflow', password: 'in the clear' })).toMatch(/^Bearer /);
    const kept = mock.snapshot();
    expect(kept.users[0]?.password).toMatch(/^[0-9a-f]{32}:[0-9a-f]{64}$/);
    await using next = await startMock({ port: 0, seed: kept });
    expect(next.snapshot().users[0]?.password).toBe(kept.users[0]?.password);
  });

  test('does not replace the state that a file holds', async () => {
    folders.push(await mkdtemp(join(tmpdir(), 'flowpact-')));
    const db = join(folders[0] as string, 'state.db');
    const seed = await wholeSnapshot();
    {
      await using mock = await startMock({ port: 0, db, seed });
      expect(mock.snapshot()).toEqual(seed);
    }
    await expect(startMock({ port: 0, db, seed })).rejects.toThrow(
      `${db} already holds state, which a seed would replace`,
    );
    await using mock = await startMock({ port: 0, db });
    expect(mock.snapshot()).toEqual(seed);
  });
});

test('a snapshot that cannot be restored changes nothing', async () => {
  await using mock = await startMock({ port: 0, seed: await wholeSnapshot() });
  const before = mock.snapshot();
  const without = { ...before, flows: before.flows.map(({ user_id: _, ...flow }) => flow) } as never;
  await expect(mock.restore(without)).rejects.toThrow('flows, row 0: user_id names no owner');
  expect(mock.snapshot()).toEqual(before);
});
