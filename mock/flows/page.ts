/** A page of a list, as fastapi-pagination gives it. */
export interface Page<Item> {
  items: Item[];
  total: number;
  page: number;
  size: number;
  pages: number;
}

export function pageOf<Row, Item>(rows: Row[], page: number, size: number, show: (row: Row) => Item): Page<Item> {
  const from = (page - 1) * size;
  return { items: rows.slice(from, from + size).map(show), total: rows.length, page, size, pages: Math.ceil(rows.length / size) };
}
