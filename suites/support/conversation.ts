import { setTimeout as delay } from 'node:timers/promises';
import broken from '../../fixtures/flows/broken-prompt.json' with { type: 'json' };
import echo from '../../fixtures/flows/echo.json' with { type: 'json' };
import type { QueryOf, Schema } from '../../spec/operations.ts';
import { call, type Malformed } from './call.ts';
import type { As } from './credentials.ts';
import { given, type RunnableFlow, uniqueName } from './given.ts';
import { Blocked } from './verdict.ts';

/** A message of the list. */
export type Message = Schema<'Message'>;

interface RunRequest<Flow> {
  flow?: Flow;
  session?: string;
  text?: string;
  as?: As;
}

/** A flow that returns its input. */
export const echoFlow = (as?: As) => given.runnableFlow(echo, as ? { as } : {});

/** A flow whose second component fails. */
export const failingFlow = () => given.runnableFlow(broken);

/** Runs a flow with an API key, by default in a session of its own. @throws Blocked if the run fails */
export async function say<Flow extends { id: string } = RunnableFlow>({
  flow,
  session = uniqueName('session'),
  text = 'hello',
  as,
}: RunRequest<Flow> = {}) {
  const to = flow ?? ((await echoFlow(as)) as { id: string } as Flow);
  const response = await call('runFlow', {
    path: { flow_id_or_name: to.id },
    body: { input_value: text, session_id: session },
    ...(as && { as }),
    via: 'header',
  });
  if (response.status !== 200)
    throw new Blocked(
      `It needs a run: POST /api/v1/run/${to.id} answered ${response.status} ${response.text.slice(0, 200)}`,
    );
  return { flow: to, session, text, response: response.body as Partial<Schema<'RunAnswer'>> };
}

/** The messages that the caller can list. */
export async function messages(query: QueryOf<'listMessages'> | Malformed = {}, as?: As): Promise<Message[]> {
  return (await call('listMessages', { query, ...(as && { as }) }).expectStatus(200)).body;
}

/** The vertex builds of a flow, by vertex id. */
export async function builds(flow: { id: string }, as?: As) {
  return (await call('listBuilds', { query: { flow_id: flow.id }, ...(as && { as }) }).expectStatus(200)).body
    .vertex_builds;
}

/**
 * Waits until a background run has built every vertex: what it writes after its flow is deleted would stay. Never
 * fails.
 */
export async function waitForRun(flow: { id: string; data: { nodes: unknown[] } }): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    if (Object.keys(await builds(flow)).length >= flow.data.nodes.length) return;
    await delay(100);
  }
}
