import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { send } from './client.ts';
import { type ComparedRequest, compare, ratioRow, times } from './compare.ts';
import { type FilledMock, cases as grownCases, json, startFilledMock } from './growth.ts';
import { flowId } from './growth-ids.ts';
import type { Finding } from './report.ts';

const FLOWS = 3000;
const ROUNDS = 5;
const REWRITES = 3000;

const written = ['create a flow', 'update a flow', 'run', 'read a flow'];
const AIM = 2;

/** What it costs to keep the state in a file (`--db`), and to start from one. */
export async function journal(): Promise<Finding> {
  const folder = mkdtempSync(join(tmpdir(), 'flowpact-bench-'));
  try {
    const file = join(folder, 'state.db');
    {
      await using first = await startFilledMock(FLOWS, file);
      await send(first.url, 'GET', '/health');
    }
    await using memory = await startFilledMock(FLOWS);
    await using kept = await startFilledMock(0, file);
    const mocks: FilledMock[] = [memory, { ...kept, flows: FLOWS }];
    const chosen = grownCases.filter(({ name }) => written.includes(name));
    const found = await compare(mocks, chosen, ROUNDS);
    const rows = chosen.map(({ name, aim }, row) =>
      ratioRow(name, found[row] as number[], aim === undefined ? undefined : AIM),
    );
    const before = size(file);
    await compare([kept], [rewrite], REWRITES / 100);
    const more = size(file) - before;
    return {
      title: `A database: what a request costs with ${FLOWS.toLocaleString('en')} flows in a file, beside a mock that keeps them in memory`,
      columns: ['', 'in memory', 'with --db', 'aim'],
      rows: [
        ...rows,
        {
          cells: [
            'start from the file, beside the same rows as a seed',
            `${memory.startMs.toFixed(0)} ms`,
            `${(kept.startMs / memory.startMs).toFixed(2)} x`,
            '',
          ],
        },
        {
          cells: [
            `the file after one flow of 10 kB was changed ${REWRITES.toLocaleString('en')} times`,
            `${before.toFixed(1)} MB`,
            `+ ${more.toFixed(1)} MB`,
            '10 MB',
          ],
          missed: more > 10 ? `the file grows by ${more.toFixed(1)} MB, aim 10 MB` : undefined,
        },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const rewrite: ComparedRequest<FilledMock> = {
  name: 'rewrite',
  requests: (mock, round) =>
    times(100, (index) => json(mock, 'PATCH', `/api/v1/flows/${flowId(0)}`, { description: `${round} ${index}` })),
};

/** MB of the file and its write-ahead log. */
function size(file: string): number {
  return (
    [file, `${file}-wal`].reduce((sum, one) => sum + (statSync(one, { throwIfNoEntry: false })?.size ?? 0), 0) / 1e6
  );
}
