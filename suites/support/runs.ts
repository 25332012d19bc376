import { expect } from 'vitest';
import broken from '../../fixtures/flows/broken-prompt.json' with { type: 'json' };
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import prompt from '../../fixtures/flows/prompt.json' with { type: 'json' };
import text from '../../fixtures/flows/text.json' with { type: 'json' };
import textToChat from '../../fixtures/flows/text-to-chat.json' with { type: 'json' };
import webhook from '../../fixtures/flows/webhook.json' with { type: 'json' };
import { wordByWord } from '../../fixtures/word-by-word.ts';
import type { Loose } from '../../spec/json.ts';
import type { BodyOf, Schema } from '../../spec/operations.ts';
import { call, type Malformed } from './call.ts';
import { type Given, given } from './given.ts';

/**
 * Ten words: the model of `wordByWord` takes 400 ms to stream them, at least half of it between the first and the last.
 */
export const TEN_WORDS = 'one two three four five six seven eight nine ten';
export const HALF_STREAM_MS = 200;

/** The flows of fixtures/flows that tests run, with the ids of their nodes. */
export const flows = { broken, echo, prompt, text, textToChat, webhook, wordByWord };

/** No flow has this id. */
export const NO_FLOW = '00000000-0000-4000-8000-000000000000';

/** An endpoint_name that nothing else has. */
export const endpointName = () => `flowpact-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;

/** Creates one of the flows above. */
export const givenFlow = (name: keyof typeof flows, fields: Given<'createFlow'> = {}) =>
  given.runnableFlow(flows[name], fields);

interface Flow {
  id: string;
}

/** Runs a flow, which must succeed. @returns the body of the response */
export async function run(
  flow: Flow | string,
  body?: BodyOf<'runFlow'> | Malformed,
  headers: Record<string, string> = {},
) {
  const path = { flow_id_or_name: typeof flow === 'string' ? flow : flow.id };
  return (await call('runFlow', { path, headers, body }).expectStatus(200)).body;
}

/** The same with inputs and chosen outputs. */
export async function runAdvanced(flow: Flow, body?: BodyOf<'runFlowAdvanced'> | Malformed) {
  return (await call('runFlowAdvanced', { path: { flow_id_or_name: flow.id }, body }).expectStatus(200)).body;
}

type RunResult = Schema<'RunResult'>;
/** The body of a run's response; parts may be missing. */
type Results = { outputs?: ({ outputs?: (RunResult | null)[] } | null)[] };

/** The results of one entry of a run's response. Fails the test if it has another form. */
export function results(response: Results, entry = 0): RunResult[] {
  const found = response?.outputs?.[entry]?.outputs;
  if (!Array.isArray(found))
    expect.fail(`the response has no outputs[${entry}].outputs: ${JSON.stringify(response)?.slice(0, 300)}`);
  return found as RunResult[];
}

/** The message of the first result. */
export const firstMessage = (response: Results): Schema<'RunMessage'> =>
  results(response)[0]?.results?.message ?? expect.fail('the first result has no message');

/** The text of each component's output, by component id. */
export const outputTexts = (response: Results, entry = 0): Record<string, unknown> =>
  Object.fromEntries(
    results(response, entry).map((result) => [result.component_id, Object.values(result.outputs ?? {})[0]?.message]),
  );

/** Parses text that must be JSON; the caller gives its type. */
export function jsonOf<Form = Loose>(text: unknown): Form {
  try {
    return JSON.parse(String(text));
  } catch {
    return expect.fail(`this is not JSON: ${String(text).slice(0, 300)}`);
  }
}
