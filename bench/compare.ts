import { type BenchRequest, burst } from './load.ts';

/** A request that is sent to several mocks, to compare its cost. */
export interface ComparedRequest<Mock> {
  name: string;
  /** Aim: the highest ratio to the cost with the first mock. */
  aim?: number;
  requests(mock: Mock, round: number): BenchRequest[] | Promise<BenchRequest[]>;
  /** The number that the cost of a request is divided by; default 1. */
  among?(mock: Mock): number;
}

/** Microseconds of each request with each mock, in turn. The quickest round counts: other load only adds time. */
export async function compare<Mock extends { url: string }>(
  mocks: Mock[],
  cases: ComparedRequest<Mock>[],
  rounds: number,
): Promise<number[][]> {
  const best = cases.map(() => mocks.map(() => Number.POSITIVE_INFINITY));
  for (let round = 0; round < rounds; round++) {
    for (const [row, { requests, among }] of cases.entries()) {
      for (const [column, mock] of mocks.entries()) {
        const sent = await requests(mock, round);
        const taken = ((await burst(mock.url, sent)) * 1000) / sent.length / (among?.(mock) ?? 1);
        const line = best[row] as number[];
        line[column] = Math.min(line[column] ?? taken, taken);
      }
    }
  }
  return best;
}

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** A row with the first time in microseconds and the others as multiples of it. */
export function ratioRow(
  name: string,
  [first = 1, ...others]: number[],
  aim?: number,
): { cells: string[]; missed?: string | undefined } {
  const ratios = others.map((time) => time / first);
  const worst = Math.max(...ratios);
  const cells = [
    name,
    first < 1000 ? `${first.toPrecision(3)} µs` : `${(first / 1000).toPrecision(3)} ms`,
    ...ratios.map((ratio) => `${ratio.toFixed(2)} x`),
    aim ? `${aim} x` : '',
  ];
  return { cells, missed: aim && worst > aim ? `${name}: ${worst.toFixed(2)} x, aim ${aim} x` : undefined };
}
