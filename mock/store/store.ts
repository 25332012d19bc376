import { type Change, Collection } from './collection.ts';
import type { Journal } from './journal.ts';
import { type Tables, tables } from './tables.ts';

/** Every row of every table, by table and in order: what snapshot gives and restore takes. Plain JSON. */
export type Snapshot = { [Name in keyof Tables]: Tables[Name][] };

type Collections = { [Name in keyof Tables]: Collection<Tables[Name]> };

/** The one store of a mock: a collection for each table, invariants between them, and a journal when it must survive. */
export interface Store extends Collections {
  /** Deletes a row and does to those that refer to it what their table says. True if it was there. */
  delete(table: keyof Tables, key: string): boolean;
  /** Makes everything changed so far durable; cheap when nothing changed. */
  flush(): void;
  snapshot(): Snapshot;
  /** Replaces all rows. Tables that the snapshot does not name become empty. */
  restore(snapshot: Partial<Snapshot>): void;
  close(): void;
}

const names = Object.keys(tables) as (keyof Tables)[];

/** Opens a store: in memory, or loaded from and written through to a journal. */
export function openStore(journal?: Journal): Store {
  let pending: Change[] = [];
  let loading = true;
  const changed = (change: Change) => {
    if (journal && !loading) pending.push(change);
  };
  const collections = Object.fromEntries(names.map((name) => [name, new Collection<any>(name, tables[name] as any, changed)])) as unknown as Collections;
  const restore = (snapshot: Partial<Snapshot>) => {
    refuseBadSnapshot(snapshot);
    for (const name of names) collections[name].clear();
    for (const name of names) for (const row of snapshot[name] ?? []) (collections[name] as Collection<any>).insert({ ...row });
  };
  if (journal) restore(journal.load() as Partial<Snapshot>);
  loading = false;

  return {
    ...collections,
    delete: (table, key) => deleteWithReferences(collections, table, key),
    flush() {
      if (pending.length === 0) return;
      const changes = pending;
      pending = [];
      journal?.write(changes);
    },
    snapshot: () => Object.fromEntries(names.map((name) => [name, collections[name].all()])) as unknown as Snapshot,
    restore,
    close: () => {
      if (pending.length) journal?.write(pending);
      pending = [];
      journal?.close();
    },
  };
}

/** Before anything is changed: a snapshot that can't be restored loses nothing. */
function refuseBadSnapshot(snapshot: Record<string, unknown>): void {
  for (const [name, rows] of Object.entries(snapshot)) {
    const definition = tables[name as keyof Tables] as { key: string } | undefined;
    if (!definition) throw new Error(`A snapshot has the tables ${names.join(', ')}; there is no table ${name}`);
    if (!Array.isArray(rows)) throw new Error(`The table ${name} of a snapshot is a list of rows`);
    const seen = new Set<string>();
    const bad = rows.findIndex((row) => typeof row?.[definition.key] !== 'string' || seen.size === seen.add(row[definition.key]).size);
    if (bad !== -1) throw new Error(`Row ${bad} of the table ${name} of a snapshot needs its own ${definition.key}`);
  }
}

function deleteWithReferences(collections: Collections, table: keyof Tables, key: string): boolean {
  if (!collections[table].remove(key)) return false;
  for (const name of names) {
    const collection = collections[name] as Collection<any>;
    for (const reference of collection.definition.references ?? []) {
      if (reference.table !== table) continue;
      for (const row of collection.all({ [reference.column]: key })) {
        const rowKey = String(row[collection.definition.key]);
        if (reference.onDelete === 'cascade') deleteWithReferences(collections, name, rowKey);
        else collection.update(rowKey, { [reference.column]: null });
      }
    }
  }
  return true;
}
