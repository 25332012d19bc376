import { expect } from 'vitest';
import type { FlowDescription } from '../../fixtures/build-flow.ts';
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import { call } from './call.ts';
import { type Given, given, uniqueName } from './given.ts';
import { context, people, spec } from './run-context.ts';
import { Blocked } from './verdict.ts';
import { openSocket, type SocketConversation, type SocketOptions } from './websocket.ts';

/** A key that Langflow treats as missing. */
export const PLACEHOLDER = 'dummy';
/** FLOWPACT_OPENAI_API_KEY, or an invalid key, which is enough for the mock but not for OpenAI. */
export const SOME_KEY = context.openAiKey ?? 'sk-flowpact-not-a-key';

async function keyVariable(): Promise<{ id: string } | undefined> {
  const { body } = await call('listVariables').expectStatus(200);
  return body.find(({ name }) => name === 'OPENAI_API_KEY');
}

/** Sets alice's OpenAI key until the end of the test; without a value, removes it. */
export async function givenOpenAiKey(value?: string): Promise<void> {
  const old = await keyVariable();
  if (old && !people.alice.ours)
    throw new Blocked(`${people.alice.username} has a variable OPENAI_API_KEY, which the test would have to replace`);
  // A new user gets the variables of the deployment's environment; a removed variable may be listed for a moment.
  if (old) await call('deleteVariable', { path: { variable_id: old.id } });
  if (old) await expect.poll(keyVariable, { timeout: 5000 }).toBeUndefined();
  if (value !== undefined) await given.variable({ name: 'OPENAI_API_KEY', value, type: 'Credential' });
}

/** A flow that returns its input. */
export const givenEcho = (fields: Given<'createFlow'> = {}) => given.runnableFlow(echo as FlowDescription, fields);

/** Audio of 16 bits at 24 kHz: a loud tone, or silence. */
export function sound(milliseconds: number, loud = true): string {
  const audio = Buffer.alloc(milliseconds * 48);
  for (let at = 0; loud && at < audio.length / 2; at++)
    audio.writeInt16LE(Math.round(20_000 * Math.sin(at / 9)), at * 2);
  return audio.toString('base64');
}

export const say = (text: string) => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});
export const CREATE_RESPONSE = { type: 'response.create' };
export const append = (audio: string) => ({ type: 'input_audio_buffer.append', audio });
export const COMMIT = { type: 'input_audio_buffer.commit' };

/** An id that no flow has. */
export const NO_FLOW = '00000000-0000-4000-8000-000000000000';

/** A case for each WebSocket of a requirement. */
export const sockets = (id: string): { name: string; operationId: VoiceSocket }[] => {
  const named = spec.requirements.find((one) => one.id === id)?.operations ?? [];
  return VOICE_SOCKETS.filter((operationId) => named.includes(operationId)).map((operationId) => ({
    name: operationId,
    operationId,
  }));
};

const VOICE_SOCKETS = [
  'connectFlowAsTool',
  'connectFlowAsToolSession',
  'connectFlowTts',
  'connectFlowTtsSession',
] as const;
export type VoiceSocket = (typeof VOICE_SOCKETS)[number];

/** A conversation with a flow. */
export async function converse(
  operationId: VoiceSocket,
  flow: { id: string },
  conversation: (socket: SocketConversation) => Promise<void>,
  options: SocketOptions & { session?: string } = {},
) {
  await givenOpenAiKey(SOME_KEY);
  const { session = uniqueName('session'), ...rest } = options;
  await openSocket(operationId, { path: { flow_id: flow.id, session_id: session }, ...rest }, conversation);
}

/** The stored messages of a session, when there are at least `count`. */
export async function storedMessages(
  session_id: string,
  count: number,
): Promise<[sender: string, name: string, text: string][]> {
  const read = async () => (await call('listMessages', { query: { session_id } }).expectStatus(200)).body;
  await expect.poll(async () => (await read()).length, { timeout: 8000 }).toBeGreaterThanOrEqual(count);
  return (await read()).map(({ sender, sender_name, text }) => [sender, sender_name, text]);
}

/** Expects that the connection stays open for 100 ms. */
export async function expectStaysOpen(socket: SocketConversation): Promise<void> {
  const moment = new Promise((resolve) => setTimeout(() => resolve('open'), 100));
  expect(await Promise.race([socket.ended(), moment])).toBe('open');
}
