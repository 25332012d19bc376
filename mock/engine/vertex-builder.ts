import { isTruthy } from '../python/objects.ts';
import type { Build, Built } from './components.ts';
import { componentOf } from './components.ts';
import { identified, newMessage, say, sayError, speak } from './conversation.ts';
import type { Effects } from './effects.ts';
import { ComponentError, VertexError } from './errors.ts';
import type { VertexEvent } from './events.ts';
import { filePaths } from './file-fields.ts';
import type { Edge, Field, Graph, Vertex } from './graph.ts';
import { type Result, resultOf } from './results.ts';
import type { Overrides } from './tweaks.ts';
import { textOf } from './values.ts';

/** What surrounds the building of a vertex. */
export interface Surroundings {
  sessionId: string;
  /** Whether somebody follows the events: then models speak word by word. */
  stream: boolean;
  effects: Effects;
  overrides: Overrides;
  /** The value that a field is given from outside, before its own; undefined for none. */
  given(vertex: Vertex, field: string): unknown;
}

const NO_EDGES: Edge[] = [];

/** Builds the vertices of a flow one by one, and remembers their results. */
export class VertexBuilder {
  readonly results = new Map<string, Result>();
  readonly #built = new Map<string, Built>();
  readonly #flowId: string;
  readonly #graph: Graph;

  constructor(flowId: string, graph: Graph) {
    this.#flowId = flowId;
    this.#graph = graph;
  }

  /** @throws VertexError when its component fails, after the event that says so */
  *build(vertex: Vertex, surroundings: Surroundings): Generator<VertexEvent, Result> {
    const { sessionId, effects } = surroundings;
    try {
      const built = this.#run(vertex, surroundings);
      const { message, words } = built;
      if (message) yield* words ? speak(message, words, this.#flowId, effects) : say(message, this.#flowId, effects);
      return this.#keep(vertex, built, resultOf(vertex, built));
    } catch (error) {
      if (!(error instanceof ComponentError)) throw error;
      // A missing variable is found before the component starts: the conversation keeps no message of it.
      if (error.exception !== 'VariableNotFound')
        yield* sayError(vertex, error, { flowId: this.#flowId, sessionId, effects });
      throw new VertexError(vertex, error);
    }
  }

  /** Takes the result of a component in another build as its result in this one. */
  adopt(vertex: Vertex, built: Built): Result {
    return this.#keep(vertex, built, { ...resultOf(vertex, built), outputs: {}, logs: {}, used_frozen_result: true });
  }

  /** What the component of a vertex gave; undefined before it is built. */
  built(id: string): Built | undefined {
    return this.#built.get(id);
  }

  #keep(vertex: Vertex, built: Built, result: Result): Result {
    this.#built.set(vertex.id, built);
    this.results.set(vertex.id, result);
    return result;
  }

  /** Behind an output that was stopped, or behind a vertex that is cut off itself. */
  isCutOff(vertex: Vertex): boolean {
    return this.#incoming(vertex).some(
      ({ source, output, isCycle }) =>
        (!isCycle && !this.#built.has(source)) || this.#built.get(source)?.stopped?.includes(output),
    );
  }

  #run(vertex: Vertex, surroundings: Surroundings): Built {
    const component = componentOf(vertex);
    if (!component)
      throw new ComponentError('NotImplementedError', `This mock does not run the component ${vertex.type}`);
    return component(this.#contextOf(vertex, surroundings));
  }

  #contextOf(vertex: Vertex, surroundings: Surroundings): Build {
    const { sessionId, stream, effects } = surroundings;
    const value = (name: string) => this.#value(vertex, name, surroundings);
    return {
      vertex,
      value,
      text: (name) => textOf(value(name)),
      source: (field) => {
        const edge = this.#incoming(vertex).find((candidate) => field === undefined || candidate.field === field);
        return edge && this.#graph.byId.get(edge.source);
      },
      isBeside: (type) => this.#neighbours(vertex).some((id) => id.includes(type)),
      run: { flowId: this.#flowId, sessionId, stream, effects },
      message: (text) => newMessage(text, this.#flowId, effects),
      identified: (message) => identified(message, sessionId, effects),
    };
  }

  #incoming(vertex: Vertex): Edge[] {
    return this.#graph.incoming.get(vertex.id) ?? NO_EDGES;
  }

  #neighbours({ id }: Vertex): string[] {
    return this.#graph.edges.flatMap(({ source, target }) =>
      source === id ? [target] : target === id ? [source] : [],
    );
  }

  #value(vertex: Vertex, name: string, { overrides, given, effects }: Surroundings): unknown {
    const incoming = this.#incoming(vertex);
    const edges = incoming.length > 0 ? incoming.filter(({ field }) => field === name) : incoming;
    const own = vertex.fields[name];
    const change = overrides.get(vertex.id)?.[name];
    const field: Partial<Field> = change ? { ...own, ...change } : (own ?? {});
    if (edges.length > 0) {
      const values = edges.map(({ source, output, isCycle }) => {
        const built = this.#built.get(source);
        return !built && isCycle ? field.value : built?.outputs[output];
      });
      return field.list === true ? values.flat() : values[0];
    }
    const outside = given(vertex, name);
    if (outside === undefined && field.type === 'file') return filePaths(field);
    const value = outside ?? field.value;
    const isVariable = isTruthy(field.load_from_db) && typeof value === 'string' && value !== '';
    return isVariable ? variable(value, effects) : value;
  }
}

function variable(name: string, effects: Effects): string {
  const value = effects.variable(name);
  if (value === undefined) throw new ComponentError('VariableNotFound', effects.missingVariable(name));
  return value;
}
