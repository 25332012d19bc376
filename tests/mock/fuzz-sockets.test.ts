/**
 * Whatever is sent over a WebSocket, the mock sends only messages of the contract, and does not crash.
 * FUZZ_RUNS=1000 npm test -- tests/mock/fuzz-sockets.test.ts searches longer.
 */
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type RunningMock, startMock } from '../../mock/index.ts';
import { loadSpec, type Operation, resolveRef } from '../../spec/index.ts';
import { Contract } from '../../suites/support/contract.ts';
import { logIn } from './log-in.ts';

/** For the response to a ping. */
const PATIENCE_MS = 5000;
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 12);
const spec = await loadSpec();
const contract = new Contract(spec);
const faults: string[] = [];
const crashed = (error: unknown) => faults.push(`crash: ${(error as Error).stack ?? error}`);
let mock: RunningMock;
let apiKey: string;
let flowId: string;

beforeAll(async () => {
  mock = await startMock({ port: 0 });
  // The mock's error handlers print crashes that they catch; an uncaught one would end the process.
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => faults.push(String(text)) > 0);
  process.on('uncaughtException', crashed);
  const authorization = await logIn(mock.url);
  const post = async (path: string, body: object) => {
    const headers = { authorization, 'content-type': 'application/json' };
    return (await (
      await fetch(mock.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    ).json()) as Record<string, string>;
  };
  apiKey = (await post('/api/v1/api_key/', { name: 'fuzz' }))['api_key'] as string;
  flowId = (await post('/api/v1/flows/', { name: 'fuzz', data: { nodes: [], edges: [] } }))['id'] as string;
  await post('/api/v1/variables/', { name: 'OPENAI_API_KEY', value: 'not-a-key', type: 'Generic', default_fields: [] });
});
afterAll(() => {
  process.off('uncaughtException', crashed);
  return mock.close();
});
afterEach(() => vi.clearAllMocks());

/** The types of events that the contract names for the client. */
function typesOf({ websocket }: Operation): string[] {
  const schema = resolveRef<{ allOf: { if?: { properties: { type: { const: string } } } }[] }>(
    spec.document,
    websocket?.send.schema as never,
  );
  return schema.allOf.flatMap((part) => part.if?.properties.type.const ?? []);
}

const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('\ud800', '\0', 'x'.repeat(70_000), -1, 1e308, [], {}, [[]], 'AAAA', '===='),
);
const FIELDS = [
  'audio',
  'session',
  'item',
  'response',
  'enabled',
  'voice_id',
  'progress_enabled',
  'item_id',
  'event_id',
  'content',
  'type',
];

function frames(operation: Operation): fc.Arbitrary<(string | Buffer)[]> {
  const event = fc
    .tuple(
      fc.constantFrom(...typesOf(operation), 'input_audio_buffer.clear', 'response.cancel', 'unknown'),
      fc.dictionary(fc.constantFrom(...FIELDS), anything),
    )
    .map(([type, fields]) => JSON.stringify({ type, ...fields }));
  const odd = fc.constantFrom(
    '',
    '{',
    'null',
    '[]',
    '{"type":',
    '"text"',
    '1e999',
    'NaN',
    '\0',
    '{"type":1}',
    `${'['.repeat(5000)}`,
  );
  const binary = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes));
  return fc.array(
    fc.oneof({ weight: 8, arbitrary: event }, { weight: 1, arbitrary: odd }, { weight: 1, arbitrary: binary }),
    { minLength: 1, maxLength: 8 },
  );
}

/** Sends the messages and a ping. @returns what the server sent until its pong or the end of the connection */
async function talk(operation: Operation, sent: (string | Buffer)[]): Promise<string[]> {
  const path = operation.path.replace('{flow_id}', flowId).replace('{session_id}', 'fuzz');
  const socket = new WebSocket(`${mock.url.replace('http', 'ws')}${path}`, { headers: { 'x-api-key': apiKey } });
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(data.toString()));
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await Promise.race([new Promise((resolve) => socket.once('open', resolve)), closed]);
  if (socket.readyState !== socket.OPEN) return heard;
  for (const frame of sent) socket.send(frame);
  const answered = new Promise((resolve) => socket.once('pong', resolve));
  socket.ping();
  if ((await Promise.race([answered, closed, delay(PATIENCE_MS, 'late')])) === 'late') faults.push('it hangs');
  socket.terminate();
  await closed;
  return heard;
}

const sockets = spec.operations.filter(({ websocket }) => websocket);

for (const operation of sockets) {
  test(`${operation.path}, whatever is sent`, { timeout: 20_000 + RUNS * 200 }, async () => {
    await fc.assert(
      fc.asyncProperty(frames(operation), async (sent) => {
        faults.length = 0;
        const heard = await talk(operation, sent);
        const wrong = heard.flatMap((text) =>
          contract
            .checkMessage(operation, 'server', text)
            .map((violation) => ({ text: text.slice(0, 200), ...violation })),
        );
        expect({ faults, wrong }).toEqual({ faults: [], wrong: [] });
        expect(heard.length).toBeGreaterThan(0);
      }),
      { numRuns: RUNS, seed: 7860 },
    );
  });

  test(`${operation.path}, a message that is too long`, async () => {
    faults.length = 0;
    await talk(operation, ['x'.repeat(17 * 1024 * 1024)]);
    expect((await fetch(`${mock.url}/health`)).status).toBe(200);
    expect(faults).toEqual([]);
  });
}
