import { FlowError } from '../engine/errors.ts';
import type { RunEvent } from '../engine/events.ts';
import type { Vertex } from '../engine/graph.ts';
import { executeRun, type RunInput, type RunOptions, type RunResult } from '../engine/run.ts';
import { refuseInputTwice, refuseUntweakable } from '../engine/tweaks.ts';
import { HttpError } from '../errors.ts';
import type { Mock } from '../mock.ts';
import { withPlainNumbers } from '../numbers.ts';
import { hyphenate, uuidDigits } from '../python/uuid.ts';
import type { FlowRow } from '../store/tables.ts';
import { effectsOf, type RunContext } from './effects.ts';

/** The request for a plain run. */
export interface RunRequest {
  input_value: string | null;
  input_type: string | null;
  output_type: string | null;
  output_component: string | null;
  tweaks: Record<string, unknown> | null;
  session_id: string | null;
}

/** The flow that an id (in any of the forms that Python's UUID takes) or an endpoint_name stands for. */
export function findFlow({ store }: Mock, idOrName: string, userId?: string): FlowRow | undefined {
  const named = store.flows.get(idOrName);
  if (named) return named;
  const digits = uuidDigits(idOrName);
  if (/^[0-9a-f]{32}$/i.test(digits)) return store.flows.get(hyphenate(digits));
  return store.flows.find(userId ? { endpoint_name: idOrName, user_id: userId } : { endpoint_name: idOrName });
}

/** Ends a request for a flow that is not there, before any look at the credential (RUN-008). */
export function requireFlow(mock: Mock, idOrName: string, userId: string | null): FlowRow {
  const flow = findFlow(mock, idOrName, userId ?? undefined);
  if (!flow) throw new HttpError(404, `Flow identifier ${idOrName} not found`);
  return flow;
}

/** How a run is followed. */
interface Following {
  /** Whether somebody reads the events: then models speak word by word. */
  stream?: boolean;
}

/** Runs a flow for a plain request. @throws FlowError, InputConflict */
export function* runRequest(
  mock: Mock,
  flow: FlowRow,
  request: RunRequest,
  context: RunContext & Following,
): Generator<RunEvent, RunResult> {
  const { input_value, input_type, session_id } = request;
  const tweaks = request.tweaks ?? {};
  refuseInputTwice(tweaks, request);
  const inputs: RunInput[] = input_value === null ? [] : [{ input_value, type: input_type, components: [] }];
  const outputs = (vertices: Vertex[]) => outputsOf(request, vertices);
  return yield* runFlow(mock, flow, { inputs, tweaks, sessionId: session_id || flow.id, outputs }, context);
}

/** Runs a flow. @throws FlowError */
export function* runFlow(
  mock: Mock,
  flow: FlowRow,
  options: Pick<RunOptions, 'inputs' | 'tweaks' | 'sessionId' | 'outputs'>,
  { stream = false, ...context }: RunContext & Following,
): Generator<RunEvent, RunResult> {
  const { id, data } = flow;
  if (!data) throw new FlowError(`Flow ${id} has no data`);
  refuseUntweakable(data.value);
  const tweaks = withPlainNumbers(options.tweaks);
  const effects = effectsOf(mock, context);
  return yield* executeRun({ ...options, tweaks, flow: { id, data: data.value }, stream, effects });
}

/** The vertices whose results a request wants; with none of them every output is given. */
function outputsOf({ output_component, output_type }: RunRequest, vertices: Vertex[]): string[] {
  if (output_component) return [output_component];
  if (output_type === 'debug') return vertices.map(({ id }) => id);
  if (output_type === null && vertices.some(({ isOutput }) => isOutput))
    throw new FlowError("'in <string>' requires string as left operand, not NoneType");
  const fits = (id: string) => output_type === 'any' || id.toLowerCase().includes(String(output_type));
  return vertices.filter(({ isOutput, id }) => isOutput && fits(id)).map(({ id }) => id);
}
