import { type Columns, type Entry, HighestIndex, Index, type Numbering, UniqueIndex } from './indexes.ts';

/** How the rows of a table are kept: what is unique, what is indexed, what refers to what. */
export interface TableDefinition<Row> {
  /** The primary key column. */
  key: keyof Row & string;
  /** Columns, or groups of columns, that are looked up by equality; `find`, `all` and `page` use them. */
  indexes?: Columns<Row>[];
  /** Columns, or groups of columns, that are unique. They are indexes too. */
  unique?: Columns<Row>[];
  /** For rows that are numbered within a group; `highest` finds the highest number. */
  numbering?: Numbering<Row>;
  /** Columns with a JsonText, which is plain JSON in a snapshot. */
  texts?: (keyof Row & string)[];
  /** What happens to a row when the row to which a column refers is deleted. */
  references?: { column: keyof Row & string; table: string; onDelete: 'cascade' | 'set-null' }[];
  /** Counters that every request may change. A change of only these columns reaches the journal later (deferred.ts). */
  deferred?: (keyof Row & string)[];
}

/** A change to a row in memory: what the journal writes, and how to undo it. */
export interface Change {
  table: string;
  key: string;
  /** The place of the row in the order of insertion, unique in the store. */
  place: number;
  /** Undefined if the row was removed. */
  row: object | undefined;
  deferred: boolean;
  undo(): void;
}

/** What a collection needs from its store. */
export interface Changes {
  /** The list to which a change to the table is added. @throws Error outside a unit of work */
  to(table: string): Change[];
  /** The place of a new row. */
  nextPlace(): number;
}

/** Thrown for a row that would violate a unique constraint. Routes turn it into a response. */
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
 * The rows of a table in memory, in order of insertion, with indexes. Rows are frozen: a change makes a new row, so a
 * row's JSON can be kept (see json.ts).
 */
export class Collection<Row extends object> {
  readonly name: string;
  readonly definition: TableDefinition<Row>;
  readonly #entries = new Map<string, Entry<Row>>();
  readonly #indexes: Index<Row>[];
  readonly #uniques: UniqueIndex<Row>[];
  readonly #highest: HighestIndex<Row> | undefined;
  readonly #all: AnyIndex<Row>[];
  readonly #changes: Changes;
  #isInOrder = true;
  #version = 0;

