import { join } from 'node:path';
import { freePort } from '../targets/free-port.ts';
import { ACCOUNT, logIn } from './cases.ts';
import { echoFlow, send } from './client.ts';
import { type ComparedRequest, compare, ratioRow, times } from './compare.ts';
import { flowId, PROJECT_ID, SESSION_LENGTH } from './growth-ids.ts';
import type { BenchRequest } from './load.ts';
import { memory } from './memory.ts';
import type { Finding } from './report.ts';
import { type ServerProcess, startProcess } from './server-process.ts';

const SIZES = [100, 10_000, 100_000];
const ROUNDS = 4;
const PROJECT_PAGE = `/api/v1/projects/${PROJECT_ID}?page=1&size=50`;

/** A mock with many flows. */
export interface FilledMock extends ServerProcess {
  flows: number;
  headers: Record<string, string>;
  runHeaders: Record<string, string>;
  flow: object;
}

const get = (mock: FilledMock, path: string, count: number): BenchRequest[] =>
  times(count, () => ({ method: 'GET', path, headers: mock.headers }));
/** A request with a JSON body. */
export const json = ({ headers }: FilledMock, method: string, path: string, body: object): BenchRequest => ({
  ...{ method, path, body: JSON.stringify(body) },
  headers: { ...headers, 'content-type': 'application/json' },
});

export const cases: ComparedRequest<FilledMock>[] = [
  {
    ...{ name: 'read a flow', aim: 1.5 },
    requests: (mock) =>
      times(100, (index) => ({
        method: 'GET',
        path: `/api/v1/flows/${flowId((index * 7919) % mock.flows)}`,
        headers: mock.headers,
      })),
  },
  {
    name: 'a page of flows',
    aim: 1.5,
    requests: (mock) => get(mock, '/api/v1/flows/?page=2&size=50&get_all=false', 10),
  },
  {
    name: 'the last page of flows',
    requests: (mock) => get(mock, `/api/v1/flows/?page=${mock.flows / 50}&size=50&get_all=false`, 10),
  },
  {
    ...{ name: 'create a flow', aim: 1.5 },
    requests: (mock, round) =>
      times(50, (index) => json(mock, 'POST', '/api/v1/flows/', { ...mock.flow, name: `made ${round} ${index}` })),
  },
  {
    ...{ name: 'create a flow of a name that is taken', aim: 1.5 },
    requests: (mock) => times(50, () => json(mock, 'POST', '/api/v1/flows/', { ...mock.flow, name: 'stored 0' })),
  },
  {
    ...{ name: 'update a flow', aim: 1.5 },
    requests: (mock, round) =>
      times(50, (index) =>
        json(mock, 'PATCH', `/api/v1/flows/${flowId((index * 7919) % mock.flows)}`, { description: `${round}` }),
      ),
  },
  { name: "a page of a project's flows, newest first", requests: (mock) => get(mock, PROJECT_PAGE, 5) },
  { name: "a page of a project's flows, searched", requests: (mock) => get(mock, `${PROJECT_PAGE}&search=made`, 5) },
  {
    name: 'delete a flow',
    aim: 1.5,
    requests: async (mock) =>
      (await createdFlows(mock)).map((path) => ({ method: 'DELETE', path, headers: mock.headers })),
  },
  {
    name: 'all flow headers after a change, each',
    among: ({ flows }) => flows,
    requests: (mock) => get(mock, '/api/v1/flows/?get_all=true&header_flows=true', 1),
  },
  {
    name: 'all flow headers again, each',
    among: ({ flows }) => flows,
    requests: (mock) => get(mock, '/api/v1/flows/?get_all=true&header_flows=true', 3),
  },
  { name: 'list the projects', aim: 1.5, requests: (mock) => get(mock, '/api/v1/projects/', 100) },
  {
    ...{ name: 'run', aim: 1.5 },
    requests: (mock) =>
      times(100, () => ({
        method: 'POST',
        path: `/api/v1/run/${flowId(1)}?stream=false`,
        headers: mock.runHeaders,
        body: '{"input_value":"hello"}',
      })),
  },
  {
    ...{ name: 'the messages of a session', aim: 1.5 },
    requests: (mock) =>
      times(100, (index) =>
        get(mock, `/api/v1/monitor/messages?session_id=session%20${(index * 7919) % (mock.flows / SESSION_LENGTH)}`, 1),
      ).flat(),
  },
  {
    name: 'the builds of a flow',
    aim: 1.5,
    requests: (mock) => get(mock, `/api/v1/monitor/builds?flow_id=${flowId(1)}`, 100),
  },
];

/** The paths of the flows that this round created. */
async function createdFlows({ url, headers }: FilledMock): Promise<string[]> {
  const { json } = await send<{ flows: { items: { id: string }[] } }>(url, 'GET', `${PROJECT_PAGE}&search=made`, {
    headers,
  });
  return json.flows.items.map(({ id }) => `/api/v1/flows/${id}`);
}

/**
 * What requests cost with 100, 10,000 and 100,000 flows stored. Those that response with all flows or look at each have
 * no aim.
 */
export async function growth(): Promise<Finding> {
  await using stack = new AsyncDisposableStack();
  const mocks: FilledMock[] = [];
  for (const size of SIZES) mocks.push(stack.use(await startFilledMock(size)));
  const sizes = mocks.map(({ pid }) => memory(pid));
  const found = await compare(mocks, cases, ROUNDS);
  const rows = cases.map(({ name, aim }, row) => ratioRow(name, found[row] as number[], aim));
  const each = (((sizes.at(-1) as number) - (sizes[0] as number)) * 1000) / (SIZES.at(-1) as number);
  const memoryRow = [
    'memory',
    ...sizes.map((mb) => `${mb} MB`),
    `${each.toFixed(1)} kB a flow of 10 kB with a message`,
  ];
  return {
    title: `Growth: what a request costs with ${SIZES.map((size) => size.toLocaleString('en')).join(', ')} flows stored`,
    columns: ['', ...SIZES.map((size) => size.toLocaleString('en')), 'aim'],
    rows: [...rows, { cells: memoryRow }],
  };
}

/** Starts a mock with so many flows, written to `file` if given; 0 flows and a file start with the file's flows. */
export async function startFilledMock(flows: number, file?: string): Promise<FilledMock> {
  const port = await freePort();
  const served = await startProcess(
    [
      join(import.meta.dirname, 'filled-mock.ts'),
      String(port),
      String(flows),
      ACCOUNT.password,
      ...(file ? [file] : []),
    ],
    `http://127.0.0.1:${port}`,
  );
  const headers = await logIn(served.url, ACCOUNT);
  const key = (
    await send<{ api_key: string }>(served.url, 'POST', '/api/v1/api_key/', { headers, json: { name: 'bench' } })
  ).json.api_key;
  return {
    ...served,
    flows,
    headers,
    runHeaders: { 'content-type': 'application/json', 'x-api-key': key },
    flow: await echoFlow(served.url, headers, ''),
  };
}
