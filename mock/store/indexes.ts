/** A row and its place in the order of insertion. A row that replaces another keeps its entry. */
export interface Entry<Row> {
  row: Row;
  readonly place: number;
}

export type Columns<Row> = (keyof Row & string)[];

/** Index key for the columns; undefined if any is null (SQL). */
function valueIn<Row>(row: Partial<Row>, columns: Columns<Row>): unknown {
  const [first] = columns;
  if (columns.length === 1 && first) return row[first] ?? undefined;
  let value = '';
  for (const column of columns) {
    const part = row[column];
    if (part === null || part === undefined) return undefined;
    value += `${part}\0`;
  }
  return value;
}

/** Finds the only row with some values. */
export class UniqueIndex<Row> {
  readonly columns: Columns<Row>;
  readonly #entries = new Map<unknown, Entry<Row>>();

  constructor(columns: Columns<Row>) {
    this.columns = columns;
  }

  /** Undefined if `match` lacks a column; null if there is no such row. */
  get(match: Partial<Row>): Entry<Row> | undefined | null {
    const value = valueIn(match, this.columns);
    return value === undefined ? undefined : (this.#entries.get(value) ?? null);
  }

  add(entry: Entry<Row>): void {
    const value = valueIn(entry.row, this.columns);
    if (value !== undefined) this.#entries.set(value, entry);
  }

  /** Must be called before the row of the entry is replaced. */
  remove(entry: Entry<Row>): void {
    this.#entries.delete(valueIn(entry.row, this.columns));
  }
}

/** Finds the rows with some values, in order of insertion. */
export class Index<Row> {
  readonly columns: Columns<Row>;
  readonly #groups = new Map<unknown, Group<Row>>();

  constructor(columns: Columns<Row>) {
    this.columns = columns;
  }

  /** Undefined if `match` lacks a column. */
  get(match: Partial<Row>): ReadonlySet<Entry<Row>> | undefined {
    const value = valueIn(match, this.columns);
    return value === undefined ? undefined : (this.#groups.get(value)?.inOrder() ?? NOTHING);
  }

  add(entry: Entry<Row>): void {
    const value = valueIn(entry.row, this.columns);
    if (value === undefined) return;
    const group = this.#groups.get(value);
    if (group) group.add(entry);
    else this.#groups.set(value, new Group(entry));
  }

  /** Must be called before the row of the entry is replaced. */
  remove(entry: Entry<Row>): void {
    const value = valueIn(entry.row, this.columns);
    const group = this.#groups.get(value);
    group?.entries.delete(entry);
    if (group?.entries.size === 0) this.#groups.delete(value);
  }
}

const NOTHING: ReadonlySet<never> = new Set();

class Group<Row> {
  entries: Set<Entry<Row>>;
  #newest: number;
  #isInOrder = true;

  constructor(entry: Entry<Row>) {
    this.entries = new Set([entry]);
    this.#newest = entry.place;
  }

  add(entry: Entry<Row>): void {
    this.entries.add(entry);
    if (entry.place < this.#newest) this.#isInOrder = false;
    else this.#newest = entry.place;
  }

  /** Sorts rows that came from another group when they are read. */
  inOrder(): Set<Entry<Row>> {
    if (!this.#isInOrder) this.entries = new Set([...this.entries].sort((a, b) => a.place - b.place));
    this.#isInOrder = true;
    return this.entries;
  }
}

/** How the rows of a group are numbered: `name (3)` is the third copy of `name`. */
export interface Numbering<Row> {
  columns: Columns<Row>;
  /** Undefined for a row without a number. */
  of(row: Row): { group: string; number: bigint } | undefined;
}

/** Finds the highest number of a group. */
export class HighestIndex<Row> {
  readonly columns: Columns<Row>;
  readonly #of: Numbering<Row>['of'];
  readonly #groups = new Map<string, { numbers: Map<Entry<Row>, bigint>; highest: bigint | undefined }>();

  constructor({ columns, of }: Numbering<Row>) {
    this.columns = columns;
    this.#of = of;
  }

  /** 0 for a group without rows. Searches only after the highest was removed. */
  get(name: string): bigint {
    const group = this.#groups.get(name);
    if (!group) return 0n;
    if (group.highest === undefined) {
      group.highest = 0n;
      for (const number of group.numbers.values()) if (number > group.highest) group.highest = number;
    }
    return group.highest;
  }

  add(entry: Entry<Row>): void {
    const found = this.#of(entry.row);
    if (!found) return;
    const group = this.#groups.get(found.group);
    if (!group) this.#groups.set(found.group, { numbers: new Map([[entry, found.number]]), highest: found.number });
    else {
      group.numbers.set(entry, found.number);
      if (group.highest !== undefined && found.number > group.highest) group.highest = found.number;
    }
  }

  /** Must be called before the row of the entry is replaced. */
  remove(entry: Entry<Row>): void {
    const found = this.#of(entry.row);
    const group = found && this.#groups.get(found.group);
    if (!group) return;
    group.numbers.delete(entry);
    if (group.numbers.size === 0) this.#groups.delete(found.group);
    else if (group.highest === found.number) group.highest = undefined;
  }
}
