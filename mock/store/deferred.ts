import type { Change } from './collection.ts';
import type { Journal } from './journal.ts';

/** How long a change that may wait waits at most. */
const WAIT_MS = 500;

/**
 * Writes changes to a journal. Those that may wait (the counters of an API key: each request with one changes them, and a read must not cost
 * a write) go with the next that may not, or with one another after a moment; a death of the process loses only them.
 */
export class DeferredChanges {
  readonly #journal: Journal;
  readonly #rowOf: (table: string, key: string) => object | undefined;
  /** By table and key: rows whose newest version the journal does not have yet. */
  readonly #waiting = new Map<string, Pick<Change, 'table' | 'key'>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(journal: Journal, rowOf: (table: string, key: string) => object | undefined) {
    this.#journal = journal;
    this.#rowOf = rowOf;
  }

  /** @throws where the journal does: then none of these is written */
  write(changes: Change[], isOutermost: boolean): void {
    if (changes.every(({ deferred }) => deferred)) this.#wait(changes);
    // What an outer unit has changed of the rows that wait is not settled yet.
    else if (isOutermost && this.#waiting.size > 0) this.#writeWith(changes);
    else this.#journal.write(changes);
  }

  close(): void {
    clearTimeout(this.#timer);
    if (this.#waiting.size > 0) this.#writeWith([]);
  }

  #wait(changes: Change[]): void {
    for (const { table, key } of changes) this.#waiting.set(`${table} ${key}`, { table, key });
    this.#timer ??= setTimeout(() => this.#writeLater(), WAIT_MS).unref();
  }

  #writeLater(): void {
    this.#timer = undefined;
    try {
      if (this.#waiting.size > 0) this.#writeWith([]);
    } catch (error) {
      process.stderr.write(`The counters of API keys are written later: ${(error as Error).message}\n`);
      this.#timer ??= setTimeout(() => this.#writeLater(), WAIT_MS).unref();
    }
  }

  #writeWith(changes: Change[]): void {
    const rows = [...this.#waiting.values()].map(({ table, key }) => ({ table, key, row: this.#rowOf(table, key) }));
    // A row that is gone by now was removed by a change that did not wait, or is removed by these.
    this.#journal.write([...rows.filter(({ row }) => row !== undefined), ...changes]);
    this.#waiting.clear();
  }
}
