import { JsonText } from '../json-text.ts';
import { type Changes, Collection, type TableDefinition } from './collection.ts';
import { DeferredChanges } from './deferred.ts';
import type { Journal } from './journal.ts';
import { type Tables, tables } from './tables.ts';
import { UnitsOfWork } from './unit-of-work.ts';

/** Every row of every table, in order, as plain JSON. `snapshot` returns it, `restore` takes it. */
export type Snapshot = { [Name in keyof Tables]: Plain<Tables[Name]>[] };

type Plain<Row> = {
  [Column in keyof Row]: Row[Column] extends JsonText<infer Value> | null ? Value | null : Row[Column];
};

/** A row of any table. */
type AnyRow = Record<string, unknown>;

type Collections = { [Name in keyof Tables]: Collection<Tables[Name]> };

/** The store of a mock: a collection for each table, references between them, and a journal if it must survive. */
export interface Store extends Collections {
  /**
   * Runs `work`, which must be synchronous, as one unit of work. Its changes are durable when it returns, and undone if
   * it throws or the journal refuses them. Changes outside a unit throw. See `UnitsOfWork` for nested units.
   */
  unitOfWork<Result>(work: () => Result): Result;
  /** Deletes a row, and deletes or changes the rows that refer to it. True if it existed. */
  delete(table: keyof Tables, key: string): boolean;
  snapshot(): Snapshot;
  /** Replaces all rows, as a unit of work. Tables that are not in the snapshot become empty. */
  restore(snapshot: Partial<Snapshot>): void;
  close(): void;
}

const names = Object.keys(tables) as (keyof Tables)[];

/** Opens a store: in memory, or with the rows of a journal that also gets the changes. */
export function openStore(journal: Journal = NO_JOURNAL): Store {
  const deferred = new DeferredChanges(journal, (table, key) => collections[table as keyof Tables].entry(key));
  const units = new UnitsOfWork({
    commit: (changes) => deferred.write(changes),
    undone: (changes) => {
      for (const table of new Set(changes.map((change) => change.table)))
        collections[table as keyof Tables].restoreOrder();
    },
  });
  let places = 0;
  const changes: Changes = { to: () => [], nextPlace: () => places++ };
  const collections = Object.fromEntries(
    names.map((name) => [name, new Collection(name, tables[name] as TableDefinition<AnyRow>, changes)]),
  ) as unknown as Collections;
  try {
    for (const { table, place, row } of journal.load()) {
      if (!names.includes(table as keyof Tables)) throw new Error(`There is no table ${table}`);
      anyRows(collections, table as keyof Tables).insert(storedRow(table as keyof Tables, row), place);
      places = place + 1;
    }
  } catch (error) {
    journal.close();
    throw error;
  }
  changes.to = (table) => units.changesTo(table);

  return {
    ...collections,
    unitOfWork: (work) => units.run(work),
    delete: (table, key) => deleteWithReferences(collections, table, key),
    snapshot: () =>
      Object.fromEntries(
        names.map((name) => [
          name,
          anyRows(collections, name)
            .all()
            .map((row) => plainRow(name, row)),
        ]),
      ) as unknown as Snapshot,
    restore(snapshot) {
      refuseBadSnapshot(snapshot);
      units.run(() => {
        for (const name of names) collections[name].clear();
        for (const name of names)
          for (const row of snapshot[name] ?? []) anyRows(collections, name).insert(storedRow(name, row));
      });
    },
    close() {
      try {
        deferred.close();
      } finally {
        journal.close();
      }
    },
  };
}

/** A collection, for code that works on every table. */
function anyRows(collections: Collections, name: keyof Tables): Collection<AnyRow> {
  return collections[name] as unknown as Collection<AnyRow>;
}

const NO_JOURNAL: Journal = { load: () => [], write: () => undefined, close: () => undefined };

/** Converts a row of a snapshot into one of a table. */
function storedRow(name: keyof Tables, row: object): AnyRow {
  return withTexts(name, row as AnyRow, (value) => JsonText.of(value));
}

/** Converts a row of a table into plain JSON. */
function plainRow(name: keyof Tables, row: object): object {
  return withTexts(name, row as AnyRow, (text) => (text as JsonText).exact);
}

function withTexts(name: keyof Tables, row: AnyRow, changed: (value: object) => object): AnyRow {
  const { texts = [] } = tables[name] as { texts?: string[] };
  return {
    ...row,
    ...Object.fromEntries(texts.map((column) => [column, row[column] && changed(row[column] as object)])),
  };
}

/** Called before anything is changed, so that a bad snapshot loses no rows. */
function refuseBadSnapshot(snapshot: Record<string, unknown>): void {
  for (const [name, rows] of Object.entries(snapshot)) {
    const definition = tables[name as keyof Tables] as { key: string } | undefined;
    if (!definition) throw new Error(`A snapshot has the tables ${names.join(', ')}; there is no table ${name}`);
    if (!Array.isArray(rows)) throw new Error(`The table ${name} of a snapshot is a list of rows`);
    const seen = new Set<string>();
    const bad = rows.findIndex(
      (row) => typeof row?.[definition.key] !== 'string' || seen.size === seen.add(row[definition.key]).size,
    );
    if (bad !== -1) throw new Error(`Row ${bad} of the table ${name} of a snapshot needs its own ${definition.key}`);
  }
}

function deleteWithReferences(collections: Collections, table: keyof Tables, key: string): boolean {
  if (!collections[table].remove(key)) return false;
  for (const name of names) {
    const collection = anyRows(collections, name);
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
