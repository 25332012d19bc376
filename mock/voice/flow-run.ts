import { setTimeout as delay } from 'node:timers/promises';
import type { Mock } from '../mock.ts';
import { executeBuild } from '../runs/build-flow.ts';
import { eventJson } from '../runs/events.ts';
import { atBuildPace, type Follower } from '../runs/pace.ts';
import type { VertexResponse } from '../runs/vertex-response.ts';
import type { UserRow } from '../store/tables.ts';

/** A run of a flow in a voice session. */
export interface VoiceRequest {
  flowId: string;
  user: UserRow;
  input: string;
  sessionId: string;
  /** Receives each event of the build in its wire form. */
  progress(event: { event: string; data: unknown }): void;
}

/** A voice session always reads its build, and stops it when the mock stops. */
function conversation(signal: AbortSignal): Follower {
  return {
    async pause(milliseconds) {
      await delay(milliseconds, undefined, { signal }).catch(() => undefined);
      return !signal.aborted;
    },
    isFollowed: async () => undefined,
  };
}

/**
 * Builds a flow and returns the texts of its components, in the order in which they were built. Undefined for a build
 * that could not start or was stopped: its client gets no end event.
 */
export async function runVoiceRequest(
  mock: Mock,
  request: VoiceRequest,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const { flowId, user, input, sessionId, progress } = request;
  const build = { flowId, inputs: { input_value: input, session: sessionId }, keep: true };
  const events = executeBuild(mock, build, { user, headers: {} });
  const texts: string[] = [];
  for await (const event of atBuildPace(mock, events, conversation(signal))) {
    const json = eventJson(event);
    if (json) progress(json);
    if (event.type === 'end') return texts;
    const text = event.type === 'vertexBuilt' ? textOf(event.response) : '';
    if (text) texts.push(text);
  }
  return undefined;
}

/** The text of a component that outputs a message. */
function textOf({ data }: VertexResponse): string {
  const { text } = (data.results['message'] ?? {}) as { text?: unknown };
  return typeof text === 'string' ? text : '';
}
