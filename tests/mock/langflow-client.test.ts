/** Langflow's own client for JavaScript: what its README shows works on the mock. */
import { LangflowClient } from '@datastax/langflow-client';
import { LangflowError } from '@datastax/langflow-client/errors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import model from '../../fixtures/flows/model.json' with { type: 'json' };
import { mockWithFlow, type WithFlow } from './with-flow.ts';

let served: WithFlow;
let client: LangflowClient;

beforeAll(async () => {
  served = await mockWithFlow(model, { logBuffer: 100 });
  client = new LangflowClient({ baseUrl: served.mock.url, apiKey: served.apiKey });
});
afterAll(() => served[Symbol.asyncDispose]());

async function all<Item>(stream: ReadableStream<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe('a flow', () => {
  test('runs, in a session of its own or in one that is named', async () => {
    const response = await client.flow(served.flow).run('Good morning');
    expect(response.chatOutputText()).toContain('Good morning');
    expect(response.sessionId).toBe(served.flow);
    expect((await client.flow(served.flow).run('Good morning', { session_id: 'a talk' })).sessionId).toBe('a talk');
  });

  test('runs with a tweak', async () => {
    const tweaked = client.flow(served.flow).tweak('ChatOutput-modl3', { sender_name: 'Parrot' });
    expect((await tweaked.run('Hello')).outputs[0]?.outputs[0].results.message.sender_name).toBe('Parrot');
  });

  test('streams its messages, then token by token the response, then all of it', async () => {
    const events = await all(await client.flow(served.flow).stream('Tell me'));
    const tokens = events.filter(({ event }) => event === 'token');
    expect(tokens.length).toBeGreaterThan(1);
    expect(events[0]).toMatchObject({ event: 'add_message', data: { text: 'Tell me', sender: 'User' } });
    const response = tokens.map(({ data }) => (data as { chunk: string }).chunk).join('');
    expect(events.at(-1)).toMatchObject({
      event: 'end',
      data: { result: { outputs: [{ outputs: [{ results: { message: { text: response } } }] }] } },
    });
  });

  test('is aborted when the client aborts it', async () => {
    await expect(client.flow(served.flow).run('Hello', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  test('is refused without an API key, and an unknown flow is not found', async () => {
    const stranger = new LangflowClient({ baseUrl: served.mock.url, apiKey: 'sk-wrong' });
    const refusal = await stranger
      .flow(served.flow)
      .run('Hello')
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(LangflowError);
    expect(refusal).toMatchObject({ message: '403 - Forbidden' });
    await expect(client.flow('no-such-flow').run('Hello')).rejects.toThrow('404 - Not Found');
  });
});

describe('files', () => {
  const image = () => new File([new Uint8Array([137, 80, 78, 71])], 'image.png', { type: 'image/png' });

  test('of a flow', async () => {
    const uploaded = await client.flow(served.flow).uploadFile(image());
    expect(uploaded.flowId).toBe(served.flow);
    expect(uploaded.filePath).toMatch(new RegExp(`^${served.flow}/.+_image\\.png$`));
    const tweaked = client.flow(served.flow).tweak('ChatInput-modl1', { files: uploaded.filePath });
    expect((await tweaked.run('What is on it?')).chatOutputText()).toContain('What is on it?');
  });

  test('of a user', async () => {
    const uploaded = await client.files.upload(new File(['a,b\n1,2\n'], 'table.csv', { type: 'text/csv' }));
    expect(uploaded).toMatchObject({ name: 'table', size: 8 });
    expect(await client.files.list()).toContainEqual(expect.objectContaining({ id: uploaded.id, path: uploaded.path }));
  });
});

describe('logs', () => {
  // The client forgets its key on this path (0.4.1).
  const withKey = (url: unknown, init: object) =>
    fetch(url as URL, { ...init, headers: { 'x-api-key': served.apiKey } });
  const logs = () => new LangflowClient({ baseUrl: served.mock.url, fetch: withKey as never }).logs;

  /** A refused request leaves a line in the log. */
  const refused = () => expect(client.flow('no-such-flow').run('Hello')).rejects.toThrow('404');

  test('that exist', async () => {
    await refused();
    expect((await logs().fetch({ lines_before: 3 })).length).toBeGreaterThan(0);
  });

  test('as they are written', async () => {
    const leave = new AbortController();
    const lines = (await logs().stream({ signal: leave.signal })).getReader();
    const first = lines.read();
    await refused();
    expect((await first).value?.message).toEqual(expect.any(String));
    leave.abort();
    await expect(lines.read()).rejects.toMatchObject({ name: 'AbortError' });
  });
});
