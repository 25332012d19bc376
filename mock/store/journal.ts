import { chmodSync, closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { writeLatin1 } from '../json-text.ts';
import { fromLatin1 } from '../latin1.ts';
import { readJson } from '../validation/json.ts';

export interface JournalRow {
  table: string;
  /** In the order of insertion, among the rows of all tables. */
  place: number;
  row: object;
}

/** Where changes go so that they outlive the process. */
export interface Journal {
  /** Every row kept so far, in order of insertion. @throws DatabaseError where they can't be read */
  load(): Iterable<JournalRow>;
  /** Makes the changes durable, all or none. A row is known by its place. @throws DatabaseError where it can't */
  write(changes: (Omit<JournalRow, 'row'> & { row: object | undefined })[]): void;
  close(): void;
}

/** Thrown when a database file can't be used, or refuses a change; the file is left as it was. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
}

const FORMAT = 2;
/** By place, which SQLite appends: an index of keys would cost as much again as the rows. */
const TABLE = 'CREATE TABLE IF NOT EXISTS flowpact (place INTEGER PRIMARY KEY, kind TEXT NOT NULL, row TEXT NOT NULL)';
/** Format 1 had the keys of the rows too, and the place as a hidden column. */
const FROM_FORMAT_1 = `
  ALTER TABLE flowpact RENAME TO format_1;
  ${TABLE};
  INSERT INTO flowpact SELECT rowid, kind, row FROM format_1 ORDER BY rowid;
  DROP TABLE format_1`;

/**
 * A journal in one SQLite file: a table of (place, table, row). Write-ahead logging, one transaction a batch: what was
 * written survives the death of the process. After a power loss the last transactions may be missing, and the file is
 * whole. One process alone has the file, which only its owner can read: it holds credentials.
 *
 * @throws DatabaseError for a file that is no database, another program's, of another format, or in use
 */
export function openSqliteJournal(file: string): Journal {
  let database: DatabaseSync | undefined;
  try {
    const isNew = createPrivately(file);
    database = new DatabaseSync(file);
    // The lock is taken by the next access and goes with the process, however that ends.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0');
    if (!isNew) refuseForeign(database, file);
    if (!isNew) refuseShortened(database, file);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216');
    database.exec('BEGIN EXCLUSIVE');
    database.exec(formatOf(database) === 1 ? FROM_FORMAT_1 : TABLE);
    database.exec(`PRAGMA user_version = ${FORMAT}`);
    database.exec('COMMIT');
    // After all checks: another program's file is left as it is.
    for (const path of [file, `${file}-wal`]) chmodSync(path, PRIVATE);
    noteHolder(file);
    return journalOn(database, file);
  } catch (error) {
    database?.close();
    if (error instanceof DatabaseError) throw error;
    if (isBusy(error))
      throw new DatabaseError(`${file} is in use by ${holderOf(file)}; stop that, or name another file with --db.`);
    const why = `${file} can't be used as a database: ${(error as Error).message}`;
    throw new DatabaseError(`${why}. It was left as it is; name another file with --db.`);
  }
}

/** Read and written by the owner alone. */
const PRIVATE = 0o600;

/** Makes the file where there is none. @returns whether there was none */
function createPrivately(file: string): boolean {
  if (existsSync(file)) return statSync(file).size === 0;
  closeSync(openSync(file, 'a', PRIVATE));
  return true;
}

/** SQLITE_BUSY */
const isBusy = (error: unknown): boolean => ((error as { errcode?: number }).errcode ?? 0) % 256 === 5;

/** Says who has the file; the lock of SQLite decides whether somebody has it. */
const noteOf = (file: string): string => `${file}-holder`;

function noteHolder(file: string): void {
  rmSync(noteOf(file), { force: true });
  writeFileSync(noteOf(file), `${process.pid}\n`, { mode: PRIVATE });
}

function holderOf(file: string): string {
  try {
    return `the process ${readFileSync(noteOf(file), 'utf8').trim()}`;
  } catch {
    return 'another process';
  }
}

function refuseForeign(database: DatabaseSync, file: string): void {
  const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
  if (names.length > 0 && !names.some(({ name }) => name === 'flowpact')) {
    throw new DatabaseError(`${file} is a database of another program; name another file with --db.`);
  }
  const format = formatOf(database);
  if (names.length > 0 && (format < 1 || format > FORMAT)) {
    throw new DatabaseError(
      `${file} has format ${format}, this flowpact reads format ${FORMAT}; name another file with --db.`,
    );
  }
}

/** SQLite reads a page that the file has lost as zeros, and notices when it looks for something there. */
function refuseShortened(database: DatabaseSync, file: string): void {
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const { page_count: pages } = database.prepare('PRAGMA page_count').get() as { page_count: number };
  const { page_size: bytes } = database.prepare('PRAGMA page_size').get() as { page_size: number };
  const { size } = statSync(file);
  if (size < pages * bytes) throw damaged(file, `it has ${size} bytes of ${pages * bytes}`);
}

const damaged = (file: string, why: string): DatabaseError =>
  new DatabaseError(`${file} is damaged: ${why}. Put a copy in its place, or name another file with --db.`);

function formatOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

/** One at a time: the texts of all at once would take as much room as the rows. */
function* rowsOf(database: DatabaseSync, file: string): Generator<JournalRow> {
  const select = database.prepare('SELECT place, kind, row FROM flowpact ORDER BY place');
  try {
    for (const { place, kind, row } of select.iterate() as Iterable<{ place: number; kind: string; row: string }>)
      yield { table: kind, place, row: readJson(row) as object };
  } catch (error) {
    throw damaged(file, (error as Error).message);
  }
}

function journalOn(database: DatabaseSync, file: string): Journal {
  const put = database.prepare(
    'INSERT INTO flowpact (place, kind, row) VALUES (?, ?, ?) ON CONFLICT (place) DO UPDATE SET row = excluded.row',
  );
  const remove = database.prepare('DELETE FROM flowpact WHERE place = ?');
  const [begin, commit, rollback] = [
    database.prepare('BEGIN IMMEDIATE'),
    database.prepare('COMMIT'),
    database.prepare('ROLLBACK'),
  ];
  return {
    load: () => rowsOf(database, file),
    write(changes) {
      try {
        begin.run();
        for (const { table, place, row } of changes)
          row ? put.run(place, table, fromLatin1(writeLatin1(row))) : remove.run(place);
        commit.run();
      } catch (error) {
        // SQLite itself ends a transaction that met a full disk.
        if (database.isTransaction) rollback.run();
        throw new DatabaseError(`${file} refused a change: ${(error as Error).message}`);
      }
    },
    close() {
      database.close();
      rmSync(noteOf(file), { force: true });
    },
  };
}
