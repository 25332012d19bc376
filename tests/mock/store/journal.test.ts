import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DatabaseError, openSqliteJournal } from '../../../mock/store/journal.ts';
import { openStore } from '../../../mock/store/store.ts';
import { project, user } from './rows.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flowpact-journal-'));
  file = join(folder, 'state.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** Runs SQL on the file while no journal has it open. */
function execute(sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

/** A process of its own that has the file open, and writes a row after another; ends with a signal. */
async function startHolder() {
  const modules = join(import.meta.dirname, '../../../mock/store');
  const script = `
    import { openStore } from ${JSON.stringify(join(modules, 'store.ts'))};
    import { openSqliteJournal } from ${JSON.stringify(join(modules, 'journal.ts'))};
    const store = openStore(openSqliteJournal(${JSON.stringify(file)}));
    const row = { description: null, parent_id: null, auth_settings: null, user_id: null };
    let n = 0;
    setInterval(() => {
      store.unitOfWork(() => store.projects.insert({ ...row, id: String(n), name: String(n) }));
      // Not a number: FORCE_COLOR would colour it.
      console.log(String(n++));
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const written = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.length > 500) resolve();
    });
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = async () => {
    child.kill('SIGKILL');
    await closed;
  };
  await Promise.race([written, closed]);
  return { pid: child.pid, kill, acknowledged: () => Number(text.slice(0, text.lastIndexOf('\n')).split('\n').pop()) };
}

describe('a journal', () => {
  test('gives back what was written, in order', () => {
    const store = openStore(openSqliteJournal(file));
    store.unitOfWork(() => {
      for (const id of ['c', 'a', 'b']) store.users.insert(user(id));
    });
    store.unitOfWork(() => {
      store.users.update('c', { is_active: false });
      store.delete('users', 'a');
    });
    store.close();
    const again = openStore(openSqliteJournal(file));
    expect(again.users.all().map(({ id, is_active }) => [id, is_active])).toEqual([
      ['c', false],
      ['b', true],
    ]);
    again.close();
  });

  test('loses nothing that was written when the process is killed, and lets the next one have the file', async () => {
    const holder = await startHolder();
    await holder.kill();
    const store = openStore(openSqliteJournal(file));
    expect(store.projects.size).toBeGreaterThanOrEqual(holder.acknowledged() + 1);
    store.close();
  });

  test('is refused to a second process, in a sentence that names the file and the process that has it', async () => {
    const holder = await startHolder();
    try {
      expect(() => openSqliteJournal(file)).toThrow(
        new DatabaseError(`${file} is in use by the process ${holder.pid}; stop that, or name another file with --db.`),
      );
      const before = holder.acknowledged();
      await expect.poll(holder.acknowledged).toBeGreaterThan(before);
    } finally {
      await holder.kill();
    }
    openSqliteJournal(file).close();
    expect(existsSync(`${file}-holder`)).toBe(false);
  });

  test('is refused to a second mock of the same process, and not after the first has closed it', () => {
    const first = openSqliteJournal(file);
    expect(() => openSqliteJournal(file)).toThrow(`in use by the process ${process.pid}`);
    first.write([{ table: 'users', place: 1, row: user('u1') }]);
    first.close();
    const second = openSqliteJournal(file);
    expect([...second.load()]).toEqual([{ table: 'users', place: 1, row: user('u1') }]);
    second.close();
  });

  test('says that another process has the file where it left no note', () => {
    openSqliteJournal(file).close();
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    expect(() => openSqliteJournal(file)).toThrow(`${file} is in use by another process`);
    other.exec('COMMIT');
    other.close();
    openSqliteJournal(file).close();
  });

  test('can be read by its owner alone, an older one too, with all that lies beside it', () => {
    const journal = openSqliteJournal(file);
    journal.write([{ table: 'users', place: 1, row: user('u1') }]);
    expect([file, `${file}-wal`, `${file}-holder`].map(modeOf)).toEqual(['600', '600', '600']);
    expect(existsSync(`${file}-shm`)).toBe(false);
    journal.close();
    chmodSync(file, 0o644);
    const again = openSqliteJournal(file);
    again.write([{ table: 'users', place: 2, row: user('u2') }]);
    expect([file, `${file}-wal`].map(modeOf)).toEqual(['600', '600']);
    again.close();
  });

  test('goes on with a file of format 1, in its order', () => {
    execute('PRAGMA user_version = 1; CREATE TABLE flowpact (kind TEXT, key TEXT, row TEXT, PRIMARY KEY (kind, key))');
    for (const id of ['c', 'a', 'b']) {
      execute(`INSERT INTO flowpact VALUES ('users', '${id}', '${JSON.stringify(user(id))}')`);
    }
    const store = openStore(openSqliteJournal(file));
    store.unitOfWork(() => {
      store.delete('users', 'a');
      store.users.insert(user('d'));
    });
    store.close();
    const again = openStore(openSqliteJournal(file));
    expect(again.users.all()).toEqual(['c', 'b', 'd'].map((id) => user(id)));
    again.close();
  });

  test('is refused in a format of the future, and with rows of an unknown table', () => {
    openSqliteJournal(file).close();
    execute('PRAGMA user_version = 99');
    expect(() => openSqliteJournal(file)).toThrow(`${file} has format 99, this flowpact reads format 2`);
    execute(`PRAGMA user_version = 2; INSERT INTO flowpact VALUES (1, 'nothings', '{}')`);
    expect(() => openStore(openSqliteJournal(file))).toThrow('There is no table nothings');
    openSqliteJournal(file).close();
  });

  test('leaves a file alone that is not its own', () => {
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'these are my notes, long enough to be no database header at all', { mode: 0o644 });
    expect(() => openSqliteJournal(text)).toThrow(DatabaseError);
    expect(readFileSync(text, 'utf8')).toContain('my notes');
    expect(modeOf(text)).toBe('644');
    execute('CREATE TABLE theirs (id)');
    chmodSync(file, 0o644);
    expect(() => openSqliteJournal(file)).toThrow(/another program/);
    expect(modeOf(file)).toBe('644');
  });
});

/** What SQLite does with a statement that fails: it undoes that, or, on a full disk, the whole transaction. */
describe.each([
  ['one statement', 'ABORT'],
  ['the transaction', 'ROLLBACK'],
])('a write that fails, and of which SQLite undoes %s', (_what, raise) => {
  const refuse = (when: string, row: string) =>
    `CREATE TRIGGER refuse_${when} BEFORE ${when} ON flowpact WHEN ${row}.row LIKE '%refuse me%'
     BEGIN SELECT RAISE(${raise}, 'database or disk is full'); END;`;

  test('leaves nothing of its batch, says why, and the next is taken', () => {
    openSqliteJournal(file).close();
    execute(refuse('INSERT', 'NEW') + refuse('DELETE', 'OLD'));
    const store = openStore(openSqliteJournal(file));
    store.unitOfWork(() => store.users.insert(user('u1')));
    const failing = () =>
      store.unitOfWork(() => {
        store.users.update('u1', { username: 'renamed' });
        store.projects.insert(project('p1', 'u1'));
        store.projects.insert(project('p2', 'u1', 'refuse me'));
      });
    expect(failing).toThrow(new DatabaseError(`${file} refused a change: database or disk is full`));
    const before = store.snapshot();
    store.unitOfWork(() => store.users.insert(user('u2', 'renamed')));
    store.close();
    const again = openStore(openSqliteJournal(file));
    expect(again.snapshot()).toEqual({ ...before, users: [user('u1'), user('u2', 'renamed')] });
    again.close();
  });
});
