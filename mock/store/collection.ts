/** How rows of one kind are kept: what must be unique, what is looked up often, and what goes with what. */
export interface TableDefinition<Row> {
  /** The primary key column. */
  key: keyof Row & string;
  /** Columns that are looked up by equality; `find` and `all` use them. */
  indexes?: (keyof Row & string)[];
  /** Columns, or groups of them, whose values no two rows share. */
  unique?: (keyof Row & string)[][];
  /** What happens to a row when the row that a column points at is deleted. */
  references?: { column: keyof Row & string; table: string; onDelete: 'cascade' | 'set-null' }[];
}

/** One change to a row, told to the journal after it was made in memory. */
export type Change = { table: string; key: string; row: object | undefined };

/** Thrown when a row would break a unique constraint; routes turn it into the answer of their operation. */
export class UniqueViolation extends Error {
  override name = 'UniqueViolation';
  readonly table: string;
  readonly columns: string[];
  constructor(table: string, columns: string[]) {
    super(`${table}: another row has the same ${columns.join(', ')}`);
    this.table = table;
    this.columns = columns;
  }
}

/**
 * Rows of one kind in memory, in order of insertion, with indexes. Rows are frozen: a change makes a new row,
 * so that a row's JSON text can be kept with it (see json.ts).
 */
export class Collection<Row extends object> {
  readonly name: string;
  readonly definition: TableDefinition<Row>;
  readonly #rows = new Map<string, Row>();
  readonly #indexes = new Map<string, Map<unknown, Set<string>>>();
  readonly #changed: (change: Change) => void;

  constructor(name: string, definition: TableDefinition<Row>, changed: (change: Change) => void) {
    this.name = name;
    this.definition = definition;
    this.#changed = changed;
    for (const column of definition.indexes ?? []) this.#indexes.set(column, new Map());
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** The first row whose columns equal those of `match`. */
  find(match: Partial<Row>): Row | undefined {
    for (const row of this.#candidates(match)) if (matches(row, match)) return row;
    return undefined;
  }

  /** Every row whose columns equal those of `match`, in order of insertion. */
  all(match: Partial<Row> = {}): Row[] {
    const found: Row[] = [];
    for (const row of this.#candidates(match)) if (matches(row, match)) found.push(row);
    return found;
  }

  /** @throws UniqueViolation */
  insert(row: Row): Row {
    const key = this.#keyOf(row);
    if (this.#rows.has(key)) throw new UniqueViolation(this.name, [this.definition.key]);
    this.#refuseDuplicate(row, key);
    return this.#put(key, row);
  }

  /** Replaces the columns that `patch` names. @throws UniqueViolation, or Error for an unknown key */
  update(key: string, patch: Partial<Row>): Row {
    const before = this.#rows.get(key);
    if (!before) throw new Error(`${this.name} has no row ${key}`);
    const row = { ...before, ...patch };
    this.#refuseDuplicate(row, key);
    this.#unindex(key, before, row);
    return this.#put(key, row);
  }

  /** Forgets a row; true if it was there. What refers to it is the store's business. */
  remove(key: string): boolean {
    const row = this.#rows.get(key);
    if (!row) return false;
    this.#unindex(key, row);
    this.#rows.delete(key);
    this.#changed({ table: this.name, key, row: undefined });
    return true;
  }

  clear(): void {
    for (const key of [...this.#rows.keys()]) this.remove(key);
  }

  #keyOf(row: Row): string {
    return String(row[this.definition.key]);
  }

  #put(key: string, row: Row): Row {
    const frozen = Object.freeze(row);
    this.#rows.set(key, frozen);
    for (const [column, index] of this.#indexes) {
      const value = row[column as keyof Row];
      const keys = index.get(value);
      if (keys) keys.add(key);
      else index.set(value, new Set([key]));
    }
    this.#changed({ table: this.name, key, row: frozen });
    return frozen;
  }

  /** Where `next` has the same value the key keeps its place, so that rows stay in order of insertion. */
  #unindex(key: string, row: Row, next?: Row): void {
    for (const [column, index] of this.#indexes) {
      const value = row[column as keyof Row];
      if (next && next[column as keyof Row] === value) continue;
      const keys = index.get(value);
      keys?.delete(key);
      if (keys?.size === 0) index.delete(value);
    }
  }

  /** The rows that may match: one by its key, those of the smallest index that applies, else all. */
  #candidates(match: Partial<Row>): Iterable<Row> {
    const keyed = match[this.definition.key];
    if (keyed !== undefined) {
      const row = this.#rows.get(String(keyed));
      return row ? [row] : [];
    }
    let smallest: Set<string> | undefined;
    for (const [column, index] of this.#indexes) {
      if (!(column in match)) continue;
      const keys = index.get(match[column as keyof Row]);
      if (!keys) return [];
      if (!smallest || keys.size < smallest.size) smallest = keys;
    }
    return smallest ? this.#rowsOf(smallest) : this.#rows.values();
  }

  *#rowsOf(keys: Set<string>): Iterable<Row> {
    for (const key of keys) yield this.#rows.get(key) as Row;
  }

  #refuseDuplicate(row: Row, key: string): void {
    for (const columns of this.definition.unique ?? []) {
      // NULL is never equal to NULL, as in SQL.
      if (columns.some((column) => row[column] === null || row[column] === undefined)) continue;
      const match: Partial<Row> = {};
      for (const column of columns) match[column] = row[column];
      for (const other of this.#candidates(match)) {
        if (this.#keyOf(other) !== key && matches(other, match)) throw new UniqueViolation(this.name, columns);
      }
    }
  }
}

function matches<Row extends object>(row: Row, match: Partial<Row>): boolean {
  for (const column in match) if (row[column] !== match[column]) return false;
  return true;
}
