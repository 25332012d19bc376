import { expect } from 'vitest';
import type { FlowDescription } from '../../fixtures/build-flow.ts';
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import { call } from './call.ts';
import { type Given, given, uniqueName } from './given.ts';
import { context, people, spec } from './run-context.ts';
import { Blocked } from './verdict.ts';
import { type SocketOptions, type Talk, talk } from './websocket.ts';

/** A key that counts as none. */
export const PLACEHOLDER = 'dummy';
/** No key of anybody's: no deployment that asks OpenAI gets far with it, the mock does. */
export const SOME_KEY = context.openAiKey ?? 'sk-flowpact-not-a-key';

async function keyVariable(): Promise<{ id: string } | undefined> {
  const { body } = await call('listVariables').expectStatus(200);
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
export const givenEcho = (fields: Given<'createFlow'> = {}) => given.runnableFlow(echo as FlowDescription, fields);

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

/** An id that no flow has. */
export const NO_FLOW = '00000000-0000-4000-8000-000000000000';

/** The WebSockets that a requirement speaks of. */
export const sockets = (id: string): { name: string; operationId: VoiceSocket }[] => {
  const named = spec.requirements.find((one) => one.id === id)?.operations ?? [];
  return VOICE_SOCKETS.filter((operationId) => named.includes(operationId)).map((operationId) => ({ name: operationId, operationId }));
};

const VOICE_SOCKETS = ['connectFlowAsTool', 'connectFlowAsToolSession', 'connectFlowTts', 'connectFlowTtsSession'] as const;
export type VoiceSocket = (typeof VOICE_SOCKETS)[number];

/** A conversation with a flow. */
export async function converse(
  operationId: VoiceSocket,
  flow: { id: string },
  conversation: (socket: Talk) => Promise<void>,
  options: SocketOptions & { session?: string } = {},
) {
  await givenOpenAiKey(SOME_KEY);
  const { session = uniqueName('session'), ...rest } = options;
  await talk(operationId, { path: { flow_id: flow.id, session_id: session }, ...rest }, conversation);
}

/** What is kept of a session, when it is at least so many messages: who said what. */
export async function kept(session_id: string, count: number): Promise<[sender: string, name: string, text: string][]> {
  const read = async () => (await call('listMessages', { query: { session_id } }).expectStatus(200)).body;
  await expect.poll(async () => (await read()).length, { timeout: 8000 }).toBeGreaterThanOrEqual(count);
  return (await read()).map(({ sender, sender_name, text }) => [sender, sender_name, text]);
}

/** For a moment nothing ends it. */
export async function stays(socket: Talk): Promise<void> {
  const moment = new Promise((resolve) => setTimeout(() => resolve('open'), 100));
  expect(await Promise.race([socket.ended(), moment])).toBe('open');
}
