/** A row of a table; `missed` says that it misses its aim, and by how much. */
export interface Row {
  cells: string[];
  missed?: string | undefined;
}

/** What a part of the benchmark found. */
export interface Finding {
  title: string;
  columns: string[];
  rows: Row[];
}

export function print({ title, columns, rows }: Finding): void {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  console.log(
    `\n${title}\n\n${[line(columns), line(columns.map(() => '---')), ...rows.map(({ cells }) => line(cells))].join('\n')}`,
  );
}
