import type { Change } from './collection.ts';
import type { Journal } from './journal.ts';

/** How long a change that may wait waits at most. */
const WAIT_MS = 500;

type RowOf = (table: string, key: string) => object | undefined;

/**
 * Writes changes to a journal. Those that may wait are written together after a moment: each request with an API key
 * changes the counters of that key, and a read must not cost a write. The death of the process loses the last of them.
 */
export class DeferredChanges {
  readonly #journal: Journal;
  readonly #rowOf: RowOf;
  /** By table and key: rows whose newest version the journal does not have yet. */
  readonly #waiting = new Map<string, Pick<Change, 'table' | 'key'>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(journal: Journal, rowOf: RowOf) {
    this.#journal = journal;
    this.#rowOf = rowOf;
  }

  /** @throws where the journal does: then none of these is written */
  write(changes: Change[]): void {
    if (changes.every(({ deferred }) => deferred)) this.#wait(changes);
    else this.#journal.write(changes);
  }

  /** Writes what waits. @throws where the journal does */
  close(): void {
    clearTimeout(this.#timer);
    this.#writeWaiting();
  }

  #wait(changes: Change[]): void {
    for (const { table, key } of changes) this.#waiting.set(`${table} ${key}`, { table, key });
    this.#startTimer();
  }

  #startTimer(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      try {
        this.#writeWaiting();
      } catch (error) {
        process.stderr.write(`Counters of API keys are written later: ${(error as Error).message}\n`);
        this.#startTimer();
      }
    }, WAIT_MS).unref();
  }

  #writeWaiting(): void {
    // A row that is gone by now was removed by a change that did not wait.
    const rows = [...this.#waiting.values()].map(({ table, key }) => ({ table, key, row: this.#rowOf(table, key) }));
    if (rows.length > 0) this.#journal.write(rows.filter(({ row }) => row !== undefined));
    this.#waiting.clear();
  }
}
