/**
 * Whatever is sent to whatever operation, the mock answers as the contract says, and never with an error of its own.
 * FUZZ_RUNS=1000 npm test -- tests/mock/fuzz.test.ts searches longer; a failure prints the seed and the smallest request.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type RunningMock, startMock } from '../../mock/index.ts';
import { loadSpec, type Operation } from '../../spec/index.ts';
import { Contract } from '../../suites/support/contract.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 12);
const spec = await loadSpec();
const contract = new Contract(spec);
let mock: RunningMock;
let authorization: string;
let apiKey: string;
const faults: string[] = [];

beforeAll(async () => {
  mock = await startMock({ port: 0 });
  // What the mock's own error handler prints is a crash that was caught.
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => faults.push(String(text)) > 0);
  const login = await fetch(`${mock.url}/api/v1/login`, { method: 'POST', body: new URLSearchParams({ username: 'langflow', password: 'langflow' }) });
  authorization = `Bearer ${((await login.json()) as { access_token: string }).access_token}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const key = await fetch(`${mock.url}/api/v1/api_key/`, { method: 'POST', headers, body: '{"name":"fuzz"}' });
  apiKey = ((await key.json()) as { api_key: string }).api_key;
});
afterAll(() => mock.close());

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

/** The example of the contract with one value replaced: most faults of real clients are one field. */
function spoiled(example: unknown): fc.Arbitrary<unknown> {
  if (typeof example !== 'object' || example === null) return fc.jsonValue();
  const keys = Object.keys(example);
  if (keys.length === 0) return fc.jsonValue();
  return fc.tuple(fc.constantFrom(...keys), fc.oneof(fc.jsonValue(), text, fc.constant(undefined))).map(([key, value]) => {
    const copy = structuredClone(example) as Record<string, unknown>;
    copy[key] = value;
    return copy;
  });
}

function bodyOf(operation: Operation): fc.Arbitrary<Body | undefined> {
  const content = operation.requestBody?.content;
  if (!content) return fc.constant(undefined);
  const media = content[JSON_TYPE];
  const example = media?.example ?? Object.values(media?.examples ?? {})[0]?.value;
  const json = fc.oneof(fc.constant(example), spoiled(example), fc.jsonValue(), fc.jsonValue({ maxDepth: 30 })).map((value) => JSON.stringify(value) ?? '');
  const multipart = fc
    .tuple(text, fc.uint8Array({ maxLength: 200 }))
    .map(([name, bytes]) =>
      Buffer.concat([Buffer.from(`--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`), bytes, Buffer.from('\r\n--b--')]),
    );
  return fc.oneof(
    { weight: 4, arbitrary: json.map((bytes) => ({ type: JSON_TYPE, bytes })) },
    { weight: 2, arbitrary: multipart.map((bytes) => ({ type: 'multipart/form-data; boundary=b', bytes: new Uint8Array(bytes) })) },
    fc.uint8Array({ maxLength: 100 }).map((bytes) => ({ type: JSON_TYPE, bytes: new Uint8Array(bytes) })),
    fc.record({
      type: fc.constantFrom('text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/xml', undefined),
      bytes: text.map(wellFormed),
    }),
    fc.constant({ type: JSON_TYPE, bytes: '' }),
  );
}

/** A lone surrogate can't be sent. In a path an encoded slash parts it like any other: it would be another operation. */
const wellFormed = (value: string): string => value.toWellFormed();

function requestTo(operation: Operation) {
  const of = (place: string) => operation.parameters.filter((parameter) => parameter.in === place).map(({ name }) => name);
  return fc.record({
    path: fc.record(
      Object.fromEntries(of('path').map((name) => [name, fc.oneof(text, fc.uuid()).map((value) => wellFormed(value).replaceAll('/', '-') || '-')])),
    ),
    query: fc.record(Object.fromEntries(of('query').map((name) => [name, text.map(wellFormed)])), { requiredKeys: [] }),
    body: bodyOf(operation),
  });
}

for (const operation of spec.operations.filter(({ websocket }) => !websocket)) {
  test(`${operation.method} ${operation.path}`, async () => {
    await fc.assert(
      fc.asyncProperty(requestTo(operation), async ({ path, query, body }) => {
        faults.length = 0;
        const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
          encodeURIComponent((path as Record<string, string>)[name] ?? '-').replace(/^\.{1,2}$/, '-'),
        );
        const url = `${mock.url}${filled}?${new URLSearchParams(query as Record<string, string>)}`;
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
        const seen = { status: response.status, headers: Object.fromEntries(response.headers), text: bytes.toString('utf8'), bytes: bytes.length };
        const wrong = contract.checkAnswer(operation, seen).filter(({ kind }) => kind !== 'extra');
        expect({ faults, wrong, of: wrong.length ? `${seen.status} ${seen.text.slice(0, 300)}` : '' }).toEqual({ faults: [], wrong: [], of: '' });
      }),
      { numRuns: RUNS, seed: 7860, endOnFailure: RUNS < 50 },
    );
    mock.reset();
  });
}
