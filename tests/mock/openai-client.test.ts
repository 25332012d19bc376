/** The official OpenAI client on POST /api/v1/responses: what Langflow promises by the name of that API. */
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildFlow } from '../../fixtures/build-flow.ts';
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import { type RunningMock, startMock } from '../../mock/index.ts';

let mock: RunningMock;
let client: OpenAI;
let model: string;

beforeAll(async () => {
  mock = await startMock({ port: 0 });
  const login = await fetch(`${mock.url}/api/v1/login`, { method: 'POST', body: new URLSearchParams({ username: 'langflow', password: 'langflow' }) });
  const { access_token } = (await login.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' };
  const ask = async (path: string, body?: object) =>
    (await (await fetch(mock.url + path, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) })).json()) as any;
  const { api_key } = await ask('/api/v1/api_key/', { name: 'client' });
  model = (await ask('/api/v1/flows/', buildFlow(echo, await ask('/api/v1/all')))).id;
  // Langflow takes its own header; the client's bearer token is not looked at.
  client = new OpenAI({ baseURL: `${mock.url}/api/v1`, apiKey: 'not used', defaultHeaders: { 'x-api-key': api_key } });
});
afterAll(() => mock.close());

test('an answer at once, and one that goes on with its session', async () => {
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
  expect(await client.responses.create({ model: 'no-such-flow', input: 'Hello' })).toMatchObject({ error: { code: 'flow_not_found' } });
});
