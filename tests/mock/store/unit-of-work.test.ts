import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openStore, type Store } from '../../../mock/store/store.ts';
import { filledTables, memoryJournal } from './journals.ts';
import { apiKey, project, user } from './rows.ts';

class Failure extends Error {}

/** Runs work as a unit that fails at its end. */
function undone(store: Store, work: () => void): void {
  const failing = () =>
    store.unitOfWork(() => {
      work();
      throw new Failure();
    });
  expect(failing).toThrow(Failure);
}

describe('a unit of work', () => {
  test('is the only place for a change', () => {
    const store = openStore();
    store.unitOfWork(() => store.users.insert(user('u1')));
    expect(() => store.users.insert(user('u2'))).toThrow('A change to users outside a unit of work');
    expect(() => store.users.update('u1', { is_active: false })).toThrow('outside a unit of work');
    expect(() => store.users.remove('u1')).toThrow('outside a unit of work');
    expect(() => store.delete('users', 'u1')).toThrow('outside a unit of work');
    expect(store.users.all()).toEqual([user('u1')]);
  });

  test('gives what its work gives', () => {
    expect(openStore().unitOfWork(() => 7)).toBe(7);
  });

  test('is undone whole when it throws, rows in their old places', () => {
    const store = openStore();
    store.unitOfWork(() => {
      for (const id of ['u1', 'u2', 'u3']) store.users.insert(user(id));
      for (const id of ['p1', 'p2', 'p3']) store.projects.insert(project(id, 'u1'));
    });
    const before = store.snapshot();
    undone(store, () => {
      store.delete('users', 'u1');
      store.users.insert(user('u1', 'another'));
      store.users.update('u2', { username: 'u1' });
      store.projects.insert(project('p2', 'u2', 'p9'));
    });
    expect(store.snapshot()).toEqual(before);
    expect(store.projects.page({ user_id: 'u1' }, 1, 2).rows.map(({ id }) => id)).toEqual(['p2', 'p3']);
    expect(store.users.find({ username: 'u1' })?.id).toBe('u1');
    expect(store.users.oldest()?.id).toBe('u1');
    expect(store.projects.find({ user_id: 'u2', name: 'p9' })).toBeUndefined();
  });

  test('within another is kept when that one fails', () => {
    const journal = memoryJournal();
    const store = openStore(journal);
    undone(store, () => {
      store.users.insert(user('outer'));
      store.unitOfWork(() => store.projects.insert(project('inner', null)));
    });
    expect([store.users.size, store.projects.size]).toEqual([0, 1]);
    expect(openStore(journal).snapshot()).toEqual(store.snapshot());
  });

  test('within another must not write to a table that the other has changed', () => {
    const store = openStore();
    const nested = () =>
      store.unitOfWork(() => {
        store.users.insert(user('outer'));
        store.unitOfWork(() => store.users.insert(user('inner')));
      });
    expect(nested).toThrow('A change to users within a unit of work that has changed it already');
    expect(store.users.size).toBe(0);
  });

  test('must not await after a change', async () => {
    const store = openStore();
    const late = async () => {
      store.users.insert(user('u1'));
      await undefined;
    };
    expect(() => store.unitOfWork(late)).toThrow('A unit of work is synchronous');
    expect(store.users.size).toBe(0);
    // Work that has changed nothing may go on; its changes need units of their own.
    await store.unitOfWork(async () => {
      await undefined;
      store.unitOfWork(() => store.users.insert(user('u2')));
    });
    expect(store.users.size).toBe(1);
  });
});

describe('a change that the journal refuses', () => {
  test('is undone, and the next one is taken', () => {
    const journal = memoryJournal();
    const store = openStore(journal);
    store.unitOfWork(() => store.users.insert(user('u1')));
    journal.refusal = 'database or disk is full';
    expect(() => store.unitOfWork(() => store.users.update('u1', { username: 'new' }))).toThrow(
      'database or disk is full',
    );
    expect(() => store.restore({ users: [user('u9')] })).toThrow('database or disk is full');
    expect(store.users.all()).toEqual([user('u1')]);
    journal.refusal = undefined;
    store.unitOfWork(() => store.users.insert(user('u2', 'new')));
    expect(
      openStore(journal)
        .users.all()
        .map(({ username }) => username),
    ).toEqual(['u1', 'new']);
  });
});

