import type { Collection } from '../store/collection.ts';
import { pydanticText } from '../validation/pydantic-text.ts';

/** A page of a list, in the form of fastapi-pagination. */
export interface Page<Item> {
  items: Item[];
  total: number;
  page: number;
  size: number;
  pages: number;
}

/** A page of the rows that match. */
export function pageOf<Row extends object, Item>(
  table: Collection<Row>,
  match: Partial<Row>,
  { page, size }: { page: number; size: number },
  show: (row: Row) => Item,
): Page<Item> {
  const { rows, total } = table.page(match, (page - 1) * size, size);
  return pageFrom(rows, total, { page, size }, show);
}

/** A page of these rows, with the total number of rows. */
export function pageFrom<Row, Item>(
  rows: Row[],
  total: number,
  { page, size }: { page: number; size: number },
  show: (row: Row) => Item,
): Page<Item> {
  return { items: rows.map(show), total, page, size, pages: Math.ceil(total / size) };
}

const LARGEST_PAGE = 100;

/** Langflow's error for a page or size out of bounds; 0 means the default. */
export function paramsError(page: number | null | undefined, size: number | null | undefined): string | undefined {
  const errors = [
    { name: 'page', value: page || 1, most: Number.POSITIVE_INFINITY },
    { name: 'size', value: size || 1, most: LARGEST_PAGE },
  ].flatMap(({ name, value, most }) => {
    const error = { loc: [name], input: value };
    if (value < 1) return [{ ...error, type: 'greater_than_equal', msg: 'Input should be greater than or equal to 1' }];
    return value > most
      ? [{ ...error, type: 'less_than_equal', msg: `Input should be less than or equal to ${most}` }]
      : [];
  });
  return errors.length > 0 ? pydanticText('Params', errors) : undefined;
}
