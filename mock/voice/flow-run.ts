import type { Mock } from '../mock.ts';
import { buildFlow } from '../runs/flow-job.ts';
import { Job } from '../runs/job.ts';
import type { UserRow } from '../store/tables.ts';

/** What a flow is run with from within a conversation. */
export interface SpokenQuestion {
  flowId: string;
  user: UserRow;
  input: string;
  sessionId: string;
  /** Told each event of the build. */
  progress(event: BuildEvent): void;
}

interface BuildEvent {
  event: string;
  data: { build_data?: { data: { results?: { message?: { text?: unknown } } } } };
}

/** Builds a flow and gives the texts of its components, in the order in which they were built; undefined when it could not begin: nobody is told its end then. */
export async function runSpoken(mock: Mock, { flowId, user, input, sessionId, progress }: SpokenQuestion, signal: AbortSignal): Promise<string[] | undefined> {
  const job = new Job(mock.clock.uuid());
  const question = { flowId, inputs: { input_value: input, session: sessionId }, keep: true };
  const building = job.run(signal, () => buildFlow(mock, job, question, { user, headers: {} })).finally(() => job.put(null));
  const texts: string[] = [];
  for (let text = await job.next(); text; text = await job.next()) {
    const event = JSON.parse(text) as BuildEvent;
    progress(event);
    const said = event.event === 'end_vertex' ? event.data.build_data?.data.results?.message?.text : undefined;
    if (typeof said === 'string' && said !== '') texts.push(said);
  }
  await building;
  return job.state === 'ended' ? texts : undefined;
}
