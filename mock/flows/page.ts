import type { Collection } from '../store/collection.ts';

/** A page of a list, as fastapi-pagination gives it. */
export interface Page<Item> {
  items: Item[];
  total: number;
  page: number;
  size: number;
  pages: number;
}

/** A page of the rows of a table that match. */
export function pageOf<Row extends object, Item>(
  table: Collection<Row>,
  match: Partial<Row>,
  { page, size }: { page: number; size: number },
  show: (row: Row) => Item,
): Page<Item> {
  const { rows, total } = table.page(match, (page - 1) * size, size);
  return pageFrom(rows, total, { page, size }, show);
}

/** A page from the rows on it, and the number of all. */
export function pageFrom<Row, Item>(rows: Row[], total: number, { page, size }: { page: number; size: number }, show: (row: Row) => Item): Page<Item> {
  return { items: rows.map(show), total, page, size, pages: Math.ceil(total / size) };
}
