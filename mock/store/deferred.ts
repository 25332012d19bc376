import type { Change } from './collection.ts';
import type { Entry } from './indexes.ts';
import type { Journal } from './journal.ts';

/** How long a change that may wait waits at most. */
const WAIT_MS = 500;

type EntryOf = (table: string, key: string) => Readonly<Entry<object>> | undefined;

/**
 * Writes changes to a journal. Those that may wait are written together after a moment: each request with an API key
 * changes the counters of that key, and a read must not cost a write. The death of the process loses the last of them.
 */
export class DeferredChanges {
  readonly #journal: Journal;
  readonly #entryOf: EntryOf;
  /** By table and key: rows whose newest version the journal does not have yet. */
  readonly #waiting = new Map<string, Pick<Change, 'table' | 'key'>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(journal: Journal, entryOf: EntryOf) {
    this.#journal = journal;
    this.#entryOf = entryOf;
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
    const changes = [...this.#waiting.values()].flatMap(({ table, key }) => {
      const entry = this.#entryOf(table, key);
      return entry ? [{ table, ...entry }] : [];
    });
    if (changes.length > 0) this.#journal.write(changes);
    this.#waiting.clear();
  }
}
