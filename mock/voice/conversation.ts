import { messageTime, PLAIN } from '../engine/values.ts';
import type { Socket } from '../http/socket.ts';
import type { Mock } from '../mock.ts';
import type { UserRow } from '../store/tables.ts';

/** The user, flow and session of a voice connection. */
export interface Conversation {
  mock: Mock;
  socket: Socket;
  user: UserRow;
  flowId: string;
  sessionId: string;
}

/** The voice settings of a session. */
export interface VoiceConfig {
  elevenLabs: boolean;
  progress: boolean;
}

/** Most sessions with settings. Beyond that the oldest settings are dropped. */
const MOST_REMEMBERED = 1000;
const configs = new WeakMap<Mock, Map<string, VoiceConfig>>();

/** The settings of a session, which stay when a client reconnects. */
export function configOf(mock: Mock, sessionId: string): VoiceConfig {
  let known = configs.get(mock);
  if (!known) configs.set(mock, (known = new Map()));
  let config = known.get(sessionId);
  if (!config) {
    known.set(sessionId, (config = { elevenLabs: false, progress: true }));
    const [oldest] = known.keys();
    if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
  }
  return config;
}

/** Stores a text as a message of the session. */
export function keepMessage({ mock, flowId, sessionId }: Conversation, who: 'User' | 'AI', text: unknown): void {
  if (typeof text !== 'string' || text.trim() === '') return;
  const { clock, store } = mock;
  store.unitOfWork(() =>
    store.messages.insert({
      id: clock.uuid(),
      flow_id: flowId,
      timestamp: messageTime(clock.now()),
      sender: who === 'AI' ? 'Machine' : 'User',
      sender_name: who,
      session_id: sessionId,
      context_id: null,
      text,
      files: [],
      error: false,
      edit: false,
      properties: PLAIN,
      category: 'message',
      content_blocks: [],
      duration: null,
    }),
  );
}

/** Handles an event of a client in the background. An error ends the connection. */
export function respondLater(
  { mock, socket, flowId }: Conversation,
  work: (signal: AbortSignal) => Promise<void>,
): void {
  mock.background.run(`voice session on ${flowId}`, async (signal) => {
    try {
      await work(signal);
    } catch (error) {
      socket.drop();
      throw error;
    }
  });
}

/**
 * Calls `handle` with the events of a client, up to the first text that is no event. The connection stays open then.
 */
export function onEvents(socket: Socket, handle: (event: Record<string, unknown>) => void): void {
  let deaf = false;
  socket.onText((text) => {
    if (deaf) return;
    const event = parse(text);
    deaf = event === undefined;
    if (event) handle(event);
  });
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The value of a user's variable. */
export const variableOf = ({ store }: Mock, { id }: UserRow, name: string): string | undefined =>
  store.variables.find({ user_id: id, name })?.value;
