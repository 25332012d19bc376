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
  displayName: string;
  icon: string | null;
  fields: Record<string, Field>;
  outputs: Output[];
  /** The outputs that it computes: those that lead somewhere, or all where none does. */
  computed: string[];
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
}

export interface Graph {
  vertices: Vertex[];
  byId: Map<string, Vertex>;
  edges: Edge[];
  incoming: Map<string, Edge[]>;
  /** The vertices that a run builds, each after those that it depends on. */
  order: Vertex[];
}

/** React Flow's JSON, as far as the engine reads it. */
export interface FlowJson {
  nodes?: any[];
  edges?: any[];
  [other: string]: unknown;
}

/** Components whose results a run shows as they are, and which have a part in a conversation or in a request. */
export const INTERFACE_TYPES = new Set(['ChatInput', 'ChatOutput', 'TextInput', 'TextOutput', 'DataOutput', 'Webhook']);
const INPUT_TYPES = new Set(['ChatInput', 'Webhook', 'TextInput']);
const OUTPUT_TYPES = new Set(['ChatOutput', 'DataOutput', 'TextOutput']);

const graphs = new WeakMap<object, Graph>();

/** The graph of a flow's `data`; remembered with it. */
export function graphOf(flow: FlowJson): Graph {
  let graph = graphs.get(flow);
  if (!graph) graphs.set(flow, (graph = readGraph(flow)));
  return graph;
}

function readGraph({ nodes = [], edges = [] }: FlowJson): Graph {
  const vertices = nodes.filter((node) => node?.data?.node).map(readVertex);
  const byId = new Map(vertices.map((vertex) => [vertex.id, vertex]));
  const read = edges.map(readEdge).filter(({ source, target }) => byId.has(source) && byId.has(target));
  for (const vertex of vertices) vertex.computed = computedOf(vertex, read);
  const incoming = new Map<string, Edge[]>();
  for (const edge of read) incoming.set(edge.target, [...(incoming.get(edge.target) ?? []), edge]);
  const graph = { vertices, byId, edges: read, incoming, order: [] };
  return { ...graph, order: runOrder(graph) };
}

function readVertex({ id, data }: any): Vertex {
  const type = String(data.type ?? '');
  const names = [type, String(id).split('-')[0] as string];
  return {
    id,
    type,
    displayName: data.node.display_name ?? type,
    icon: data.node.icon ?? null,
    fields: data.node.template ?? {},
    outputs: data.node.outputs ?? [],
    computed: [],
    isFrozen: data.node.frozen === true,
    isInput: names.some((name) => INPUT_TYPES.has(name)),
    isOutput: names.some((name) => OUTPUT_TYPES.has(name)),
  };
}

function computedOf({ id, outputs }: Vertex, edges: Edge[]): string[] {
  const used = new Set(edges.filter(({ source }) => source === id).map(({ output }) => output));
  return outputs.map(({ name }) => name).filter((name) => used.size === 0 || used.has(name));
}

function readEdge(edge: any): Edge {
  const source = edge.data?.sourceHandle ?? decodeHandle(edge.sourceHandle);
  const target = edge.data?.targetHandle ?? decodeHandle(edge.targetHandle);
  return { source: edge.source, target: edge.target, output: source?.name ?? '', field: target?.fieldName ?? '' };
}

/** Handles are JSON with œ for the quotes. */
function decodeHandle(handle: unknown): any {
  if (typeof handle !== 'string') return undefined;
  try {
    return JSON.parse(handle.replaceAll('œ', '"'));
  } catch {
    return undefined;
  }
}

/** What hangs together with the webhook, or with the chat input, in layers; the whole flow where it has neither. */
function runOrder(graph: Graph): Vertex[] {
  const inputs = graph.vertices.filter(({ isInput }) => isInput);
  const start =
    inputs.find(({ id }) => id.toLowerCase().includes('webhook')) ??
    inputs.find(({ id }) => id.toLowerCase().includes('chat'));
  const wanted = start ? connected(graph, start.id) : new Set(graph.byId.keys());
  const order: Vertex[] = [];
  const done = new Set<string>();
  for (let found = true; found; ) {
    const layer = graph.vertices.filter(
      ({ id }) =>
        wanted.has(id) &&
        !done.has(id) &&
        (graph.incoming.get(id) ?? []).every(({ source }) => done.has(source) || !wanted.has(source)),
    );
    for (const vertex of layer) done.add(vertex.id);
    order.push(...layer);
    found = layer.length > 0;
  }
  return order;
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
