import type { BodyOf, Schema } from '../spec/operations.ts';
import type { SendOptions } from './support/call.ts';
import { messages } from './support/conversation.ts';
import { call, expect, requirement, stream, uniqueName } from './support/index.ts';
import { endpointName, givenFlow, HALF_STREAM_MS, jsonOf, NO_FLOW, run, TEN_WORDS } from './support/runs.ts';
import { timeSpan } from './support/stream.ts';

type Request = BodyOf<'createResponse'>;
type Chunk = Schema<'ResponseChunk'>;

const respond = (body: Request, options: SendOptions = {}) => call('createResponse', { body, ...options });
const outputText = ({ output }: Partial<Schema<'Response'>>): unknown => output?.at(-1)?.content?.[0]?.text;

/** The data of each server-sent event. */
async function streamResponse(body: Request) {
  const response = await stream('createResponse', { body: { ...body, stream: true } });
  expect(response.status).toBe(200);
  expect(response.ended).toBe(true);
  const data = response.frames.map((frame) => frame.replace(/^data: /, ''));
  return { response, data, chunks: data.filter((each) => each.startsWith('{')).map((each) => jsonOf<Chunk>(each)) };
}

requirement('RESP-001', async () => {
  const flow = await givenFlow('prompt');
  const response = await respond({ model: flow.id, input: 'hello' }).expectStatus(200);
  expect(response.body).toMatchObject({ object: 'response', status: 'completed', error: null, model: flow.id });
  expect(response.body.output?.at(-1)).toMatchObject({
    type: 'message',
    role: 'assistant',
    content: [{ type: 'output_text' }],
  });
  expect(outputText(response.body)).toBe('You said: hello');
});

requirement('RESP-002', async () => {
  const flow = await givenFlow('echo');
  const [one, other] = [
    (await respond({ model: flow.id, input: 'one' }).expectStatus(200)).body,
    (await respond({ model: flow.id, input: 'other' }).expectStatus(200)).body,
  ];
  expect(one.id).not.toBe(other.id);
  expect(one.previous_response_id).toBeNull();
  expect(await messages({ session_id: one.id ?? '' })).toMatchObject([
    { flow_id: flow.id, sender: 'User', text: 'one' },
    { flow_id: flow.id, sender: 'Machine', text: 'one' },
  ]);
});

requirement('RESP-003', async () => {
  const [flow, session] = [await givenFlow('echo'), uniqueName('conversation')];
  const first = (await respond({ model: flow.id, input: 'one', previous_response_id: session }).expectStatus(200)).body;
  expect(first).toMatchObject({ id: session, previous_response_id: session });
  await respond({ model: flow.id, input: 'two', previous_response_id: first.id ?? null }).expectStatus(200);
  expect((await messages({ session_id: session })).map(({ text }) => text)).toEqual(['one', 'one', 'two', 'two']);
});

requirement('RESP-004', async () => {
  const flow = await givenFlow('echo');
  for (const tools of [[], [{ type: 'web_search' }]]) {
    const response = await respond({ model: flow.id, input: 'hello', tools }).expectStatus(200);
    expect(response.body.error).toMatchObject({ type: 'invalid_request_error', code: 'tools_not_supported' });
  }
  expect(outputText((await respond({ model: flow.id, input: 'hello', tools: null }).expectStatus(200)).body)).toBe(
    'hello',
  );
});

requirement('RESP-005', async () => {
  for (const model of [NO_FLOW, endpointName()]) {
    const response = await respond({ model, input: 'hello' }).expectStatus(200);
    expect(response.body.error).toMatchObject({ type: 'invalid_request_error', code: 'flow_not_found' });
    expect(response.body.error?.message).toContain(model);
  }
});

requirement('RESP-006', async () => {
  for (const name of ['text', 'webhook', 'textToChat'] as const) {
    const flow = await givenFlow(name);
    const response = await respond({ model: flow.id, input: 'hello' }).expectStatus(200);
    expect(response.body.error).toMatchObject({ type: 'processing_error' });
    expect(response.body.error?.message).toContain('ChatInput');
  }
});

requirement('RESP-007', async () => {
  const name = endpointName();
  await givenFlow('echo', { endpoint_name: name });
  const mine = await respond({ model: name, input: 'hello' }).expectStatus(200);
  expect(mine.body.model).toBe(name);
  expect(outputText(mine.body)).toBe('hello');
  const others = await respond({ model: name, input: 'hello' }, { as: 'bob' }).expectStatus(200);
  expect(others.body.error).toMatchObject({ code: 'flow_not_found' });
});

requirement('RESP-008', async () => {
  const flow = await givenFlow('broken');
  const response = await respond({ model: flow.id, input: 'hello' }).expectStatus(200);
  expect(response.body.error?.type).toBe('processing_error');
  expect(response.body.error?.message).toMatch(/Prompt( Template)?: \s*'missing'/);
});

