import { describe, expect, test } from 'vitest';
import { UniqueViolation } from '../../../mock/store/collection.ts';
import { openStore, type Store } from '../../../mock/store/store.ts';
import { project, user } from './rows.ts';

/** A test whose changes to a new store are one unit of work. */
const inUnitOfWork = (name: string, work: (store: Store) => void) =>
  test(name, () => {
    const store = openStore();
    store.unitOfWork(() => work(store));
  });

describe('a store', () => {
  inUnitOfWork('finds by index, by key and by scan alike', (store) => {
    store.users.insert(user('u1'));
    store.projects.insert(project('p1', 'u1'));
    store.projects.insert(project('p2', 'u1'));
    expect(store.projects.all({ user_id: 'u1' }).map(({ id }) => id)).toEqual(['p1', 'p2']);
    expect(store.projects.find({ id: 'p2', user_id: 'u1' })?.id).toBe('p2');
    expect(store.projects.find({ id: 'p2', user_id: 'u2' })).toBeUndefined();
    expect(store.projects.find({ name: 'p1' })?.id).toBe('p1');
  });

  inUnitOfWork('keeps indexes right through update and delete', (store) => {
    store.users.insert(user('u1'));
    store.users.insert(user('u2'));
    store.projects.insert(project('p1', 'u1'));
    store.projects.update('p1', { user_id: 'u2' });
    expect(store.projects.all({ user_id: 'u1' })).toEqual([]);
    expect(store.projects.all({ user_id: 'u2' })).toHaveLength(1);
    store.delete('users', 'u2');
    expect(store.projects.size).toBe(0);
  });

  inUnitOfWork('lists rows in order of insertion, also those that came to an index later', (store) => {
    for (const id of ['u1', 'u2']) store.users.insert(user(id));
    for (const id of ['p1', 'p2', 'p3']) store.projects.insert(project(id, 'u1'));
    for (const id of ['p3', 'p1']) store.projects.update(id, { user_id: 'u2' });
    expect(store.projects.all({ user_id: 'u2' }).map(({ id }) => id)).toEqual(['p1', 'p3']);
    store.projects.update('p1', { user_id: 'u1' });
    expect(store.projects.all({ user_id: 'u1' }).map(({ id }) => id)).toEqual(['p1', 'p2']);
  });

  inUnitOfWork('refuses a second row with the same unique columns, and changes nothing', (store) => {
    store.users.insert(user('u1', 'ada'));
    store.users.insert(user('u2', 'bob'));
    expect(() => store.users.insert(user('u3', 'ada'))).toThrow(UniqueViolation);
    expect(() => store.users.update('u2', { username: 'ada' })).toThrow(UniqueViolation);
    expect(store.users.get('u2')?.username).toBe('bob');
    expect(store.users.size).toBe(2);
  });

  inUnitOfWork(
    'gives a page of what an index finds, in order of insertion, also of a row that came from elsewhere',
    (store) => {
      for (const id of ['p1', 'p2', 'p3', 'p4']) store.projects.insert(project(id, id === 'p2' ? 'u2' : 'u1'));
      expect(store.projects.page({ user_id: 'u1' }, 1, 1)).toEqual({ rows: [project('p3', 'u1')], total: 3 });
      store.projects.update('p2', { user_id: 'u1' });
      expect(store.projects.page({ user_id: 'u1' }, 1, 2).rows.map(({ id }) => id)).toEqual(['p2', 'p3']);
      expect(store.projects.page({ user_id: 'u1', parent_id: null }, 3, 9)).toEqual({
        rows: [project('p4', 'u1')],
        total: 4,
      });
      expect(store.projects.page({ user_id: 'u3' }, 0, 9)).toEqual({ rows: [], total: 0 });
    },
  );

  inUnitOfWork('finds a row by its own columns after the one before it with the same is gone', (store) => {
    store.projects.insert(project('p1', 'u1', 'one'));
    store.projects.update('p1', { name: 'other' });
    store.projects.insert(project('p2', 'u1', 'one'));
    store.projects.update('p1', { description: 'still there' });
    expect(store.projects.find({ user_id: 'u1', name: 'one' })?.id).toBe('p2');
    store.projects.remove('p2');
    expect(store.projects.find({ user_id: 'u1', name: 'one' })).toBeUndefined();
    expect(() => store.projects.insert(project('p3', 'u1', 'other'))).toThrow(UniqueViolation);
    // Null is equal to nothing.
    store.projects.insert({ ...project('p4', '', 'other'), user_id: null });
    store.projects.insert({ ...project('p5', '', 'other'), user_id: null });
    expect(store.projects.oldest()?.id).toBe('p1');
    expect(store.projects.size).toBe(3);
  });

  test('restores what it gave', () => {
    const store = openStore();
    store.unitOfWork(() => store.users.insert(user('u1')));
    const snapshot = store.snapshot();
    store.unitOfWork(() => store.delete('users', 'u1'));
    store.restore(JSON.parse(JSON.stringify(snapshot)));
    expect(store.users.get('u1')).toEqual(user('u1'));
  });
});

test('a snapshot that can not be restored changes nothing and says why', () => {
  const store = openStore();
  store.unitOfWork(() => store.users.insert(user('u1')));
  expect(() => store.restore({ nope: [] } as never)).toThrow(/there is no table nope/);
  expect(() => store.restore({ users: {} } as never)).toThrow('The table users of a snapshot is a list of rows');
  expect(() => store.restore({ users: [user('a'), user('a')] })).toThrow(
    'Row 1 of the table users of a snapshot needs its own id',
  );
  expect(store.users.size).toBe(1);
});
