import { setTimeout as delay } from 'node:timers/promises';
import broken from '../../fixtures/flows/broken-prompt.json' with { type: 'json' };
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import { call } from './call.ts';
import type { As } from './credentials.ts';
import { given, uniqueName } from './given.ts';
import { Blocked } from './verdict.ts';

/** A message as the list shows it, as far as tests read it. */
export interface Message {
  id: string;
  flow_id: string;
  session_id: string;
  timestamp: string;
  sender: string;
  sender_name: string;
  text: string;
  [other: string]: unknown;
}

interface Talk {
  flow?: { id: string };
  session?: string;
  text?: string;
  as?: As;
}

/** A flow that answers what it is told. */
export const echoFlow = (as?: As) => given.runnableFlow(echo, as ? { as } : {});

/** A flow whose second component fails. */
export const failingFlow = () => given.runnableFlow(broken);

/** Says something to a flow, in a session of its own unless told; a run takes an API key. @throws Blocked where the run fails. */
export async function say({ flow, session = uniqueName('session'), text = 'hello', as }: Talk = {}) {
  const to = flow ?? (await echoFlow(as));
  const answer = await call('runFlow', {
    path: { flow_id_or_name: to.id },
    body: { input_value: text, session_id: session },
    ...(as && { as }),
    via: 'header',
  });
  if (answer.status !== 200) throw new Blocked(`It needs a run: POST /api/v1/run/${to.id} answered ${answer.status} ${answer.text.slice(0, 200)}`);
  return { flow: to, session, text, answer: answer.body };
}

/** The messages that the caller sees. */
export async function messages(query: Record<string, string> = {}, as?: As): Promise<Message[]> {
  return (await call<Message[]>('listMessages', { query, ...(as && { as }) }).expectStatus(200)).body;
}

/** The builds of a flow by the id of their vertex. */
export async function builds(flow: { id: string }, as?: As) {
  return (await call('listBuilds', { query: { flow_id: flow.id }, ...(as && { as }) }).expectStatus(200)).body.vertex_builds;
}

/** What a run leaves after its flow was deleted would stay: waits until one in the background has built every vertex. Never fails. */
export async function runEnds(flow: { id: string; data: { nodes: unknown[] } }): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    if (Object.keys(await builds(flow)).length >= flow.data.nodes.length) return;
    await delay(100);
  }
}

/** The ids of a list of things. */
export const idsOf = (list: { id: string }[]): string[] => list.map(({ id }) => id);
