/** The official OpenAI client on POST /api/v1/responses: what Langflow promises by the name of that API. */
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import { mockWithFlow, type WithFlow } from './with-flow.ts';

let served: WithFlow;
let client: OpenAI;
let model: string;

beforeAll(async () => {
  served = await mockWithFlow(echo);
  model = served.flow;
  // Langflow takes its own header; the client's bearer token is not looked at.
  client = new OpenAI({
    baseURL: `${served.mock.url}/api/v1`,
    apiKey: 'not used',
    defaultHeaders: { 'x-api-key': served.apiKey },
  });
});
afterAll(() => served[Symbol.asyncDispose]());
test('a whole response, and one that continues its session', async () => {
  const first = await client.responses.create({ model, input: 'Hello' });
  expect(first).toMatchObject({ object: 'response', status: 'completed', output_text: 'Hello' });
  const next = await client.responses.create({ model, input: 'And again', previous_response_id: first.id });
  expect(next).toMatchObject({ id: first.id, previous_response_id: first.id, output_text: 'And again' });
});

test('a stream is read to its end', async () => {
  const stream = await client.responses.create({ model, input: 'Hello', stream: true });
  const chunks: { id?: string; status?: string }[] = [];
  for await (const chunk of stream) chunks.push(chunk as never);
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  expect(chunks.at(-1)).toMatchObject({ status: 'completed' });
});

test('an error comes inside a 200', async () => {
  expect(await client.responses.create({ model: 'no-such-flow', input: 'Hello' })).toMatchObject({
    error: { code: 'flow_not_found' },
  });
});