/** Expects chunks of one response, from an empty content to a completed one. */
function expectChunks(chunks: Chunk[], model: string): void {
  expect(new Set(chunks.map((chunk) => `${chunk.id} ${chunk.object} ${chunk.model}`)).size).toBe(1);
  expect(chunks[0]).toMatchObject({ object: 'response.chunk', model, delta: { content: '' }, status: null });
  expect(chunks.at(-1)).toMatchObject({ delta: {}, status: 'completed' });
}

requirement('RESP-009', async () => {
  const flow = await givenFlow('echo');
  const { response, data, chunks } = await streamResponse({ model: flow.id, input: 'hello' });
  expect(response.headers['content-type']).toMatch(/^text\/event-stream(;|$)/);
  expect(response.headers['cache-control']).toBe('no-cache');
  expect(response.text).toMatch(/^(data: [^\n]*\n\n)+$/);
  expect(data.at(-1)).toBe('[DONE]');
  expect(chunks).toHaveLength(data.length - 1);
  expectChunks(chunks, flow.id);
});

requirement('RESP-014', async () => {
  const flow = await givenFlow('echo');
  const { response, data, chunks } = await streamResponse({ model: flow.id, input: 'hello' });
  expect(response.headers['content-type']).toMatch(/^text\/event-stream(;|$)/);
  expect(response.headers['cache-control']).toBe('no-cache');
  expect(response.text).toMatch(/^(data: [^\n]*\n\n)+event: response\.completed\ndata: [^\n]*\n\ndata: \[DONE\]\n\n$/);
  expect(chunks).toHaveLength(data.length - 2);
  expectChunks(chunks, flow.id);
  expect(jsonOf(data.at(-2)?.split('\ndata: ')[1] ?? '')).toMatchObject({
    type: 'response.completed',
    response: { id: chunks[0]?.id, object: 'response', status: 'completed', model: flow.id },
  });
});

requirement('RESP-010', async () => {
  const flow = await givenFlow('text');
  for (const model of [flow.id, NO_FLOW]) {
    const response = await respond({ model, input: 'hello', stream: true }).expectStatus(200);
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    expect(response.body.error?.message).toEqual(expect.any(String));
  }
});

requirement('RESP-011', async () => {
  const flow = await givenFlow('echo');
  await call('readFlow', { path: { flow_id: flow.id }, via: 'bearer' }).expectStatus(200);
  await respond({ model: flow.id, input: 'hello' }, { via: 'bearer' }).expectStatus(403);
  await respond({ model: flow.id, input: 'hello' }, { via: 'query' }).expectStatus(200);
});

requirement('RESP-012', async () => {
  const flow = await givenFlow('echo');
  const { chunks } = await streamResponse({ model: flow.id, input: 'hello' });
  expect(chunks.map(({ delta }) => delta?.content ?? '').join('')).toBe('');
});

requirement('RESP-013', async () => {
  const [flow, session] = [await givenFlow('prompt'), uniqueName('conversation')];
  const { chunks } = await streamResponse({ model: flow.id, input: 'hello', previous_response_id: session });
  expect(chunks[0]?.id).toBe(session);
  expect(await messages({ session_id: session })).toMatchObject([
    { sender: 'User', text: 'hello' },
    { sender: 'Machine', text: 'You said: hello' },
  ]);
});

requirement('RESP-015', async () => {
  const [flow, session] = [await givenFlow('echo'), uniqueName('any text')];
  await run(flow, { input_value: 'before', session_id: session });
  const { body } = await respond({ model: flow.id, input: 'after', previous_response_id: session }).expectStatus(200);
  expect(body).toMatchObject({ id: session, previous_response_id: session, status: 'completed' });
  expect((await messages({ session_id: session })).map(({ text }) => text)).toEqual([
    'before',
    'before',
    'after',
    'after',
  ]);
});

requirement('RESP-017', async () => {
  const flow = await givenFlow('wordByWord');
  const { response } = await streamResponse({ model: flow.id, input: TEN_WORDS });
  expect(timeSpan(response, /"content":\s*"[^"]/)).toBeGreaterThan(HALF_STREAM_MS);
});

requirement('RESP-016', async () => {
  const flow = await givenFlow('wordByWord');
  const contents = async (input: string) =>
    (await streamResponse({ model: flow.id, input })).chunks.map(({ delta }) => delta?.content);
  expect(await contents('one two three')).toEqual(['', 'one ', 'one ', 'two ', 'three', undefined]);
  expect(await contents('one')).toEqual(['', 'one', undefined]);
});

requirement('RESP-018', async () => {
  const flow = await givenFlow('echo');
  const { text } = await respond({ model: flow.id, input: 'hello' }).expectStatus(200);
  for (const name of ['temperature', 'top_p']) expect(text).toMatch(new RegExp(`"${name}": ?1\\.0[,}]`));
});
