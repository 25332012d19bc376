import { join } from 'node:path';
import { freePort } from '../targets/free-port.ts';
import { ACCOUNT, type BenchCase, prepare } from './cases.ts';
import { send } from './client.ts';
import { times } from './compare.ts';
import { type BenchRequest, burst, UNIQUE } from './load.ts';
import type { Finding, Row } from './report.ts';
import { startProcess } from './server-process.ts';

const REQUESTS = 10_000;
/** Bytes a request: the noise of two measurements of the heap. */
const NOISE = 200;

interface SoakCase {
  name: string;
  /** The most bytes a request may leave. */
  aim: number;
  sent: (index: number) => BenchRequest;
  /** Removes what the requests created. */
  after?: () => Promise<unknown>;
}

/** The memory that requests leave after a garbage collection: none, unless they add to the state. */
export async function soak(): Promise<Finding> {
  const [port, heapPort] = [await freePort(), await freePort()];
  const script = join(import.meta.dirname, 'heap-mock.ts');
  await using served = await startProcess(
    ['--expose-gc', script, String(port), ACCOUNT.password, String(heapPort)],
    `http://127.0.0.1:${port}`,
  );
  const heap = async () => Number(await (await fetch(`http://127.0.0.1:${heapPort}`)).text());
  const rows: Row[] = [];
  for (const one of await soakCases(served.url)) {
    await burst(served.url, times(1000, one.sent));
    const before = await heap();
    await burst(
      served.url,
      times(REQUESTS, (index) => one.sent(index + 1000)),
    );
    await one.after?.();
    const each = Math.round(((await heap()) - before) / REQUESTS);
    rows.push({
      cells: [one.name, `${each} bytes`, `${one.aim}`],
      missed: each > one.aim ? `memory after ${one.name}: ${each} bytes a request, aim ${one.aim}` : undefined,
    });
  }
  rows.push({ cells: ['all in use in the end', `${Math.round((await heap()) / 1e6)} MB`, ''] });
  return {
    title: `Memory: what each of ${REQUESTS.toLocaleString('en')} requests leaves, garbage collected`,
    columns: ['', 'left', 'aim'],
    rows,
  };
}

async function soakCases(url: string): Promise<SoakCase[]> {
  const cases = await prepare(url, ACCOUNT);
  const named = (name: string) => cases.find((one) => one.name === name) as BenchCase;
  const [read, list, run, stream, create] = [
    named('one flow'),
    named('100 flow headers'),
    named('run'),
    named('run, stream'),
    named('create a flow'),
  ];
  const { headers } = read;
  const json = { ...headers, 'content-type': 'application/json' };
  const session = read.path.slice(read.path.lastIndexOf('/') + 1);
  const forget = () => send(url, 'DELETE', `/api/v1/monitor/messages/session/${session}`, { headers });
  return [
    { name: 'reads and lists', aim: NOISE, sent: (index) => (index % 2 ? read : list) },
    {
      name: 'updates of one flow',
      aim: NOISE,
      sent: (index) => ({ ...read, method: 'PATCH', headers: json, body: `{"description":"${index}"}` }),
    },
    { name: 'runs, their messages deleted', aim: NOISE, sent: (index) => (index % 2 ? run : stream), after: forget },
    { name: 'runs with two messages each', aim: 3000, sent: (index) => (index % 2 ? run : stream) },
    {
      name: 'flows of 10 kB that are created',
      aim: 20_000,
      sent: (index) => ({ ...create, body: create.body?.replace(UNIQUE, String(index)) as string }),
    },
  ];
}
