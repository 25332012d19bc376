import { traceback } from '../python/traceback.ts';
import type { Built } from './components.ts';
import type { Effects } from './effects.ts';
import { VertexError } from './errors.ts';
import type { VertexEvent } from './events.ts';
import { closure, type Graph, type Vertex } from './graph.ts';
import { failureData, paramsOf, type Result } from './results.ts';
import { type Limits, predecessors, type Schedule, scheduleOf, successors } from './schedule.ts';
import { type Surroundings, VertexBuilder } from './vertex-builder.ts';

/** What a build is given. */
export interface BuildInputs {
  /** For the chat input, whatever else asks for one. */
  input_value?: string | null | undefined;
  /** For the chat input. */
  files?: string[] | null | undefined;
  session: string;
  /** Whether somebody follows the events: then models speak word by word. */
  stream: boolean;
}

/** The result of a vertex, and what comes next. */
export interface BuiltVertex {
  valid: boolean;
  params: string | null;
  data: Pick<Result, 'results' | 'outputs' | 'logs' | 'artifacts' | 'used_frozen_result'>;
  next: string[];
  inactivated: string[];
}

/** What components gave when they were last built, by their id, in whatever flow: for those that are frozen. */
export type Former = Pick<Map<string, Built>, 'get' | 'set'>;

/** A flow that is built vertex by vertex, in the order that its edges allow. */
export class FlowBuild {
  readonly graph: Graph;
  readonly #builder: VertexBuilder;
  readonly #former: Former;
  #schedule: Schedule = { first: [], toRun: new Set() };
  /** By vertex, those that it still waits for. */
  readonly #waiting = new Map<string, Set<string>>();
  readonly #running = new Set<string>();
  /** By vertex, those behind the outputs that it stopped. */
  readonly #excluded = new Map<string, Set<string>>();

  constructor(flowId: string, graph: Graph, former: Former) {
    this.graph = graph;
    this.#former = former;
    this.#builder = new VertexBuilder(flowId, graph);
  }

  /** Sets what is to be built; without it vertices can be built, but none comes next. @throws FlowError */
  plan(limits: Limits): Schedule {
    this.#schedule = scheduleOf(this.graph, limits);
    for (const { id } of this.graph.vertices) this.#waiting.set(id, new Set(predecessors(this.graph, id)));
    for (const id of this.#schedule.first) this.#running.add(id);
    return this.#schedule;
  }

  vertex(id: string): Vertex | undefined {
    return this.graph.byId.get(id);
  }

  *build(vertex: Vertex, inputs: BuildInputs, effects: Effects): Generator<VertexEvent, BuiltVertex> {
    this.#running.add(vertex.id);
    const missing = this.#missingSource(vertex);
    if (missing) {
      const message = `Component ${missing.displayName} has not been built yet`;
      return this.#failed(vertex, message, traceback('ValueError', message));
    }
    try {
      const result = yield* this.#resultOf(vertex, inputs, effects);
      this.#exclude(vertex.id);
      const { results, outputs, logs, artifacts, used_frozen_result } = result;
      return {
        valid: true,
        params: paramsOf(vertex, artifacts),
        data: { results, outputs, logs, artifacts, used_frozen_result },
        next: this.#next(vertex.id),
        inactivated: this.#inactivated(),
      };
    } catch (error) {
      if (!(error instanceof VertexError)) throw error;
      return this.#failed(vertex, error.message, error.stackTrace);
    }
  }

  *#resultOf(vertex: Vertex, inputs: BuildInputs, effects: Effects): Generator<VertexEvent, Result> {
    // A vertex is built once: later inputs do not change it.
    const known = this.#builder.results.get(vertex.id);
    if (known) return known;
    const former = vertex.isFrozen ? this.#former.get(vertex.id) : undefined;
    if (former) return this.#builder.adopt(vertex, former);
    const result = yield* this.#builder.build(vertex, surroundingsOf(inputs, effects));
    const built = this.#builder.built(vertex.id);
    if (built) this.#former.set(vertex.id, built);
    return result;
  }

  #failed(vertex: Vertex, message: string, stackTrace: string): BuiltVertex {
    const data = failureData(vertex, message, stackTrace);
    return { valid: false, params: message, data, next: [], inactivated: this.#inactivated() };
  }

  #missingSource({ id }: Vertex): Vertex | undefined {
    const edges = this.graph.incoming.get(id) ?? [];
    const missing = edges.find(({ source, isCycle }) => !isCycle && !this.#builder.results.has(source));
    return missing && this.graph.byId.get(missing.source);
  }

  #exclude(id: string): void {
    const stopped = this.#builder.built(id)?.stopped ?? [];
    if (stopped.length === 0) return;
    const edges = this.graph.edges.filter(({ source, output }) => source === id && stopped.includes(output));
    const targets = edges.map(({ target }) => target);
    const behind = closure(targets, (each) => successors(this.graph, each));
    this.#excluded.set(id, behind);
  }

  #inactivated(): string[] {
    return [...new Set([...this.#excluded.values()].flatMap((ids) => [...ids]))];
  }

  /** What can be built after a vertex: what follows it, or what that still waits for. */
  #next(id: string): string[] {
    this.#running.delete(id);
    const following = successors(this.graph, id);
    for (const each of following) this.#waiting.get(each)?.delete(id);
    const next = [...new Set(following.flatMap((each) => this.#runnableFor(each, new Set())))].sort();
    for (const each of next) this.#running.add(each);
    return next;
  }

  #runnableFor(id: string, seen: Set<string>): string[] {
    if (seen.has(id)) return [];
    seen.add(id);
    if (this.#isRunnable(id)) return [id];
    return [...(this.#waiting.get(id) ?? [])].flatMap((source) => this.#runnableFor(source, seen));
  }

  #isRunnable(id: string): boolean {
    const excluded = [...this.#excluded.values()].some((ids) => ids.has(id));
    // A real server goes round a circle for ever; here each vertex on it is built once.
    if (this.graph.cycles.has(id) && this.#builder.results.has(id)) return false;
    return !excluded && !this.#running.has(id) && this.#schedule.toRun.has(id) && this.#waiting.get(id)?.size === 0;
  }
}

function surroundingsOf({ input_value, files, session, stream }: BuildInputs, effects: Effects): Surroundings {
  return {
    sessionId: session,
    stream,
    effects,
    overrides: new Map(),
    given(vertex, field) {
      if (field === 'session_id') return vertex.fields['session_id']?.value || session;
      if (vertex.type !== 'ChatInput') return undefined;
      if (field === 'input_value') return input_value ?? undefined;
      return field === 'files' && files?.length ? files : undefined;
    },
  };
}
