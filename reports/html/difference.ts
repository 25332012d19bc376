export interface Line {
  text: string;
  differs: boolean;
}

/** Longer texts are not compared: the time grows with the product of both lengths. */
const MOST_LINES = 400;

/** The lines of both texts; a line that the other text lacks is marked (longest common subsequence). */
export function differingLines(left: string, right: string): [Line[], Line[]] {
  const [a, b] = [left.split('\n'), right.split('\n')];
  if (a.length > MOST_LINES || b.length > MOST_LINES) return [a.map(plain), b.map(plain)];
  const common = lengths(a, b);
  const [first, second]: [Line[], Line[]] = [[], []];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      first.push(plain(a[i++] as string));
      second.push(plain(b[j++] as string));
    } else if (j >= b.length || (i < a.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      first.push({ text: a[i++] as string, differs: true });
    } else {
      second.push({ text: b[j++] as string, differs: true });
    }
  }
  return [first, second];
}

const plain = (text: string): Line => ({ text, differs: false });
const at = (table: number[][], i: number, j: number): number => table[i]?.[j] ?? 0;

/** For each i and j, how many lines the texts from there on have in common. */
function lengths(a: string[], b: string[]): number[][] {
  const table: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    const row = table[i] as number[];
    for (let j = b.length - 1; j >= 0; j--)
      row[j] = a[i] === b[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1));
  }
  return table;
}
