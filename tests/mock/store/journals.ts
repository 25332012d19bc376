import type { Journal, JournalRow } from '../../../mock/store/journal.ts';
import type { Snapshot } from '../../../mock/store/store.ts';

/** A journal in memory whose writes can be refused. */
export interface TestJournal extends Journal {
  /** How many batches it has taken. */
  writes: number;
  /** Why it refuses the next batches; undefined while it takes them. */
  refusal: string | undefined;
}

export function memoryJournal(): TestJournal {
  const rows = new Map<number, JournalRow>();
  return {
    writes: 0,
    refusal: undefined,
    *load() {
      for (const place of [...rows.keys()].sort((a, b) => a - b)) yield JSON.parse(JSON.stringify(rows.get(place)));
    },
    write(changes) {
      if (this.refusal !== undefined) throw new Error(this.refusal);
      this.writes++;
      for (const { table, place, row } of changes) {
        if (row) rows.set(place, { table, place, row });
        else rows.delete(place);
      }
    },
    close: () => undefined,
  };
}

/** What a snapshot and a journal have in common: no empty tables, plain JSON. */
export function filledTables(snapshot: Partial<Snapshot>): Partial<Snapshot> {
  return JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(snapshot).filter(([, rows]) => rows.length > 0))));
}
