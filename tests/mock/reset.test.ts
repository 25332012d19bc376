/**
 * After a reset, nothing appears that started before it, and no flow ends the process. An unhandled rejection
 * fails these tests.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { buildFlow } from '../../fixtures/build-flow.ts';
import catalogue from '../../fixtures/catalogue.json' with { type: 'json' };
import model from '../../fixtures/flows/model.json' with { type: 'json' };
import webhook from '../../fixtures/flows/webhook.json' with { type: 'json' };
import { type RunningMock, startMock } from '../../mock/index.ts';
import { logIn } from './log-in.ts';

let mock: RunningMock;
let headers: Record<string, string>;
let stderr: ReturnType<typeof vi.spyOn>;

beforeEach(async () => {
  mock = await startMock({ port: 0 });
  headers = { authorization: await logIn(mock.url), 'content-type': 'application/json' };
  headers['x-api-key'] = (await create('/api/v1/api_key/', { name: 'key' })).api_key as string;
  stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await mock.close();
});

const post = (path: string, body: object, signal?: AbortSignal) =>
  fetch(mock.url + path, { method: 'POST', headers, body: JSON.stringify(body), ...(signal && { signal }) });
const create = async (path: string, body: object) => (await post(path, body)).json() as Promise<Record<string, string>>;
/** Adds a flow whose model, if it has one, speaks word by word. */
async function add(recipe: object): Promise<string> {
  const flow = buildFlow(recipe as typeof webhook, catalogue as never);
  for (const { data } of flow.data.nodes) Object.assign(data.node.template['stream'] ?? {}, { value: true });
  return (await create('/api/v1/flows/', flow))['id'] as string;
}

/** The rows that runs leave, and the flows. */
function rowsOfRuns(): object {
  const { flows, messages, vertexBuilds } = mock.snapshot();
  return { flows, messages, vertexBuilds };
}
const NOTHING = { flows: [], messages: [], vertexBuilds: [] };

const LONG = Array.from({ length: 200 }, (_, n) => `word${n}`).join(' ');

describe('a reset', () => {
  test.each([
    ['the stream of a run', (flow: string) => `/api/v1/run/${flow}?stream=true`],
    ['a build', (flow: string) => `/api/v1/build/${flow}/flow?event_delivery=direct`],
  ])('in the middle of %s ends it', async (_what, path) => {
    const flow = await add(model);
    const response = await post(path(flow), { input_value: LONG, inputs: { input_value: LONG } });
    const reader = response.body?.getReader();
    let text = '';
    for (
      let next = await reader?.read();
      next?.done === false && !text.includes('"token"');
      next = await reader?.read()
    ) {
      text += Buffer.from(next.value).toString();
    }
    expect(text.includes('"token"')).toBe(true);
    expect(rowsOfRuns()).not.toEqual(NOTHING);
    await mock.reset();
    expect(rowsOfRuns()).toEqual(NOTHING);
    // Its stream would take seconds.
    await delay(200);
    expect(rowsOfRuns()).toEqual(NOTHING);
    const rest = (async () => {
      for (;;) if ((await reader?.read())?.done !== false) return 'ended';
    })();
    expect(await Promise.race([rest.catch(() => 'cut'), delay(2000, 'goes on')])).not.toBe('goes on');
    expect(stderr).not.toHaveBeenCalled();
  });

  test('takes back a webhook that has not run yet', async () => {
    const flow = await add(webhook);
    const sent = Promise.all(Array.from({ length: 20 }, () => post(`/api/v1/webhook/${flow}`, { said: 'x' })));
    await delay(5);
    await mock.reset();
    await sent;
    await delay(50);
    expect(rowsOfRuns()).toEqual(NOTHING);
  });
});

/** A graph that no engine can read: the outputs of its component are a number. */
const UNREADABLE = {
  nodes: [{ id: 'ChatInput-1', data: { type: 'ChatInput', id: 'ChatInput-1', node: { template: {}, outputs: 5 } } }],
  edges: [],
};

describe('a flow whose graph cannot be read', () => {
  let flow: string;
  beforeEach(async () => {
    flow = (await create('/api/v1/flows/', { name: 'unreadable', data: UNREADABLE }))['id'] as string;
  });
  afterEach(async () => {
    expect((await fetch(`${mock.url}/health`)).status).toBe(200);
  });

  test('is run, built and called, and the mock goes on', async () => {
    expect((await post(`/api/v1/run/${flow}`, {})).status).toBe(500);
    expect((await post(`/api/v1/webhook/${flow}`, { a: 1 })).status).toBe(202);
    const build = await post(`/api/v1/build/${flow}/flow?event_delivery=direct`, {}, AbortSignal.timeout(2000));
    expect(build.status).toBe(200);
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'unreadable', arguments: {} } };
    const accept = 'application/json, text/event-stream';
    const called = await fetch(`${mock.url}/api/v1/mcp/streamable`, {
      method: 'POST',
      headers: { ...headers, accept },
      body: JSON.stringify(call),
    });
    expect([called.status, (await called.text()).startsWith('event: message')]).toEqual([200, true]);
  });

  test.each(['flow_as_tool', 'flow_tts'])('is spoken to by %s, and the mock goes on', async (kind) => {
    await create('/api/v1/variables/', {
      name: 'OPENAI_API_KEY',
      value: 'not-a-key',
      type: 'Generic',
      default_fields: [],
    });
    const socket = new WebSocket(`${mock.url.replace('http', 'ws')}/api/v1/voice/ws/${kind}/${flow}/session`, {
      headers,
    });
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(JSON.parse(String(data)).type));
    await new Promise((resolve) => socket.once('open', resolve));
    const say = (event: object) => socket.send(JSON.stringify(event));
    say({ type: 'input_audio_buffer.append', audio: Buffer.alloc(9600).toString('base64') });
    say({ type: 'input_audio_buffer.commit' });
    say({ type: 'response.create' });
    await expect.poll(() => heard).toContain('conversation.item.input_audio_transcription.completed');
    await delay(100);
    socket.terminate();
  });
});
