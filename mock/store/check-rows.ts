import { columns } from './columns.ts';
import { type Tables, tables } from './tables.ts';

const MOST_ERRORS = 10;

type Row = Record<string, unknown>;
type Definition = { key: string; unique?: string[][]; references?: { column: string; table: string }[] };

/**
 * Checks rows from outside: their columns, that keys and unique columns differ, and that referenced rows exist.
 *
 * @throws Error that names the table, row and column of the first ten errors
 */
export function checkRows(snapshot: object): void {
  const errors = errorsOf(snapshot as Record<string, unknown>);
  if (errors.length === 0) return;
  const more = errors.length > MOST_ERRORS ? [`and ${errors.length - MOST_ERRORS} more`] : [];
  throw new Error(
    `The snapshot can't be used:\n${[...errors.slice(0, MOST_ERRORS), ...more].map((error) => `  ${error}`).join('\n')}`,
  );
}

function errorsOf(snapshot: Record<string, unknown>): string[] {
  const names = Object.keys(snapshot).filter((name) => snapshot[name] !== undefined);
  const unknown = names
    .filter((name) => !(name in tables))
    .map((name) => `${name} is no table; the tables are ${Object.keys(tables).join(', ')}`);
  const noLists = names
    .filter((name) => name in tables && !isListOfObjects(snapshot[name]))
    .map((name) => `${name} is no list of rows`);
  if (unknown.length + noLists.length > 0) return [...unknown, ...noLists];
  const all = snapshot as Record<string, Row[]>;
  const wrong = names.flatMap((name) => (all[name] as Row[]).flatMap((row, index) => columnErrors(name, row, index)));
  // Rows can only be compared when each of them is valid.
  return wrong.length > 0
    ? wrong
    : names.flatMap((name) => [...duplicates(name, all[name] as Row[]), ...danglingReferences(name, all)]);
}

const isListOfObjects = (value: unknown): boolean =>
  Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row));

const definitionOf = (name: string): Definition => tables[name as keyof Tables] as unknown as Definition;

function columnErrors(name: string, row: Row, index: number): string[] {
  const known: Record<string, (value: unknown) => string | undefined> = columns[name as keyof Tables];
  const strange = Object.keys(row).filter((column) => !Object.hasOwn(known, column));
  const errors = Object.entries(known).map(([column, check]): [string, string | undefined] => [
    column,
    check(row[column]),
  ]);
  return [
    ...errors.filter(([, error]) => error !== undefined),
    ...strange.map((column) => [column, `is no column of ${name}`]),
  ].map(([column, error]) => `${name}, row ${index}: ${column} ${error}`);
}

/** Rows with the same key, or with the same values in columns that are unique together; null equals nothing (SQL). */
function duplicates(name: string, rows: Row[]): string[] {
  const { key, unique = [] } = definitionOf(name);
  return [[key], ...unique].flatMap((group) => {
    const first = new Map<string, number>();
    return rows.flatMap((row, index) => {
      const values = group.map((column) => row[column]);
      if (values.some((value) => value === null)) return [];
      const text = JSON.stringify(values);
      const other = first.get(text);
      if (other === undefined) first.set(text, index);
      return other === undefined
        ? []
        : [`${name}, row ${index}: ${group.join(' and ')} ${group.length > 1 ? 'are' : 'is'} that of row ${other}`];
    });
  });
}

function danglingReferences(name: string, snapshot: Record<string, Row[]>): string[] {
  const rows = snapshot[name] ?? [];
  return (definitionOf(name).references ?? []).flatMap(({ column, table }) => {
    const { key } = definitionOf(table);
    const keys = new Set((snapshot[table] ?? []).map((row) => row[key]));
    return rows.flatMap((row, index) =>
      row[column] === null || keys.has(row[column])
        ? []
        : [`${name}, row ${index}: ${column} is ${JSON.stringify(row[column])}, which is no ${key} of ${table}`],
    );
  });
}
