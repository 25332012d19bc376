/**
 * Whatever is asked of a mock whose database refuses some of the writes, what it shows is what a restart shows.
 * FUZZ_RUNS=1000 npm test -- tests/mock/refused-writes.test.ts searches longer; a failure prints the seed and the
 * smallest sequence.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { buildFlow } from '../../fixtures/build-flow.ts';
import catalogue from '../../fixtures/catalogue.json' with { type: 'json' };
import broken from '../../fixtures/flows/broken-prompt.json' with { type: 'json' };
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import model from '../../fixtures/flows/model.json' with { type: 'json' };
import webhook from '../../fixtures/flows/webhook.json' with { type: 'json' };
import { type RunningMock, startMock } from '../../mock/index.ts';
import { type Journal, openSqliteJournal } from '../../mock/store/journal.ts';
import { openStore, type Snapshot } from '../../mock/store/store.ts';
import { logIn } from './log-in.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 12);
const REFUSAL = 'database or disk is full';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flowpact-refused-'));
  // Errors of background work are printed.
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** A database whose writes are refused where the plan says so; it takes all that come after the plan. */
function planned(inner: Journal, plan: boolean[]): Journal & { refused: number } {
  return {
    refused: 0,
    load: inner.load,
    close: inner.close,
    write(changes) {
      if (plan.shift() === false) {
        this.refused++;
        throw new Error(REFUSAL);
      }
      inner.write(changes);
    },
  };
}

/** The data that requests are made from. */
interface World {
  mock: RunningMock;
  apiKey: string;
  ids: Record<'echo' | 'broken' | 'model' | 'webhook' | 'project' | 'user', string>;
}

type Request = [method: string, path: string, body?: object | 'form'];

const NAMES = ['one', 'two', 'three'];

/** Requests of every kind of change, with a small number to choose among names and things. */
const requests = {
  createFlow: (n: number) => ['POST', '/api/v1/flows/', { name: NAMES[n], data: { nodes: [], edges: [] } }],
  createFlows: (n: number) => [
    'POST',
    '/api/v1/flows/batch/',
    { flows: [{ name: `${NAMES[n]} first` }, { name: `${NAMES[n]} second` }] },
  ],
  renameFlow: (n: number, { ids }: World) => ['PATCH', `/api/v1/flows/${ids.echo}`, { name: NAMES[n] }],
  deleteFlow: (n: number, { mock }: World) => [
    'DELETE',
    `/api/v1/flows/${mock.snapshot().flows.find(({ name }) => name === NAMES[n])?.id ?? n}`,
  ],
  createProject: (n: number, { ids }: World) => [
    'POST',
    '/api/v1/projects/',
    { name: NAMES[n], flows_list: [ids.echo], components_list: [] },
  ],
  renameProject: (n: number, { ids }: World) => ['PATCH', `/api/v1/projects/${ids.project}`, { name: NAMES[n] }],
  deleteProject: (n: number, { mock }: World) => [
    'DELETE',
    `/api/v1/projects/${mock.snapshot().projects.find(({ name }) => name === NAMES[n])?.id ?? n}`,
  ],
  createUser: (n: number) => ['POST', '/api/v1/users/', { username: NAMES[n], password: 'password' }],
  updateUser: (n: number, { ids }: World) => ['PATCH', `/api/v1/users/${ids.user}`, { username: NAMES[n] }],
  createApiKey: (n: number) => ['POST', '/api/v1/api_key/', { name: NAMES[n] }],
  createVariable: (n: number) => [
    'POST',
    '/api/v1/variables/',
    { name: NAMES[n], value: 'x', type: 'Generic', default_fields: [] },
  ],
  addServer: (n: number) => ['POST', `/api/v2/mcp/servers/${NAMES[n]}`, { command: 'nothing' }],
  upload: () => ['POST', '/api/v2/files', 'form'],
  run: (n: number, { ids }: World) => ['POST', `/api/v1/run/${ids.echo}`, { input_value: NAMES[n], session_id: 's' }],
  failedRun: (n: number, { ids }: World) => [
    'POST',
    `/api/v1/run/${ids.broken}`,
    { input_value: NAMES[n], session_id: 's' },
  ],
  streamedRun: (n: number, { ids }: World) => [
    'POST',
    `/api/v1/run/${ids.model}?stream=true`,
    { input_value: NAMES[n], session_id: 's' },
  ],
  build: (n: number, { ids }: World) => [
    'POST',
    `/api/v1/build/${ids.echo}/flow?event_delivery=direct`,
    { inputs: { input_value: NAMES[n] } },
  ],
  webhook: (n: number, { ids }: World) => ['POST', `/api/v1/webhook/${ids.webhook}`, { said: NAMES[n] }],
  callTool: (n: number) => [
    'POST',
    '/api/v1/mcp/streamable',
    { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: { input_value: NAMES[n] } } },
  ],
  deleteMessages: () => ['DELETE', '/api/v1/monitor/messages/session/s'],
} satisfies Record<string, (n: number, world: World) => Request>;
type Kind = keyof typeof requests;

