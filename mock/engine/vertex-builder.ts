import { traceback } from '../python/traceback.ts';
import type { Build, Built } from './components.ts';
import { componentOf } from './components.ts';
import type { Effects } from './effects.ts';
import { ComponentError, VertexError } from './errors.ts';
import { filePaths } from './file-fields.ts';
import type { Edge, Field, Graph, Vertex } from './graph.ts';
import { type Result, resultOf } from './results.ts';
import type { Overrides } from './tweaks.ts';
import { type Message, messageData, messageTime, PLAIN, properties, recordOf, textOf } from './values.ts';

/** What surrounds the building of a vertex. */
export interface Surroundings {
  sessionId: string;
  stream: boolean;
  effects: Effects;
  overrides: Overrides;
  /** What a field is given from outside, before its own value; undefined for nothing. */
  given(vertex: Vertex, field: string): unknown;
}

const NO_EDGES: Edge[] = [];

/** Builds the vertices of a flow, one when asked, and remembers what each came to. */
export class VertexBuilder {
  readonly results = new Map<string, Result>();
  readonly #built = new Map<string, Built>();
  readonly #flowId: string;
  readonly #graph: Graph;

  constructor(flowId: string, graph: Graph) {
    this.#flowId = flowId;
    this.#graph = graph;
  }

  /** @throws VertexError when its component fails, after the conversation was told */
  build(vertex: Vertex, surroundings: Surroundings): Result {
    const built = this.#run(vertex, surroundings);
    return this.#keep(vertex, built, resultOf(vertex, built));
  }

  /** Takes what a component came to in another build for what it comes to in this one. */
  adopt(vertex: Vertex, built: Built): Result {
    return this.#keep(vertex, built, { ...resultOf(vertex, built), outputs: {}, logs: {}, used_frozen_result: true });
  }

  /** What a vertex came to. */
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
    return this.#incoming(vertex).some(({ source, output }) => !this.#built.has(source) || this.#built.get(source)?.stopped?.includes(output));
  }

  #run(vertex: Vertex, surroundings: Surroundings): Built {
    try {
      const component = componentOf(vertex);
      if (!component) throw new ComponentError('NotImplementedError', `This mock does not run the component ${vertex.type}`);
      return component(this.#contextOf(vertex, surroundings));
    } catch (error) {
      if (!(error instanceof ComponentError)) throw error;
      // A variable that is missing is found out before the component starts, so nothing is said in the conversation.
      if (error.exception !== 'VariableNotFound') this.#tell(vertex, error, surroundings);
      throw new VertexError(vertex, error);
    }
  }

  #tell(vertex: Vertex, error: ComponentError, surroundings: Surroundings): void {
    const told = this.#record(errorMessage(vertex, error, this.#say('', surroundings)), surroundings);
    surroundings.effects.emit?.('error', messageData(told));
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
      say: (text) => this.#say(text, surroundings),
      send: (message) => this.#send(message, surroundings),
    };
  }

  #incoming(vertex: Vertex): Edge[] {
    return this.#graph.incoming.get(vertex.id) ?? NO_EDGES;
  }

  #neighbours({ id }: Vertex): string[] {
    return this.#graph.edges.flatMap(({ source, target }) => (source === id ? [target] : target === id ? [source] : []));
  }

  #value(vertex: Vertex, name: string, { overrides, given, effects }: Surroundings): unknown {
    const incoming = this.#incoming(vertex);
    const edges = incoming.length > 0 ? incoming.filter(({ field }) => field === name) : incoming;
    const own = vertex.fields[name];
    const change = overrides.get(vertex.id)?.[name];
    const field: Partial<Field> = change ? { ...own, ...change } : (own ?? {});
    if (edges.length > 0) {
      const values = edges.map(({ source, output }) => this.#built.get(source)?.outputs[output]);
      return field.list === true ? values.flat() : values[0];
    }
    const outside = given(vertex, name);
    if (outside !== undefined) return outside;
    if (field.type === 'file') return filePaths(field);
    return field.load_from_db === true && typeof field.value === 'string' && field.value !== '' ? variable(field.value, effects) : field.value;
  }

  #say(text: string, { effects }: Surroundings): Message {
    return {
      kind: 'message',
      text,
      sender: null,
      sender_name: null,
      session_id: '',
      context_id: '',
      files: [],
      timestamp: messageTime(effects.now()),
      flow_id: this.#flowId,
      category: 'message',
      properties: PLAIN,
      content_blocks: [],
    };
  }

  #send({ pieces, ...message }: Message, surroundings: Surroundings): Message {
    const stored = this.#record(message, surroundings);
    const { emit } = surroundings.effects;
    const partial = () => ({ ...stored, text: pieces?.[0] ?? '', properties: { ...stored.properties, state: 'partial' as const } });
    emit?.('add_message', messageData(pieces ? partial() : stored));
    for (const chunk of pieces ?? []) emit?.('token', { chunk, id: stored.id });
    return stored;
  }

  #record(message: Message, { effects, sessionId }: Surroundings): Message & { id: string } {
    // One that is stored already is told again, and changed: the answer of a model, by the chat output.
    const stored = { ...message, id: message.id ?? effects.uuid(), session_id: message.session_id || sessionId };
    effects.record.message(recordOf(stored, stored.id, this.#flowId));
    return stored;
  }
}

function variable(name: string, effects: Effects): string {
  const value = effects.variable(name);
  if (value === undefined) throw new ComponentError('VariableNotFound', effects.missingVariable(name));
  return value;
}

/** What the conversation keeps of a failure. */
function errorMessage(vertex: Vertex, error: ComponentError, message: Message): Message {
  const name = vertex.displayName;
  const source = { id: vertex.id, display_name: name, source: name };
  const reason = `**${error.exception}**\n - **Details: ${error.detail}**\n`;
  return {
    ...message,
    text: `${error.detail}\n`,
    sender: name,
    sender_name: name,
    context_id: null,
    category: 'error',
    properties: errorProperties(source),
    content_blocks: errorBlocks(name, reason, traceback(error.exception, error.message)),
  };
}

export const errorProperties = (source?: Message['properties']['source']): Message['properties'] => ({
  ...properties(source),
  text_color: 'red',
  background_color: 'red',
  icon: 'error',
});

/** How a failure is shown in a conversation. */
export function errorBlocks(component: string | null, reason: string, trace: string): unknown[] {
  const content = { type: 'error', duration: null, header: {}, component, field: null, reason, solution: null, traceback: trace };
  return [{ title: 'Error', contents: [content], allow_markdown: true, media_url: null }];
}
