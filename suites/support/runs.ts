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

/** Ten words, which the model of `wordByWord` takes 400 ms to say; at least half of that lies between the first and the last of them. */
export const TEN_WORDS = 'one two three four five six seven eight nine ten';
export const HALF_SAID_MS = 200;

/** The flows of fixtures/flows that tests run, with the ids of their nodes. */
export const flows = { broken, echo, prompt, text, textToChat, webhook, wordByWord };

/** No flow has this id. */
export const NO_FLOW = '00000000-0000-4000-8000-000000000000';

/** An endpoint_name that nothing else has. */
export const endpointName = () => `flowpact-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;

/** Makes one of the flows above. */
export const givenFlow = (name: keyof typeof flows, fields: Given<'createFlow'> = {}) => given.runnableFlow(flows[name], fields);

interface Flow {
  id: string;
}

/** Runs a flow that must succeed; the answer's body. */
export async function run(flow: Flow | string, body?: BodyOf<'runFlow'> | Malformed, headers: Record<string, string> = {}) {
  const path = { flow_id_or_name: typeof flow === 'string' ? flow : flow.id };
  return (await call('runFlow', { path, headers, body }).expectStatus(200)).body;
}

/** The same with inputs and chosen outputs. */
export async function runAdvanced(flow: Flow, body?: BodyOf<'runFlowAdvanced'> | Malformed) {
  return (await call('runFlowAdvanced', { path: { flow_id_or_name: flow.id }, body }).expectStatus(200)).body;
}

type RunResult = Schema<'RunResult'>;
/** The answer of a run, as far as it is there. */
type Results = { outputs?: ({ outputs?: (RunResult | null)[] } | null)[] };

/** The results of an entry of an answer. An answer of another form is the target's fault. */
export function results(answer: Results, entry = 0): RunResult[] {
  const found = answer?.outputs?.[entry]?.outputs;
  if (!Array.isArray(found)) expect.fail(`the answer has no outputs[${entry}].outputs: ${JSON.stringify(answer)?.slice(0, 300)}`);
  return found as RunResult[];
}

/** The message that the first shown component came to. */
export const said = (answer: Results): Schema<'RunMessage'> => results(answer)[0]?.results?.message ?? expect.fail('the first result has no message');

/** What each shown component came to, by its id: the text of its one output. */
export const texts = (answer: Results, entry = 0): Record<string, unknown> =>
  Object.fromEntries(results(answer, entry).map((result) => [result.component_id, Object.values(result.outputs ?? {})[0]?.message]));

/** Text that must be JSON; the test says of which form. */
export function jsonOf<Form = Loose>(text: unknown): Form {
  try {
    return JSON.parse(String(text));
  } catch {
    return expect.fail(`this is no JSON: ${String(text).slice(0, 300)}`);
  }
}
