import { messageTime, PLAIN } from '../engine/values.ts';
import type { Socket } from '../http/socket.ts';
import type { Mock } from '../mock.ts';
import type { UserRow } from '../store/tables.ts';

/** Who talks to what, and under which session what is said is kept. */
export interface Conversation {
  mock: Mock;
  socket: Socket;
  user: UserRow;
  flowId: string;
  sessionId: string;
}

/** A connection's own voice and way of working. */
export interface VoiceConfig {
  elevenLabs: boolean;
  progress: boolean;
}

/** More would be a leak: the oldest is forgotten. */
const MOST_REMEMBERED = 1000;
const configs = new WeakMap<Mock, Map<string, VoiceConfig>>();

/** What was set for a session: it is still so when a client comes back to it. */
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

/** Keeps what was said as a message of the session. */
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

/** Works on what a client said, in the background; a fault ends the connection. */
export function respondLater({ mock, socket, flowId }: Conversation, work: (signal: AbortSignal) => Promise<void>): void {
  mock.background.run(`voice session on ${flowId}`, async (signal) => {
    try {
      await work(signal);
    } catch (error) {
      socket.drop();
      throw error;
    }
  });
}

/** The events of a client, until it sends something that is none: from then on nothing is read, and the connection stays. */
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

/** The value of a variable of the user. */
export const variableOf = ({ store }: Mock, { id }: UserRow, name: string): string | undefined => store.variables.find({ user_id: id, name })?.value;