async function openWorld(mock: RunningMock): Promise<World> {
  const authorization = await logIn(mock.url);
  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const headers = { authorization, 'content-type': 'application/json' };
    return (await (
      await fetch(mock.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    ).json()) as never;
  };
  const idOf = async (path: string, body: object): Promise<string> => (await post(path, body))['id'] as string;
  const flow = (recipe: object, name: string) => {
    const made = buildFlow(recipe as typeof echo, catalogue as never);
    // A model speaks word by word.
    for (const { data } of made.data.nodes) Object.assign(data.node.template['stream'] ?? {}, { value: true });
    return idOf('/api/v1/flows/', { ...made, name });
  };
  const ids = {
    echo: await flow(echo, 'echo'),
    broken: await flow(broken, 'broken'),
    model: await flow(model, 'model'),
    webhook: await flow(webhook, 'webhook'),
    project: await idOf('/api/v1/projects/', { name: 'project', flows_list: [], components_list: [] }),
    user: await idOf('/api/v1/users/', { username: 'user', password: 'password' }),
  };
  return { mock, apiKey: (await post('/api/v1/api_key/', { name: 'key' }))['api_key'] as string, ids };
}

/** Sends a request. The text is undefined where the response was cut. */
async function send(
  { mock, apiKey }: World,
  [method, path, body]: Request,
): Promise<{ status: number; text: string | undefined }> {
  const form = new FormData();
  form.set('file', new Blob(['some bytes']), 'file.txt');
  const isForm = body === 'form';
  const headers = { 'x-api-key': apiKey, accept: 'application/json, text/event-stream' };
  const response = await fetch(mock.url + path, {
    method,
    headers: isForm ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body !== undefined && { body: isForm ? form : JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text().catch(() => undefined) };
}

/** Plain JSON, without the tables that hold nothing. */
const plain = (snapshot: Snapshot) =>
  JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(snapshot).filter(([, rows]) => rows.length > 0))));

const step = fc.tuple(
  fc.constantFrom(...(Object.keys(requests) as Kind[])),
  fc.integer({ min: 0, max: NAMES.length - 1 }),
);

test('what a mock returns equals what it returns after a restart', { timeout: 60_000 + RUNS * 10_000 }, async () => {
  let count = 0;
  let refused = 0;
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 4, maxLength: 12 }),
    fc.array(fc.boolean(), { minLength: 8, maxLength: 30 }),
    async (steps, plan) => {
      const file = join(folder, `${count++}.db`);
      const writes: boolean[] = [];
      const journal = planned(openSqliteJournal(file), writes);
      const mock = await startMock({ port: 0, journal });
      const world = await openWorld(mock);
      writes.push(...plan);
      for (const [kind, n] of steps) await send(world, requests[kind](n, world));
      // The counters of API keys are written at the end, when nothing is refused any more.
      writes.length = 0;
      await mock.close();
      refused += journal.refused;
      const restarted = openStore(openSqliteJournal(file));
      expect(plain(restarted.snapshot())).toEqual(plain(mock.snapshot()));
      restarted.close();
    },
  );
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  expect(refused).toBeGreaterThan(RUNS);
});

/** What a mock shows, but for the counters of API keys: a request counts whatever becomes of it. */
const withoutCounters = ({ apiKeys, ...rest }: Snapshot) => ({ ...rest, apiKeys: apiKeys.map(({ id }) => id) });

test.each<Kind>([
  'createFlow',
  'createFlows',
  'renameFlow',
  'createProject',
  'renameProject',
  'createUser',
  'updateUser',
  'createApiKey',
  'createVariable',
  'addServer',
  'upload',
  'run',
  'failedRun',
])('%s, refused by the database, answers 500 with the cause and changes nothing', async (kind) => {
  const writes: boolean[] = [];
  const journal = planned(openSqliteJournal(join(folder, 'state.db')), writes);
  await using mock = await startMock({ port: 0, journal });
  const world = await openWorld(mock);
  const before = withoutCounters(mock.snapshot());
  writes.push(false);
  const { status, text } = await send(world, requests[kind](0, world));
  expect([status, text]).toEqual([500, JSON.stringify({ message: REFUSAL })]);
  expect(withoutCounters(mock.snapshot())).toEqual(before);
  await send(world, requests[kind](0, world));
  expect(withoutCounters(mock.snapshot())).not.toEqual(before);
});

test('a webhook whose run is refused by the database leaves the mock as it was', async () => {
  const writes: boolean[] = [];
  const journal = planned(openSqliteJournal(join(folder, 'state.db')), writes);
  await using mock = await startMock({ port: 0, journal });
  const world = await openWorld(mock);
  const before = withoutCounters(mock.snapshot());
  writes.push(false);
  expect((await send(world, requests.webhook(0, world))).status).toBe(202);
  await expect.poll(() => journal.refused).toBe(1);
  expect(withoutCounters(mock.snapshot())).toEqual(before);
  expect((await send(world, requests.webhook(0, world))).status).toBe(202);
  await expect.poll(() => mock.snapshot().vertexBuilds.length).toBeGreaterThan(0);
});
