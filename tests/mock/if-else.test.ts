/** The If-Else component with the operator `regex`: the pattern and the text are a client's. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FlowDescription } from '../../fixtures/build-flow.ts';
import router from '../../fixtures/flows/router.json' with { type: 'json' };
import { mockWithFlow, type WithFlow } from './with-flow.ts';

let served: WithFlow;
beforeAll(async () => {
  served = await mockWithFlow(router as FlowDescription);
});
afterAll(() => served[Symbol.asyncDispose]());

/** The text that the flow returns for a text and a pattern. */
async function run(pattern: string, text: string): Promise<{ status: number; response: string }> {
  const tweaks = { 'ConditionalRouter-rout2': { operator: 'regex', match_text: pattern } };
  const response = await fetch(`${served.mock.url}/api/v1/run/${served.flow}`, {
    method: 'POST',
    headers: { 'x-api-key': served.apiKey, 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ input_value: text, tweaks }),
  });
  return { status: response.status, response: await response.text() };
}

test.each([
  ['y.s', 'yes, please', 'it was yes'],
  ['please', 'yes, please', 'it was no'],
  ['(?i)YES$', 'yes', 'it was yes'],
  ['[', 'yes', 'it was no'],
  ['(a+)+$', `${'a'.repeat(2000)}b`, 'it was no'],
])('%j is matched as re.match does it', async (pattern, text, said) => {
  const { status, response } = await run(pattern, text);
  expect([status, response.includes(said)]).toEqual([200, true]);
});

test('a pattern that only backtracking could match is refused by a sentence', async () => {
  const { status, response } = await run('(?=y)yes', 'yes');
  expect(status).toBe(500);
  expect(response).toContain('The mock does not match this pattern');
});
