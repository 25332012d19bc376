import { each, get, has, hash, item, PythonError } from '../python/objects.ts';
import { repr } from '../python/repr.ts';
import { FlowError } from './errors.ts';
import { entryOf } from './layers.ts';
import { cycleVertices, handleIds, readEdge } from './read-edges.ts';
import { checkComponent, checkFields, isGroup, readVertices } from './read-vertices.ts';

/** The graph of a flow, read once from its react-flow JSON. */

/** A field of a component's template. */
export interface Field {
  type?: string;
  value?: unknown;
  list?: boolean;
  load_from_db?: boolean;
  [key: string]: unknown;
}

export interface Output {
  name: string;
  types?: string[];
}

export interface Vertex {
  id: string;
  /** The component's type: `ChatInput`. */
  type: string;
  /** What Langflow calls the class of such vertices. */
  className: string;
  displayName: string;
  icon: string | null;
  fields: Record<string, Field>;
  /** The fields, and what else stands among them. */
  template: Record<string, unknown>;
  outputs: Output[];
  /** The outputs that it computes: those that lead somewhere, or all where none does. */
  computed: string[];
  /** A sub-flow that is shown as one node. */
  isGroup: boolean;
  /** Not built again once it was. */
  isFrozen: boolean;
  isInput: boolean;
  isOutput: boolean;
}

export interface Edge {
  source: string;
  output: string;
  target: string;
  field: string;
  /** An end of it is on a circle: before its source is built, its target has the value of its own field. */
  isCycle: boolean;
}

export interface Graph {
  vertices: Vertex[];
  byId: Map<string, Vertex>;
  edges: Edge[];
  incoming: Map<string, Edge[]>;
  /** The ids of the vertices on circles. */
  cycles: Set<unknown>;
  /** The vertices that a run builds, each after those that it depends on. */
  order: Vertex[];
}

/** React Flow's JSON; a client may send whatever it likes in it. */
export interface FlowJson {
  nodes?: unknown;
  edges?: unknown;
  [other: string]: unknown;
}

/** Components whose results a run shows as they are, and which have a part in a conversation or in a request. */
export const INTERFACE_TYPES = new Set(['ChatInput', 'ChatOutput', 'TextInput', 'TextOutput', 'DataOutput', 'Webhook']);

const graphs = new WeakMap<object, Graph>();

/** The graph of a flow's `data`; remembered with it. @throws FlowError for one that a real server refuses */
export function graphOf(flow: FlowJson): Graph {
  let graph = graphs.get(flow);
  if (!graph) graphs.set(flow, (graph = inWordsOfGraph(flow)));
  return graph;
}

function inWordsOfGraph(flow: FlowJson): Graph {
  const payload = has(flow, 'data') ? get(flow, 'data') : flow;
  try {
    return readGraph(item(payload, 'nodes'), item(payload, 'edges'));
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    if (error.type !== 'KeyError') throw new FlowError(error.message);
    if (has(payload, 'nodes') || has(payload, 'edges'))
      throw new FlowError(`Error while creating graph from payload: ${error.message}`);
    const found = repr(Object.keys(payload as object));
    throw new FlowError(`Invalid payload. Expected keys 'nodes' and 'edges'. Found ${found}`);
  }
}

/** In the order of Langflow's Graph: of several faults it is the first that is found. */
function readGraph(nodes: unknown, edges: unknown): Graph {
  const list = each(nodes);
  list.forEach((node, index) => {
    const id = get(node, 'id');
    // Circles are looked for with the first node.
    if (index === 0) cycleVertices(handleIds(edges));
    hash(id);
  });
  list.forEach(isGroup);
  const all = readVertices(nodes);
  // Of several nodes with one id the last is the vertex.
  const byId = new Map(all.map((vertex) => [vertex.id, vertex]));
  const vertices = [...byId.values()];
  const cycles = cycleVertices(handleIds(edges));
  const read = withoutCopies(each(edges).map((edge) => readEdge(edge, byId, cycles)));
  const components = all.filter((vertex) => !vertex.isGroup);
  components.forEach(checkFields);
  components.forEach(checkComponent);
  for (const vertex of vertices) vertex.computed = computedOf(vertex, read);
  const incoming = new Map<string, Edge[]>();
  for (const edge of read) incoming.set(edge.target, [...(incoming.get(edge.target) ?? []), edge]);
  const graph = { vertices, byId, edges: read, incoming, cycles, order: [] };
  return { ...graph, order: runOrder(graph) };
}

function withoutCopies(edges: Edge[]): Edge[] {
  const keyOf = ({ source, output, target, field }: Edge) => JSON.stringify([source, output, target, field]);
  return [...new Map(edges.map((edge) => [keyOf(edge), edge])).values()];
}

function computedOf({ id, outputs }: Vertex, edges: Edge[]): string[] {
  const used = new Set(edges.filter(({ source }) => source === id).map(({ output }) => output));
  return outputs.map(({ name }) => name).filter((name) => used.size === 0 || used.has(name));
}

/** What hangs together with the webhook, or with the chat input, in layers; the whole flow where it has neither. */
function runOrder(graph: Graph): Vertex[] {
  const start = startOf(graph);
  const wanted = start ? connected(graph, start.id) : new Set(graph.byId.keys());
  const order = new Set<Vertex>();
  const isDone = ({ source }: Edge) => !wanted.has(source) || order.has(graph.byId.get(source) as Vertex);
  const isNext = (vertex: Vertex) =>
    wanted.has(vertex.id) && !order.has(vertex) && (graph.incoming.get(vertex.id) ?? []).every(isDone);
  let layer = graph.vertices.filter(isNext);
  const entry = layer.length === 0 ? graph.byId.get(start?.id ?? entryOf([...wanted]) ?? '') : undefined;
  if (entry) layer = [entry];
  for (; layer.length > 0; layer = graph.vertices.filter(isNext)) for (const vertex of layer) order.add(vertex);
  return [...order];
}

/** Where a run begins: at the webhook, or at the chat input. */
export function startOf({ vertices }: Graph): Vertex | undefined {
  const inputs = vertices.filter(({ isInput }) => isInput);
  const named = (word: string) => inputs.find(({ id }) => id.toLowerCase().includes(word));
  return named('webhook') ?? named('chat');
}

/** What can be reached from a vertex, and all that leads to it. */
function connected({ edges }: Graph, start: string): Set<string> {
  const reached = closure([start], (id) => edges.filter(({ source }) => source === id).map(({ target }) => target));
  return closure([...reached], (id) => edges.filter(({ target }) => target === id).map(({ source }) => source));
}

/** What is reached from some ids, step by step, these among it. */
export function closure(from: Iterable<string>, next: (id: string) => string[]): Set<string> {
  const found = new Set(from);
  for (const id of found) for (const other of next(id)) found.add(other);
  return found;
}
