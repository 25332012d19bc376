import { join } from 'node:path';
import { freePort } from '../targets/free-port.ts';
import { ACCOUNT, prepare } from './cases.ts';
import { type ComparedRequest, compare, ratioRow, times } from './compare.ts';
import type { BenchRequest } from './load.ts';
import type { Finding } from './report.ts';
import { startProcess } from './server-process.ts';

/** The operations that the benchmark calls. */
export const NEEDED = [
  ...[
    'readHealth',
    'readVersion',
    'login',
    'listComponents',
    'createFlow',
    'readFlow',
    'listFlows',
    'createApiKey',
    'createUser',
    'updateUser',
  ],
  ...['runFlow'],
];

const COUNTS = [NEEDED.length, 161, 1610];
const ROUNDS = 7;
const AIM = 1.5;

interface SizedMock extends AsyncDisposable {
  url: string;
  sent: (BenchRequest & { name: string })[];
}

/** What requests cost with a contract of few operations, of its own, and of ten times as many. */
export async function operations(): Promise<Finding> {
  await using stack = new AsyncDisposableStack();
  const mocks: SizedMock[] = [];
  for (const count of COUNTS) mocks.push(stack.use(await startSizedMock(count)));
  const names = mocks[0]?.sent.map(({ name }) => name) ?? [];
  const cases = names.map(
    (name, index): ComparedRequest<SizedMock> => ({
      name,
      requests: ({ sent }, round) => times(100, (nth) => withUniqueName(sent[index] as BenchRequest, round, nth)),
    }),
  );
  const found = await compare(mocks, cases, ROUNDS);
  return {
    title: 'Operations: what a request costs with so many of them in the contract',
    columns: ['', ...COUNTS.map((count) => count.toLocaleString('en')), 'aim'],
    rows: names.map((name, row) => ratioRow(name, found[row] as number[], AIM)),
  };
}

/** Gives each created flow a unique name. */
const withUniqueName = (one: BenchRequest, round: number, nth: number): BenchRequest =>
  one.body ? { ...one, body: one.body.replace('<unique>', `${round} ${nth}`) } : one;

async function startSizedMock(count: number): Promise<SizedMock> {
  const port = await freePort();
  const served = await startProcess(
    [join(import.meta.dirname, 'sized-mock.ts'), String(port), String(count), ACCOUNT.password],
    `http://127.0.0.1:${port}`,
  );
  return { ...served, sent: await prepare(served.url, ACCOUNT) };
}
