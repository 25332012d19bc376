import type { Build, Built } from './components.ts';
import { componentOf } from './components.ts';
import type { Effects } from './effects.ts';
import { ComponentError, FlowError } from './errors.ts';
import { type Edge, type Field, type FlowJson, type Graph, graphOf, type Vertex } from './graph.ts';
import { buildRecord, failedBuildRecord, type Result, resultOf } from './results.ts';
import { type Overrides, overridesOf, type Tweaks } from './tweaks.ts';
import { type Message, messageData, messageTime, properties, recordOf, textOf } from './values.ts';

/** One input of a run. */
export interface RunInput {
  input_value: string;
  /** Which input components get it, by what their ids contain. */
  type: string | null;
  /** Their ids or display names; none for all. */
  components: string[];
}

export interface RunOptions {
  flow: { id: string; data: FlowJson };
  inputs: RunInput[];
  /** Chooses what is shown, from the vertices of the flow; no choice is every output. */
  outputs(vertices: Vertex[]): string[];
  tweaks: Tweaks;
  sessionId: string;
  stream: boolean;
  effects: Effects;
}

export interface RunAnswer {
  session_id: string;
  outputs: { inputs: Record<string, string>; outputs: Result[] }[];
}

/**
 * Runs a flow: builds what hangs together with its chat input or webhook, each vertex once, whatever the number of inputs.
 *
 * @throws FlowError when a component fails; what the ones before it left stays
 */
export function runFlow(options: RunOptions): RunAnswer {
  const { flow, inputs, sessionId } = options;
  const graph = graphOf(flow.data);
  const run = new Run(options, graph);
  run.buildAll();
  const chosen = options.outputs(graph.vertices);
  const shown = graph.vertices.filter((vertex) => (chosen.length === 0 ? vertex.isOutput : chosen.includes(vertex.id) || chosen.includes(vertex.displayName)));
  const results = shown.flatMap((vertex) => run.results.get(vertex.id) ?? []);
  const given: Record<string, string>[] = inputs.length === 0 ? [{}] : inputs.map(({ input_value }) => ({ input_value }));
  return { session_id: sessionId, outputs: given.map((each) => ({ inputs: each, outputs: results })) };
}

/** The state of one run. */
class Run {
  readonly results = new Map<string, Result>();
  readonly #built = new Map<string, Built>();
  readonly #options: RunOptions;
  readonly #graph: Graph;
  readonly #overrides: Overrides;

  constructor(options: RunOptions, graph: Graph) {
    this.#options = options;
    this.#graph = graph;
    this.#overrides = overridesOf(graph, options.tweaks, options.stream);
  }