  constructor(name: string, definition: TableDefinition<Row>, changes: Changes) {
    this.name = name;
    this.definition = definition;
    this.#changes = changes;
    this.#indexes = (definition.indexes ?? []).map((columns) => new Index(columns));
    this.#uniques = (definition.unique ?? []).map((columns) => new UniqueIndex(columns));
    this.#highest = definition.numbering && new HighestIndex(definition.numbering);
    this.#all = [...this.#indexes, ...this.#uniques, ...(this.#highest ? [this.#highest] : [])];
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Changes with every change of the rows. */
  get version(): number {
    return this.#version;
  }

  get(key: string): Row | undefined {
    return this.#entries.get(key)?.row;
  }

  /** A row and its place. */
  entry(key: string): Readonly<Entry<Row>> | undefined {
    return this.#entries.get(key);
  }

  oldest(): Row | undefined {
    return this.#entries.values().next().value?.row;
  }

  /** The first row whose columns equal those of `match`. */
  find(match: Partial<Row>): Row | undefined {
    for (const { row } of this.#candidates(match)) if (matches(row, match)) return row;
    return undefined;
  }

  /** Every row whose columns equal those of `match`, in order of insertion. */
  all(match: Partial<Row> = {}): Row[] {
    const found: Row[] = [];
    for (const { row } of this.#candidates(match)) if (matches(row, match)) found.push(row);
    return found;
  }

  /** A page of those rows, and their number. If an index has exactly these columns, no other rows are read. */
  page(match: Partial<Row>, from: number, size: number): { rows: Row[]; total: number } {
    const columns = Object.keys(match).length;
    const exact = this.#indexes.find((index) => index.columns.length === columns && index.get(match))?.get(match);
    if (!exact) {
      const rows = this.all(match);
      return { rows: rows.slice(from, from + size), total: rows.length };
    }
    const rows: Row[] = [];
    let at = 0;
    for (const { row } of exact) {
      if (at >= from + size) break;
      if (at++ >= from) rows.push(row);
    }
    return { rows, total: exact.size };
  }

  /** The highest number of a group; 0 for a group without rows (see `numbering`). */
  highest(group: string): bigint {
    return this.#highest?.get(group) ?? 0n;
  }

  /** @throws UniqueViolation */
  insert(row: Row, place = this.#changes.nextPlace()): Row {
    const unit = this.#changes.to(this.name);
    const key = this.#keyOf(row);
    if (this.#entries.has(key)) throw new UniqueViolation(this.name, [this.definition.key]);
    this.#refuseDuplicate(row);
    const entry: Entry<Row> = { row: Object.freeze(row), place };
    this.#add(key, entry);
    unit.push({ table: this.name, key, place, row, deferred: false, undo: () => this.#take(key, entry) });
    return row;
  }

  /** Replaces the columns in `patch`. @throws UniqueViolation, or Error for an unknown key */
  update(key: string, patch: Partial<Row>): Row {
    const unit = this.#changes.to(this.name);
    const entry = this.#entries.get(key);
    if (!entry) throw new Error(`${this.name} has no row ${key}`);
    const before = entry.row;
    const row = Object.freeze({ ...before, ...patch });
    const others = this.#indexesThatDiffer(row, before);
    if (others.length > 0) this.#refuseDuplicate(row, entry);
    this.#replace(entry, row, others);
    unit.push({
      table: this.name,
      key,
      place: entry.place,
      row,
      deferred: this.#isDeferred(patch),
      undo: () => this.#replace(entry, before, others),
    });
    return row;
  }

  /** Removes a row; true if it existed. The store handles references to it. */
  remove(key: string): boolean {
    const unit = this.#changes.to(this.name);
    const entry = this.#entries.get(key);
    if (!entry) return false;
    const { row } = entry;
    this.#take(key, entry);
    unit.push({
      table: this.name,
      key,
      place: entry.place,
      row: undefined,
      deferred: false,
      undo: () => this.#putBack(key, entry, row),
    });
    return true;
  }

  /** Returns rows whose removal was undone to their old places. */
  restoreOrder(): void {
    if (this.#isInOrder) return;
    const inOrder = [...this.#entries].sort(([, a], [, b]) => a.place - b.place);
    this.#entries.clear();
    for (const [key, entry] of inOrder) this.#entries.set(key, entry);
    this.#isInOrder = true;
  }

  clear(): void {
    for (const key of [...this.#entries.keys()]) this.remove(key);
  }

  #replace(entry: Entry<Row>, row: Row, indexes: AnyIndex<Row>[]): void {
    this.#version += 1;
    for (const index of indexes) index.remove(entry);
    entry.row = row;
    for (const index of indexes) index.add(entry);
  }

  #add(key: string, entry: Entry<Row>): void {
    this.#version += 1;
    this.#entries.set(key, entry);
    for (const index of this.#all) index.add(entry);
  }

  #take(key: string, entry: Entry<Row>): void {
    this.#version += 1;
    for (const index of this.#all) index.remove(entry);
    this.#entries.delete(key);
    // A map that has grown keeps its old memory, and the rows in it, until the next full garbage collection.
    entry.row = GONE as Row;
  }

  #putBack(key: string, entry: Entry<Row>, row: Row): void {
    entry.row = row;
    this.#add(key, entry);
    this.#isInOrder = false;
  }

  #isDeferred(patch: Partial<Row>): boolean {
    const { deferred } = this.definition;
    return (
      deferred !== undefined && Object.keys(patch).every((column) => deferred.includes(column as keyof Row & string))
    );
  }

  #indexesThatDiffer(row: Row, before: Row): AnyIndex<Row>[] {
    return this.#all.filter(({ columns }) => columns.some((column) => row[column] !== before[column]));
  }

  #keyOf(row: Row): string {
    return String(row[this.definition.key]);
  }

  #refuseDuplicate(row: Row, self?: Entry<Row>): void {
    for (const index of this.#uniques) {
      const other = index.get(row);
      if (other && other !== self) throw new UniqueViolation(this.name, index.columns);
    }
  }

  /**
   * The rows that may match: one by its key or by unique columns, those of the smallest index that applies, else all.
   */
  #candidates(match: Partial<Row>): Iterable<Entry<Row>> {
    const keyed = match[this.definition.key];
    if (keyed !== undefined) return only(this.#entries.get(String(keyed)));
    for (const index of this.#uniques) {
      const found = index.get(match);
      if (found !== undefined) return only(found);
    }
    let smallest: ReadonlySet<Entry<Row>> | undefined;
    for (const index of this.#indexes) {
      const found = index.get(match);
      if (found && (!smallest || found.size < smallest.size)) smallest = found;
    }
    return smallest ?? this.#entries.values();
  }
}

type AnyIndex<Row> = Index<Row> | UniqueIndex<Row> | HighestIndex<Row>;

const GONE = Object.freeze({});

const only = <Row>(entry: Entry<Row> | null | undefined): Entry<Row>[] => (entry ? [entry] : []);

function matches<Row extends object>(row: Row, match: Partial<Row>): boolean {
  for (const column in match) if (row[column] !== match[column]) return false;
  return true;
}
