import { expect } from 'vitest';
import type { FlowDescription } from '../../fixtures/build-flow.ts';
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import { call } from './call.ts';
import { given } from './given.ts';
import { context, people } from './run-context.ts';
import { Blocked } from './verdict.ts';

/** A key that counts as none. */
export const PLACEHOLDER = 'dummy';
/** No key of anybody's: no deployment that asks OpenAI gets far with it, the mock does. */
export const SOME_KEY = context.openAiKey ?? 'sk-flowpact-not-a-key';

async function keyVariable(): Promise<{ id: string } | undefined> {
  const { body } = await call<{ id: string; name: string }[]>('listVariables').expectStatus(200);
  return body.find(({ name }) => name === 'OPENAI_API_KEY');
}

/** Gives alice this key until the end of the test; without a value, none. */
export async function givenOpenAiKey(value?: string): Promise<void> {
  const old = await keyVariable();
  if (old && !people.alice.ours) throw new Blocked(`${people.alice.username} has a variable OPENAI_API_KEY, which it would have to replace`);
  // A new user gets those that the deployment has in its environment; and what a test removed may be there for a moment.
  if (old) await call('deleteVariable', { path: { variable_id: old.id } });
  if (old) await expect.poll(keyVariable, { timeout: 5000 }).toBeUndefined();
  if (value !== undefined) await given.variable({ name: 'OPENAI_API_KEY', value, type: 'Credential' });
}

/** A flow that says what it is told. */
export const givenEcho = (fields: Record<string, unknown> = {}) => given.runnableFlow(echo as FlowDescription, fields);

/** Samples of 16 bits, 24 kHz: a loud tone, or silence. */
export function sound(milliseconds: number, loud = true): string {
  const audio = Buffer.alloc(milliseconds * 48);
  for (let at = 0; loud && at < audio.length / 2; at++) audio.writeInt16LE(Math.round(20_000 * Math.sin(at / 9)), at * 2);
  return audio.toString('base64');
}

export const say = (text: string) => ({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] } });
export const ANSWER = { type: 'response.create' };
export const append = (audio: string) => ({ type: 'input_audio_buffer.append', audio });
export const COMMIT = { type: 'input_audio_buffer.commit' };
