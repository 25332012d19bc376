/**
 * Whatever is sent to any operation, the mock's response is in the contract, and never an error of the mock.
 * FUZZ_RUNS=1000 npm test -- tests/mock/fuzz.test.ts searches longer; a failure prints the seed and the smallest
 * request.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildFlow } from '../../fixtures/build-flow.ts';
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import { type RunningMock, startMock } from '../../mock/index.ts';
import { loadSpec, type Operation } from '../../spec/index.ts';
import type { JsonObject } from '../../spec/json.ts';
import { fillPath } from '../../spec/path-template.ts';
import { Contract } from '../../suites/support/contract.ts';
import { logIn } from './log-in.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 12);
const spec = await loadSpec();
const contract = new Contract(spec);
let mock: RunningMock;
let authorization: string;
let apiKey: string;
/** Ids of things that exist, by the names of path parameters. */
const known: Record<string, string> = {};
let start: ReturnType<RunningMock['snapshot']>;
const faults: string[] = [];

beforeAll(async () => {
  mock = await startMock({ port: 0 });
  // The mock's error handler prints crashes that it catches.
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => faults.push(String(text)) > 0);
  authorization = await logIn(mock.url);
  apiKey = (await ask('POST', '/api/v1/api_key/', { name: 'fuzz' }))['api_key'] as string;
  await fillMock();
  start = mock.snapshot();
});
afterAll(() => mock.close());

async function ask(method: string, path: string, body?: object): Promise<JsonObject> {
  const headers = { authorization, 'content-type': 'application/json', ...(apiKey && { 'x-api-key': apiKey }) };
  return (await (
    await fetch(mock.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  ).json()) as JsonObject;
}

/** Things that requests find: otherwise most would be answered with 404. */
async function fillMock(): Promise<void> {
  const idOf = async (path: string, body: object) => (await ask('POST', path, body))['id'] as string;
  const flow = buildFlow(echo, (await ask('GET', '/api/v1/all')) as Parameters<typeof buildFlow>[1]);
  const flowId = await idOf('/api/v1/flows/', { ...flow, access_type: 'PUBLIC' });
  const project = await idOf('/api/v1/projects/', { name: 'fuzz', components_list: [], flows_list: [flowId] });
  await ask('POST', `/api/v1/run/${flowId}`, { input_value: 'hello', session_id: 'fuzz' });
  const [message] = (await ask('GET', '/api/v1/monitor/messages')) as unknown as { id: string }[];
  await ask('POST', '/api/v2/mcp/servers/fuzz', { command: 'nothing' });
  const variable = { name: 'fuzz', value: 'x', type: 'Generic', default_fields: [] };
  const user = await idOf('/api/v1/users/', { username: 'fuzz', password: 'fuzz' });
  const ids = {
    flow_id: flowId,
    flow_id_or_name: flowId,
    project_id: project,
    folder_id: project,
    user_id: user,
    message_id: message?.id ?? '',
  };
  const names = { session_id: 'fuzz', server_name: 'fuzz', vertex_id: 'ChatInput-echo1', folder_name: 'People' };
  Object.assign(known, ids, names, {
    variable_id: await idOf('/api/v1/variables/', variable),
    api_key_id: await idOf('/api/v1/api_key/', { name: 'other' }),
  });
}

const NASTY = [
  '',
  ' ',
  '\0',
  '../..',
  '%2e%2e%2f',
  '🦊'.repeat(20),
  '"',
  "'; DROP TABLE flow;--",
  '-1',
  '1e999',
  'NaN',
  'null',
  'true',
  'x'.repeat(5000),
  '\ud800',
];
const text = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 30 }), fc.uuid());
const JSON_TYPE = 'application/json';

interface Body {
  type: string | undefined;
  bytes: string | Uint8Array<ArrayBuffer>;
}

/** The contract's example with one value replaced: most errors of real clients are in one field. */
function spoiled(example: unknown): fc.Arbitrary<unknown> {
  if (typeof example !== 'object' || example === null) return fc.jsonValue();
  const keys = Object.keys(example);
  if (keys.length === 0) return fc.jsonValue();
  return fc
    .tuple(fc.constantFrom(...keys), fc.oneof(fc.jsonValue(), text, fc.constant(undefined)))
    .map(([key, value]) => {
      const copy = structuredClone(example) as Record<string, unknown>;
      copy[key] = value;
      return copy;
    });
}

/** Numbers that JavaScript would write differently. */
const digits = (json: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    json,
    json,
    json.replaceAll(/(?<=[:[,])-?\d+(?=[,\]}])/g, '$&.0'),
    json.replaceAll(/(?<=[:[,])-?[1-9]\d*(?=[,\]}])/g, '$&9007199254740993'),
  );

