import { chmodSync, closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { writeLatin1 } from '../json-text.ts';
import { fromLatin1 } from '../latin1.ts';
import { readJson } from '../validation/json.ts';

export interface JournalRow {
  table: string;
  /** The place in the order of insertion, over all tables. */
  place: number;
  row: object;
}

/** Keeps changes so that they survive the process. */
export interface Journal {
  /** Every stored row, in order of insertion. @throws DatabaseError if they can't be read */
  load(): Iterable<JournalRow>;
  /** Makes the changes durable, all or none. A row is identified by its place. @throws DatabaseError if that fails */
  write(changes: (Omit<JournalRow, 'row'> & { row: object | undefined })[]): void;
  close(): void;
}

/** Thrown if a database file can't be used or refuses a change. The file is unchanged then. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
}

const FORMAT = 2;
/** Rows are stored by place, in which order SQLite appends: an index of keys would cost as much as the rows. */
const TABLE = 'CREATE TABLE IF NOT EXISTS flowpact (place INTEGER PRIMARY KEY, kind TEXT NOT NULL, row TEXT NOT NULL)';
/** Format 1 also had the keys of the rows, and the place in a hidden column. */
const FROM_FORMAT_1 = `
  ALTER TABLE flowpact RENAME TO format_1;
  ${TABLE};
  INSERT INTO flowpact SELECT rowid, kind, row FROM format_1 ORDER BY rowid;
  DROP TABLE format_1`;

/**
 * A journal in a SQLite file: a table of (place, table, row). With write-ahead logging and one transaction a batch,
 * written changes survive the death of the process. After a power loss the last transactions may be missing, but the
 * file is intact. One process has the file at a time. Only its owner can read it, since it holds credentials.
 *
 * @throws DatabaseError for a file that is no database, of another program, of another format, or in use
 */
export function openSqliteJournal(file: string): Journal {
  let database: DatabaseSync | undefined;
  try {
    const isNew = createPrivately(file);
    database = new DatabaseSync(file);
    // The next access takes the lock. It is released when the process ends, however it ends.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0');
    if (!isNew) refuseForeign(database, file);
    if (!isNew) refuseShortened(database, file);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216');
    database.exec('BEGIN EXCLUSIVE');
    database.exec(formatOf(database) === 1 ? FROM_FORMAT_1 : TABLE);
    database.exec(`PRAGMA user_version = ${FORMAT}`);
    database.exec('COMMIT');
    // After all checks, so that another program's file stays unchanged.
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

/** Only the owner may read and write. */
const PRIVATE = 0o600;

/** Creates the file if it does not exist. @returns whether it was created */
function createPrivately(file: string): boolean {
  if (existsSync(file)) return statSync(file).size === 0;
  closeSync(openSync(file, 'a', PRIVATE));
  return true;
}

/** The SQLite error code SQLITE_BUSY. */
const isBusy = (error: unknown): boolean => ((error as { errcode?: number }).errcode ?? 0) % 256 === 5;

/** The file that names the process with the database. SQLite's lock decides whether the database is in use. */
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

/** Refuses a truncated file. SQLite reads missing pages as zeros and only notices when it searches them. */
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

/** Parses one row at a time: the texts of all rows would need as much memory as the rows. */
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
        // On a full disk SQLite itself ends the transaction.
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