describe('the counters of an API key', () => {
  const withKey = () => {
    const journal = memoryJournal();
    const store = openStore(journal);
    store.unitOfWork(() => {
      store.users.insert(user('u1'));
      store.apiKeys.insert(apiKey('k1', 'u1'));
    });
    const use = () =>
      store.unitOfWork(() =>
        store.apiKeys.update('k1', { total_uses: (store.apiKeys.get('k1')?.total_uses ?? 0) + 1 }),
      );
    return { journal, store, use };
  };

  test('go to the journal together, after a moment', async () => {
    const { journal, use } = withKey();
    for (let n = 0; n < 3; n++) use();
    expect([journal.writes, openStore(journal).apiKeys.get('k1')?.total_uses]).toEqual([1, 0]);
    await expect.poll(() => openStore(journal).apiKeys.get('k1')?.total_uses).toBe(3);
    expect(journal.writes).toBe(2);
  });

  test('are kept for later when they are refused', () => {
    const { journal, store, use } = withKey();
    use();
    journal.refusal = 'disk I/O error';
    expect(() => store.close()).toThrow('disk I/O error');
    journal.refusal = undefined;
    store.close();
    expect(openStore(journal).snapshot()).toEqual(store.snapshot());
  });

  test('do not bring back a key that was deleted', () => {
    const { journal, store, use } = withKey();
    use();
    store.unitOfWork(() => store.delete('apiKeys', 'k1'));
    store.close();
    expect(openStore(journal).apiKeys.size).toBe(0);
  });
});

/** A change of any kind to a small store: which, to which row, with which name. */
const change = fc.record({
  kind: fc.constantFrom('insert', 'rename', 'move', 'delete', 'delete owner', 'use'),
  row: fc.integer({ min: 0, max: 5 }),
  name: fc.integer({ min: 0, max: 3 }),
});
const unit = fc.record({
  changes: fc.array(change, { maxLength: 6 }),
  outcome: fc.constantFrom('kept', 'throws', 'refused'),
});

function make(store: Store, { kind, row, name }: { kind: string; row: number; name: number }): void {
  const id = `p${row}`;
  const owner = `u${name % 2}`;
  if (!store.users.get(owner)) store.users.insert(user(owner));
  if (!store.apiKeys.get(`k${name}`)) store.apiKeys.insert(apiKey(`k${name}`, owner));
  if (kind === 'insert') store.projects.insert(project(id, owner, `name ${name}`));
  if (kind === 'rename' && store.projects.get(id)) store.projects.update(id, { name: `name ${name}` });
  if (kind === 'move' && store.projects.get(id)) store.projects.update(id, { user_id: owner });
  if (kind === 'delete') store.delete('projects', id);
  if (kind === 'delete owner') store.delete('users', owner);
  if (kind === 'use' && store.apiKeys.get(`k${name}`)) store.apiKeys.update(`k${name}`, { total_uses: row });
}

test('whatever fails, what a store shows is what a restart shows', () => {
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 12 }), (units) => {
      const journal = memoryJournal();
      const store = openStore(journal);
      for (const { changes, outcome } of units) {
        const before = store.snapshot();
        journal.refusal = outcome === 'refused' ? 'database is locked' : undefined;
        let failed = false;
        try {
          store.unitOfWork(() => {
            for (const one of changes) make(store, one);
            if (outcome === 'throws') throw new Failure();
          });
        } catch {
          failed = true;
        }
        if (failed) expect(store.snapshot()).toEqual(before);
        // Indexes find what a scan finds, in the same order.
        for (const user_id of ['u0', 'u1']) {
          const scanned = store.projects.all().filter((row) => row.user_id === user_id);
          expect(store.projects.all({ user_id })).toEqual(scanned);
          for (const { name } of scanned) expect(store.projects.find({ user_id, name })?.name).toBe(name);
        }
      }
      journal.refusal = undefined;
      store.close();
      expect(filledTables(openStore(journal).snapshot())).toEqual(filledTables(store.snapshot()));
    }),
    { numRuns: 300 },
  );
});
