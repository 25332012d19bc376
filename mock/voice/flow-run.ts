import { FlowError } from '../engine/errors.ts';
import type { RunAnswer } from '../engine/run.ts';
import type { Mock } from '../mock.ts';
import { runIn } from '../routes/run-flow.ts';
import type { UserRow } from '../store/tables.ts';

/** What a flow is run with from within a conversation. */
export interface SpokenQuestion {
  flowId: string;
  user: UserRow;
  input: string;
  sessionId: string;
  /** Told each event of the build. */
  progress(event: string, data: unknown): void;
}

/** Runs a flow and gives the texts of its components, in the order in which they were built; none when it fails. */
export async function runSpoken(mock: Mock, { flowId, user, input, sessionId, progress }: SpokenQuestion): Promise<string[]> {
  const flow = mock.store.flows.get(flowId);
  if (!flow) return [];
  try {
    const answer = runIn(
      mock,
      flow,
      { user, headers: {}, emit: progress },
      { inputs: [{ input_value: input, type: 'chat', components: [] }], tweaks: {}, sessionId, outputs: (vertices) => vertices.map(({ id }) => id) },
    );
    progress('end', {});
    return textsOf(answer);
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    progress('error', { text: error.message });
    return [];
  } finally {
    mock.store.flush();
  }
}

function textsOf({ outputs }: RunAnswer): string[] {
  return (outputs[0]?.outputs ?? []).flatMap(({ results }) => {
    const text = (results as { message?: { text?: unknown } }).message?.text;
    return typeof text === 'string' && text !== '' ? [text] : [];
  });
}
