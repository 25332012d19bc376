import { type Effects, echo } from '../engine/effects.ts';
import { FlowError, InputConflict } from '../engine/errors.ts';
import type { Vertex } from '../engine/graph.ts';
import { type RunAnswer, type RunInput, runFlow } from '../engine/run.ts';
import { refuseInputTwice } from '../engine/tweaks.ts';
import { pythonJson } from '../engine/values.ts';
import { HttpError } from '../errors.ts';
import { isImage } from '../files/media-types.ts';
import { readDisk } from '../files/storage.ts';
import type { Mock } from '../mock.ts';
import { hyphenated, uuidDigits } from '../python/uuid.ts';
import type { VertexBuildRecord } from '../store/run-records.ts';
import type { FlowRow, UserRow } from '../store/tables.ts';

/** What a plain run is asked for. */
export interface RunQuestion {
  input_value: string | null;
  input_type: string | null;
  output_type: string | null;
  output_component: string | null;
  tweaks: Record<string, unknown> | null;
  session_id: string | null;
}

export interface RunSurroundings {
  user: UserRow | undefined;
  headers: Record<string, string | string[] | undefined>;
  emit?: Effects['emit'];
}

const NO_BYTES = Buffer.alloc(0);

/** How many builds a real server keeps: of a vertex, and of all. */
const BUILDS_PER_VERTEX = 2;
const MOST_BUILDS = 3000;

/** The flow that an id (in any of the forms that Python's UUID takes) or an endpoint_name stands for. */
export function findFlow({ store }: Mock, idOrName: string, userId?: string): FlowRow | undefined {
  const named = store.flows.get(idOrName);
  if (named) return named;
  const digits = uuidDigits(idOrName);
  if (/^[0-9a-f]{32}$/i.test(digits)) return store.flows.get(hyphenated(digits));
  return store.flows.find(userId ? { endpoint_name: idOrName, user_id: userId } : { endpoint_name: idOrName });
}

/** Ends a request for a flow that is not there, before any look at the credential (RUN-008). */
export function requireFlow(mock: Mock, idOrName: string, userId: string | null): FlowRow {
  const flow = findFlow(mock, idOrName, userId ?? undefined);
  if (!flow) throw new HttpError(404, `Flow identifier ${idOrName} not found`);
  return flow;
}

/** @throws FlowError, InputConflict */
export const runQuestion = (mock: Mock, ...run: OfRun<typeof runningQuestion>): RunAnswer => whole(mock, () => runningQuestion(mock, ...run));

/** Runs a flow and keeps what it leaves. @throws FlowError */
export const runIn = (mock: Mock, ...run: OfRun<typeof running>): RunAnswer => whole(mock, () => running(mock, ...run));

type OfRun<Running extends (mock: Mock, ...rest: never[]) => unknown> = Parameters<Running> extends [Mock, ...infer Rest] ? Rest : never;

/** A run is a unit of work of its own: what it left before it failed stays, as on the real one. */
function whole({ store }: Mock, run: () => Generator<void, RunAnswer>): RunAnswer {
  const outcome = store.unitOfWork(() => {
    try {
      const steps = run();
      for (let step = steps.next(); ; step = steps.next()) if (step.done) return { answer: step.value };
    } catch (error) {
      if (error instanceof FlowError || error instanceof InputConflict) return { failure: error };
      throw error;
    }
  });
  if ('failure' in outcome) throw outcome.failure;
  return outcome.answer;
}

/** The same vertex by vertex. */
export function runningQuestion(mock: Mock, flow: FlowRow, question: RunQuestion, surroundings: RunSurroundings): Generator<void, RunAnswer> {
  const tweaks = question.tweaks ?? {};
  refuseInputTwice(tweaks, question);
  const inputs: RunInput[] = question.input_value === null ? [] : [{ input_value: question.input_value, type: question.input_type, components: [] }];
  return running(mock, flow, surroundings, {
    inputs,
    tweaks,
    sessionId: question.session_id || flow.id,
    outputs: (vertices) => chosenOutputs(question, vertices),
  });
}

function running(
  mock: Mock,
  flow: FlowRow,
  surroundings: RunSurroundings,
  options: { inputs: RunInput[]; tweaks: Record<string, unknown>; sessionId: string; outputs(vertices: Vertex[]): string[] },
): Generator<void, RunAnswer> {
  if (!flow.data) throw new FlowError(`Flow ${flow.id} has no data`);
  const effects = effectsOf(mock, surroundings);
  return runFlow({ ...options, flow: { id: flow.id, data: flow.data }, stream: surroundings.emit !== undefined, effects });
}

/** The run's choice of outputs; when nothing fits, the engine shows every output. */
function chosenOutputs({ output_component, output_type }: RunQuestion, vertices: Vertex[]): string[] {
  if (output_component) return [output_component];
  if (output_type === 'debug') return vertices.map(({ id }) => id);
  if (output_type === null && vertices.some(({ isOutput }) => isOutput)) throw new FlowError("'in <string>' requires string as left operand, not NoneType");
  const fits = (id: string) => output_type === 'any' || id.toLowerCase().includes(String(output_type));
  return vertices.filter(({ isOutput, id }) => isOutput && fits(id)).map(({ id }) => id);
}

/** What a run or a build does to this mock. */
export function effectsOf(mock: Mock, { user, headers, emit }: RunSurroundings): Effects {
  const { clock, store } = mock;
  return {
    now: () => clock.now(),
    uuid: () => clock.uuid(),
    emit,
    record: {
      message: (row) => void (store.messages.get(row.id) ? store.messages.update(row.id, row) : store.messages.insert(row)),
      build: (row) => keepBuild(mock, row),
    },
    isImage: (path) => isImage(readDisk(mock, path)?.head(16) ?? NO_BYTES),
    history: (session_id) => store.messages.all({ session_id }),
    variable: (name) => headerVariable(headers, name) ?? (user && store.variables.find({ user_id: user.id, name })?.value),
    missingVariable: (name) => String(mock.spec.facts['missingVariable']).replace('{name}', name),
    answer: echo,
  };
}

/** `x-langflow-global-var-NAME`: header names have no case, so the variable's is upper. */
function headerVariable(headers: RunSurroundings['headers'], name: string): string | undefined {
  if (name !== name.toUpperCase()) return undefined;
  const value = headers[`x-langflow-global-var-${name.toLowerCase()}`];
  return Array.isArray(value) ? value[0] : value;
}

export function keepBuild({ store: { vertexBuilds } }: Mock, row: VertexBuildRecord): void {
  const builds = vertexBuilds.all({ flow_id: row.flow_id, id: row.id });
  for (const old of builds.slice(0, 1 - BUILDS_PER_VERTEX)) vertexBuilds.remove(old.build_id);
  const oldest = vertexBuilds.size >= MOST_BUILDS ? vertexBuilds.oldest() : undefined;
  if (oldest) vertexBuilds.remove(oldest.build_id);
  vertexBuilds.insert(row);
}

/** An event as a run's stream sends it: JSON as Python writes it, and a blank line (RUN-030). */
export function eventText(event: string, data: unknown): string {
  return `${pythonJson({ event, data })}\n\n`;
}
