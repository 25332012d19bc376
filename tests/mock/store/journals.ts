import type { Journal } from '../../../mock/store/journal.ts';
import type { Snapshot } from '../../../mock/store/store.ts';

/** A journal in memory whose writes can be refused. */
export interface TestJournal extends Journal {
  /** How many batches it has taken. */
  writes: number;
  /** Why it refuses the next batches; undefined while it takes them. */
  refusal: string | undefined;
}

export function memoryJournal(): TestJournal {
  const rows = new Map<string, { table: string; row: object }>();
  return {
    writes: 0,
    refusal: undefined,
    load() {
      const tables: Record<string, object[]> = {};
      for (const { table, row } of rows.values()) (tables[table] ??= []).push(JSON.parse(JSON.stringify(row)));
      return tables;
    },
    write(changes) {
      if (this.refusal !== undefined) throw new Error(this.refusal);
      this.writes++;
      for (const { table, key, row } of changes) {
        if (row) rows.set(`${table} ${key}`, { table, row });
        else rows.delete(`${table} ${key}`);
      }
    },
    close: () => undefined,
  };
}

/** What a snapshot and a journal have in common: no empty tables, plain JSON. */
export function filledTables(snapshot: Partial<Snapshot>): Partial<Snapshot> {
  return JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(snapshot).filter(([, rows]) => rows.length > 0))));
}
