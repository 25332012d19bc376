import type { Change } from './collection.ts';
import type { Entry } from './indexes.ts';
import type { Journal } from './journal.ts';

/** Longest delay of a deferred change. */
const WAIT_MS = 500;

type EntryOf = (table: string, key: string) => Readonly<Entry<object>> | undefined;

/**
 * Writes changes to a journal. Deferred changes are written together a moment later: each request with an API key
 * changes the counters of that key, and a read must not cost a write. If the process is killed, the last ones are lost.
 */
export class DeferredChanges {
  readonly #journal: Journal;
  readonly #entryOf: EntryOf;
  /** Rows, by table and key, whose newest version is not in the journal yet. */
  readonly #waiting = new Map<string, Pick<Change, 'table' | 'key'>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(journal: Journal, entryOf: EntryOf) {
    this.#journal = journal;
    this.#entryOf = entryOf;
  }

  /** @throws the journal's error; then none of these changes is written */
  write(changes: Change[]): void {
    if (changes.every(({ deferred }) => deferred)) this.#wait(changes);
    else this.#journal.write(changes);
  }

  /** Writes the deferred changes. @throws the journal's error */
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
    // A missing row was removed by a change that was not deferred.
    const changes = [...this.#waiting.values()].flatMap(({ table, key }) => {
      const entry = this.#entryOf(table, key);
      return entry ? [{ table, ...entry }] : [];
    });
    if (changes.length > 0) this.#journal.write(changes);
    this.#waiting.clear();
  }
}