  buildAll(): void {
    const { flow, effects } = this.#options;
    for (const vertex of this.#graph.order) {
      if (this.#isCutOff(vertex)) continue;
      const built = this.#build(vertex);
      this.#built.set(vertex.id, built);
      const result = resultOf(this.#graph, vertex, built);
      this.results.set(vertex.id, result);
      effects.record.build(buildRecord(flow.id, vertex, result, effects));
    }
  }

  /** Behind an output that was stopped, or behind a vertex that is cut off itself. */
  #isCutOff(vertex: Vertex): boolean {
    return this.#incoming(vertex).some(({ source, output }) => {
      const built = this.#built.get(source);
      return !built || built.stopped?.includes(output);
    });
  }

  #build(vertex: Vertex): Built {
    try {
      const component = componentOf(vertex);
      if (!component) throw new ComponentError('NotImplementedError', `This mock does not run the component ${vertex.type}`);
      return component(this.#contextOf(vertex));
    } catch (error) {
      if (error instanceof ComponentError) throw this.#failure(vertex, error);
      throw error;
    }
  }

  #failure(vertex: Vertex, error: ComponentError): FlowError {
    const { flow, effects } = this.#options;
    const message = `Error building Component ${vertex.displayName}: \n\n${error.message}`;
    // A variable that is missing is found out before the component starts, so nothing is said in the conversation.
    if (error.exception !== 'VariableNotFound') this.#record(errorMessage(vertex, error, this.#say('')));
    if (this.#graph.order.some(({ isInput, id }) => isInput && id.toLowerCase().includes('webhook'))) {
      effects.record.build(failedBuildRecord(flow.id, vertex, error, message, effects));
    }
    return new FlowError(`Error running graph: ${message}`);
  }

  #contextOf(vertex: Vertex): Build {
    const { flow, sessionId, stream, effects } = this.#options;
    const value = (name: string) => this.#value(vertex, name);
    return {
      vertex,
      value,
      text: (name) => textOf(value(name)),
      source: (field) => {
        const edge = this.#incoming(vertex).find((candidate) => field === undefined || candidate.field === field);
        return edge && this.#graph.byId.get(edge.source);
      },
      run: { flowId: flow.id, sessionId, stream, effects },
      say: (text) => this.#say(text),
      send: (message) => this.#send(message),
    };
  }

  #incoming(vertex: Vertex): Edge[] {
    return this.#graph.incoming.get(vertex.id) ?? [];
  }

  #value(vertex: Vertex, name: string): unknown {
    const edges = this.#incoming(vertex).filter(({ field }) => field === name);
    const field = this.#field(vertex, name);
    if (edges.length > 0) {
      const values = edges.map(({ source, output }) => this.#built.get(source)?.outputs[output]);
      return field.list === true ? values.flat() : values[0];
    }
    if (name === 'session_id') return this.#options.sessionId;
    if (name === 'input_value') {
      const given = this.#inputOf(vertex);
      if (given !== undefined) return given;
    }
    return field.load_from_db === true && typeof field.value === 'string' && field.value !== '' ? this.#variable(field.value) : field.value;
  }

  #field(vertex: Vertex, name: string): Partial<Field> {
    const field = vertex.fields[name] ?? {};
    const override = this.#overrides.get(vertex.id)?.[name];
    return override ? { ...field, ...override } : field;
  }

  #variable(name: string): string {
    const value = this.#options.effects.variable(name);
    if (value === undefined) throw new ComponentError('VariableNotFound', this.#options.effects.missingVariable(name));
    return value;
  }

  /** The first input alone: later ones come when everything is built (RUN-041). */
  #inputOf(vertex: Vertex): string | undefined {
    const [input] = this.#options.inputs;
    if (!input || !vertex.isInput) return undefined;
    const { components, type } = input;
    if (components.length > 0 && !components.includes(vertex.id) && !components.includes(vertex.displayName)) return undefined;
    if (type !== null && type !== 'any' && !vertex.id.toLowerCase().includes(type)) return undefined;
    return input.input_value;
  }

  #say(text: string): Message {
    return {
      kind: 'message',
      text,
      sender: null,
      sender_name: null,
      session_id: '',
      context_id: '',
      files: [],
      timestamp: messageTime(this.#options.effects.now()),
      flow_id: this.#options.flow.id,
      category: 'message',
      properties: properties(),
      content_blocks: [],
    };
  }

  #send({ pieces, ...message }: Message): Message {
    const stored = this.#record(message);
    const { emit } = this.#options.effects;
    if (!pieces) emit?.('add_message', messageData(stored));
    else {
      const partial = { ...stored, text: pieces[0] ?? '', properties: { ...stored.properties, state: 'partial' as const } };
      emit?.('add_message', messageData(partial));
      for (const chunk of pieces) emit?.('token', { chunk, id: stored.id });
    }
    return stored;
  }

  #record(message: Message): Message & { id: string } {
    const { flow, sessionId, effects } = this.#options;
    const stored = { ...message, id: effects.uuid(), session_id: message.session_id || sessionId };
    effects.record.message(recordOf(stored, stored.id, flow.id));
    return stored;
  }
}

/** What the conversation keeps of a failure. */
function errorMessage(vertex: Vertex, error: ComponentError, message: Message): Message {
  const name = vertex.displayName;
  const source = { id: vertex.id, display_name: name, source: name };
  const content = {
    type: 'error',
    duration: null,
    header: {},
    component: name,
    field: null,
    reason: `**${error.exception}**\n - **Details: ${error.detail}**\n`,
    solution: null,
    traceback: `${error.exception}: ${error.message}\n`,
  };
  return {
    ...message,
    text: `${error.detail}\n`,
    sender: name,
    sender_name: name,
    context_id: null,
    category: 'error',
    properties: { ...properties(source), text_color: 'red', background_color: 'red', icon: 'error' },
    content_blocks: [{ title: 'Error', contents: [content], allow_markdown: true, media_url: null }],
  };
}