function bodyOf(operation: Operation): fc.Arbitrary<Body | undefined> {
  const content = operation.requestBody?.content;
  if (!content) return fc.constant(undefined);
  const media = content[JSON_TYPE];
  const example = media?.example ?? Object.values(media?.examples ?? {})[0]?.value;
  const json = fc
    .oneof(
      { weight: 2, arbitrary: fc.constant(example) },
      { weight: 4, arbitrary: spoiled(example) },
      fc.jsonValue(),
      fc.jsonValue({ maxDepth: 30 }),
    )
    .chain((value) => digits(JSON.stringify(value) ?? ''));
  const multipart = fc
    .tuple(text, fc.uint8Array({ maxLength: 200 }))
    .map(([name, bytes]) =>
      Buffer.concat([
        Buffer.from(`--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`),
        bytes,
        Buffer.from('\r\n--b--'),
      ]),
    );
  return fc.oneof(
    { weight: 8, arbitrary: json.map((bytes) => ({ type: JSON_TYPE, bytes })) },
    {
      weight: 2,
      arbitrary: multipart.map((bytes) => ({ type: 'multipart/form-data; boundary=b', bytes: new Uint8Array(bytes) })),
    },
    fc.uint8Array({ maxLength: 100 }).map((bytes) => ({ type: JSON_TYPE, bytes: new Uint8Array(bytes) })),
    fc.record({
      type: fc.constantFrom(
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
        'application/xml',
        undefined,
      ),
      bytes: text.map(wellFormed),
    }),
    fc.constant({ type: JSON_TYPE, bytes: '' }),
  );
}

/** Stands for the id of something that exists. */
const THERE = '<there>';

/**
 * A lone surrogate can't be sent. An encoded slash separates a path like a plain one: it would be another operation.
 */
const wellFormed = (value: string): string => value.toWellFormed();

function requestTo(operation: Operation) {
  const of = (place: string) =>
    operation.parameters.filter((parameter) => parameter.in === place).map(({ name }) => name);
  return fc.record({
    path: fc.record(
      Object.fromEntries(
        of('path').map((name) => [
          name,
          fc
            .oneof({ weight: 4, arbitrary: fc.constant(THERE) }, text, fc.uuid())
            .map((value) => wellFormed(value).replaceAll('/', '-') || '-'),
        ]),
      ),
    ),
    query: fc.record(
      Object.fromEntries(
        of('query').map((name) => [
          name,
          fc.oneof(text.map(wellFormed), fc.constantFrom('true', 'false', '1', '10', 'direct', 'polling', THERE)),
        ]),
      ),
      { requiredKeys: [] },
    ),
    body: bodyOf(operation),
  });
}

for (const operation of spec.operations.filter(({ websocket }) => !websocket)) {
  test(`${operation.method} ${operation.path}`, async () => {
    await fc.assert(
      fc.asyncProperty(requestTo(operation), async ({ path, query, body }) => {
        faults.length = 0;
        await mock.restore(start);
        const there = (name: string, value: string | undefined) =>
          value === THERE ? (known[name] ?? crypto.randomUUID()) : (value ?? '-');
        const filled = fillPath(operation.path, (name) =>
          encodeURIComponent(there(name, (path as Record<string, string>)[name])).replace(/^\.{1,2}$/, '-'),
        );
        const asked = Object.entries(query as Record<string, string>).map(([name, value]): [string, string] => [
          name,
          there(name, value),
        ]);
        const url = `${mock.url}${filled}?${new URLSearchParams(asked)}`;
        const headers = { authorization, 'x-api-key': apiKey, ...(body?.type && { 'content-type': body.type }) };
        const response = await fetch(url, {
          method: operation.method,
          headers,
          redirect: 'manual',
          ...(body && { body: body.bytes }),
          signal: AbortSignal.timeout(10_000),
        });
        const streamed = response.headers.get('content-type')?.startsWith('text/event-stream');
        const bytes = streamed ? Buffer.alloc(0) : Buffer.from(await response.arrayBuffer());
        if (streamed) await response.body?.cancel();
        const seen = {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          text: bytes.toString('utf8'),
          bytes: bytes.length,
        };
        const wrong = contract.checkResponse(operation, seen).filter(({ kind }) => kind !== 'extra');
        expect({ faults, wrong, of: wrong.length ? `${seen.status} ${seen.text.slice(0, 300)}` : '' }).toEqual({
          faults: [],
          wrong: [],
          of: '',
        });
      }),
      { numRuns: RUNS, seed: 7860, endOnFailure: RUNS < 50 },
    );
  });
}
