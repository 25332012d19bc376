import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildFlow, type Catalogue, type FlowDescription } from '../../fixtures/build-flow.ts';
import catalogue from '../../fixtures/catalogue.json' with { type: 'json' };
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import model from '../../fixtures/flows/model.json' with { type: 'json' };
import { type RunningMock, startMock } from '../../mock/index.ts';
import { Job } from '../../mock/runs/job.ts';
import { elapsed } from '../../mock/runs/vertex-response.ts';
import { logIn } from './log-in.ts';

let mock: RunningMock;
let headers: Record<string, string>;

const post = (path: string, body: unknown, init: RequestInit = {}) =>
  fetch(mock.url + path, { method: 'POST', headers, body: JSON.stringify(body), ...init });

async function flowOf(
  description: FlowDescription,
  change = (_flow: ReturnType<typeof buildFlow>) => {},
): Promise<string> {
  const flow = buildFlow(description, catalogue as unknown as Catalogue);
  change(flow);
  return ((await (await post('/api/v1/flows/', { ...flow, name: crypto.randomUUID() })).json()) as { id: string }).id;
}

const direct = (flow: string, init?: RequestInit) =>
  post(`/api/v1/build/${flow}/flow?event_delivery=direct`, { inputs: { input_value: 'two words' } }, init);

async function poll(job: string): Promise<string[]> {
  const response = await fetch(`${mock.url}/api/v1/build/${job}/events?event_delivery=polling`, { headers });
  return [...(await response.text()).matchAll(/^\{"event": "(\w+)"/gm)].map(([, name]) => name as string);
}

/** Texts in a row, which take a while. */
const LONG = 60;
const texts: FlowDescription = {
  name: 'Texts',
  nodes: Array.from({ length: LONG }, (_, index) => ({ id: `TextInput-${index}`, type: 'TextInput' })),
  edges: Array.from({ length: LONG - 1 }, (_, index) => ({
    source: `TextInput-${index}`,
    output: 'text',
    target: `TextInput-${index + 1}`,
    field: 'input_value',
  })),
};

beforeAll(async () => {
  mock = await startMock({ port: 0 });
  headers = { authorization: await logIn(mock.url), 'content-type': 'application/json' };
});
afterAll(() => mock.close());

describe('a build', () => {
  test('sends the text of a model in pieces if the model streams', async () => {
    const stream = (flow: ReturnType<typeof buildFlow>) =>
      Object.assign(flow.data.nodes[1]?.data.node.template['stream'] as object, { value: true });
    const text = await (await direct(await flowOf(model as FlowDescription, stream))).text();
    const events = text.split('\n\n').flatMap((frame) => (frame.trim() ? [JSON.parse(frame)] : []));
    const names = events.map(({ event }) => event);
    expect(names.filter((name) => name === 'token')).toHaveLength(2);
    const tokens = events.filter(({ event }) => event === 'token').map(({ data }) => data);
    expect(tokens.map(({ chunk }) => chunk).join('')).toBe('two words');
    const [, partial, whole] = events.filter(({ event }) => event === 'add_message').map(({ data }) => data);
    expect(partial).toMatchObject({ id: tokens[0].id, text: 'two ', properties: { state: 'partial' } });
    expect(whole).toMatchObject({ id: tokens[0].id, text: 'two words', properties: { state: 'complete' } });
  });

  test('is cancelled when its reader goes away, and the next reader gets the end', async () => {
    const flow = await flowOf(texts);
    const { job_id } = (await (await post(`/api/v1/build/${flow}/flow`, {})).json()) as { job_id: string };
    const gone = new AbortController();
    const response = await fetch(`${mock.url}/api/v1/build/${job_id}/events`, { headers, signal: gone.signal });
    await response.body?.getReader().read();
    gone.abort();
    const seen: string[] = [];
    while (!seen.includes('end')) seen.push(...(await poll(job_id)));
    expect(seen.filter((name) => name === 'end_vertex').length).toBeLessThan(LONG);
  });

  test('ends when its mock is closed or reset', async () => {
    await using other = await startMock({ port: 0 });
    const there = { headers: { authorization: await logIn(other.url), 'content-type': 'application/json' } };
    const made = await fetch(`${other.url}/api/v1/flows/`, {
      ...there,
      method: 'POST',
      body: JSON.stringify(buildFlow(echo as FlowDescription, catalogue as unknown as Catalogue)),
    });
    const { id } = (await made.json()) as { id: string };
    const { job_id } = (await (
      await fetch(`${other.url}/api/v1/build/${id}/flow`, { ...there, method: 'POST' })
    ).json()) as { job_id: string };
    await other.reset();
    await delay(30);
    expect(other.snapshot().messages).toEqual([]);
    expect((await fetch(`${other.url}/api/v1/build/${job_id}/events`, there)).status).toBe(404);
  });
});

describe('a job', () => {
  test('gives an event to the reader that has waited longest, and none to one that has gone', async () => {
    const job = new Job('one');
    const gone = new AbortController();
    const [first, second] = [job.next(gone.signal), job.next()];
    gone.abort();
    job.put('told');
    expect(await first).toBeUndefined();
    expect(await second).toBe('told');
    expect(job.takeAll()).toEqual([]);
  });

  test('that is cancelled stops', async () => {
    const job = new Job('two');
    const going = job.pause(10_000);
    job.cancel();
    expect(await going).toBe(false);
    expect(job.state).toBe('cancelled');
  });
});

test('a duration is written as a readable text', () => {
  expect([0.0124, 1, 1.234, 60, 61, 125.5].map(elapsed)).toEqual([
    '12 ms',
    '1 second',
    '1.23 seconds',
    '1 minute, 0 seconds',
    '1 minute, 1 second',
    '2 minutes, 5.5 seconds',
  ]);
});
