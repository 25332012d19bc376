import type { Effects } from '../engine/effects.ts';
import { FlowError } from '../engine/errors.ts';
import { FlowBuild } from '../engine/flow-build.ts';
import { type FlowJson, graphOf } from '../engine/graph.ts';
import type { Schedule } from '../engine/schedule.ts';
import { messageTime } from '../engine/values.ts';
import { errorBlocks, errorProperties } from '../engine/vertex-builder.ts';
import type { Mock } from '../mock.ts';
import { traceback } from '../python/traceback.ts';
import type { Job } from './job.ts';
import { effectsOf, eventText, keepBuild, type RunSurroundings } from './run-flow.ts';
import { holdBack, isWord, TOKEN_MS, type Told } from './speech.ts';
import { answerVertex, recordOfAnswer, type VertexAnswer } from './vertex-answer.ts';

/** What a build is asked for. */
export interface BuildQuestion {
  flowId: string;
  /** What to build in the place of what is saved under the id. */
  data?: FlowJson | null | undefined;
  inputs?: { input_value?: string | null; session?: string | null; client_request_time?: number | null } | null | undefined;
  files?: string[] | null | undefined;
  stop?: string | null | undefined;
  start?: string | null | undefined;
  /** Whether the builds of its vertices are kept. */
  keep: boolean;
}

/** About what a real server needs for its quickest components: there is time to follow a build, and to cancel it. */
const VERTEX_MS = 5;
/** A model thinks before it speaks: meanwhile who began the build comes to follow it. Told all at once, the editor shows the answer twice. */
const THINKING_MS = 500;
/** The editor shows words a moment late, and would add the last ones to the whole. */
const ENDING_MS = 150;

/** Builds a flow, and tells the job's readers. */
export async function buildFlow(mock: Mock, job: Job, question: BuildQuestion, surroundings: Pick<RunSurroundings, 'user' | 'headers'>): Promise<void> {
  const emit = (event: string, data: unknown) => job.put(eventText(event, data));
  let told: Told[] = [];
  const effects = effectsOf(mock, { ...surroundings, emit: (event, data) => told.push({ event, data }) });
  const planned = plan(mock, question);
  if (typeof planned === 'string') {
    // No end comes after it: who follows the stream waits on, as on the real one.
    emit('error', failureBefore(planned, question.flowId, effects));
    return job.finish('failed');
  }
  const { build, schedule } = planned;
  emit('vertices_sorted', { ids: schedule.first, to_run: [...schedule.toRun] });
  const answers: VertexAnswer[] = [];
  const waiting = [...schedule.first];
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    if (!(await job.pause(VERTEX_MS))) return;
    const { answer, release } = mock.store.unitOfWork(() => {
      const made = vertexAnswer(build, id, question, effects);
      return { answer: made, release: holdBack(mock, told) };
    });
    answers.push(answer);
    if (!(await tell(job, told, release))) return;
    told = [];
    emit('end_vertex', { build_data: answer });
    waiting.push(...answer.next_vertices_ids);
  }
  if (question.keep) {
    mock.store.unitOfWork(() => {
      for (const answer of answers) keepBuild(mock, recordOfAnswer(question.flowId, answer, effects));
    });
  }
  emit('end', {});
  job.finish('ended');
  job.put(null);
}

/** Tells what a vertex said, a model's words at the pace of a model; false when the build is to stop. */
async function tell(job: Job, told: Told[], release: () => void): Promise<boolean> {
  const speaks = told.some(isWord);
  if (speaks) await job.isFollowed(THINKING_MS);
  for (const one of told) {
    job.put(eventText(one.event, one.data));
    if (isWord(one) && !(await job.pause(TOKEN_MS))) return false;
  }
  release();
  return !speaks || job.pause(ENDING_MS);
}

/** The build, and what it begins with; a text says why there is none. */
function plan(mock: Mock, { flowId, data, stop, start }: BuildQuestion): { build: FlowBuild; schedule: Schedule } | string {
  const graph = data ?? mock.store.flows.get(flowId)?.data;
  if (!graph) return 'Invalid flow ID';
  try {
    const build = openBuild(mock, flowId, graph);
    return { build, schedule: build.plan({ stop, start }) };
  } catch (error) {
    if (error instanceof FlowError) return error.message;
    throw error;
  }
}

/** A build that begins; the server remembers the last one of each flow. @throws FlowError */
export function openBuild({ builds }: Mock, flowId: string, graph: FlowJson): FlowBuild {
  const broken = graph.nodes?.map((node) => ['id', 'data'].find((name) => node?.[name] === undefined)).find((name) => name !== undefined);
  if (broken) throw new FlowError(`Error while creating graph from payload: '${broken}'`);
  const build = new FlowBuild(flowId, graphOf(graph), builds.components);
  builds.last.set(flowId, build);
  return build;
}

function vertexAnswer(build: FlowBuild, id: string, { flowId, inputs, files }: BuildQuestion, effects: Effects): VertexAnswer {
  const vertex = build.vertex(id);
  if (!vertex) throw new Error(`The build of ${flowId} has no vertex ${id}`);
  const given = { input_value: inputs?.input_value, files, session: inputs?.session ?? flowId };
  return answerVertex(build, vertex, given, effects, inputs?.client_request_time);
}

/** What is told of a build that could not begin. It is no message of a conversation. */
function failureBefore(message: string, flow_id: string, effects: Effects) {
  return {
    session_id: null,
    context_id: null,
    sender: null,
    sender_name: null,
    text: `${message}\n`,
    properties: errorProperties(),
    category: 'error',
    error: true,
    content_blocks: errorBlocks(
      null,
      '**HTTPException**\n - **An unknown error occurred.**\n',
      traceback('fastapi.exceptions.HTTPException', `500: ${message}`),
    ),
    flow_id,
    files: [],
    timestamp: messageTime(effects.now()),
    edit: false,
    duration: null,
  };
}
