import { FlowError } from './errors.ts';
import { closure, type Graph, type Vertex } from './graph.ts';
import { layersOf } from './layers.ts';
import { cycleVertices } from './read-edges.ts';

/** What a build begins with, and all that it may come to. */
export interface Schedule {
  first: string[];
  toRun: Set<string>;
}

export interface Limits {
  /** Builds this vertex and what leads to it. */
  stop?: string | null | undefined;
  /** Builds what can be reached from this vertex, and what leads there. */
  start?: string | null | undefined;
}

/** @throws FlowError for a graph with two chat inputs, or with a circle that can't be sorted */
export function scheduleOf(graph: Graph, { stop, start }: Limits): Schedule {
  let chosen = graph.vertices.map(({ id }) => id);
  if (stop) chosen = within(chosen, stop) ? [...before(graph, [stop])] : [];
  if (start)
    chosen = within(chosen, start) ? [...before(graph, after(graph, start))].filter((id) => chosen.includes(id)) : [];
  const layers = graph.cycles.size > 0 ? layersOf(graph, chosen, start) : undefined;
  if (layers) refuseCircularLayers(graph, layers);
  const toRun = new Set(layers ? layers.flat() : chosen);
  const vertices = graph.vertices.filter(({ id }) => toRun.has(id));
  const sources = vertices.filter(({ id }) => predecessors(graph, id).length === 0);
  const entered = new Set(layers?.[0]);
  const first = sources.length > 0 ? sources : vertices.filter(({ id }) => entered.has(id));
  return { first: (start ? first : chatInputAlone(graph, vertices, first)).map(({ id }) => id), toRun };
}

/** A layer is sorted by what depends on what in it, without an end where that is a circle. */
function refuseCircularLayers({ edges }: Graph, layers: string[][]): void {
  const isCircular = (layer: string[]) => {
    const inside = edges.filter(({ source, target }) => layer.includes(source) && layer.includes(target));
    return cycleVertices(inside.map(({ source, target }) => [source, target])).size > 0;
  };
  if (layers.some(isCircular)) throw new FlowError('maximum recursion depth exceeded');
}

const within = (ids: string[], id: string): boolean => ids.includes(id);

export const predecessors = ({ incoming }: Graph, id: string): string[] =>
  (incoming.get(id) ?? []).map(({ source }) => source);
export const successors = ({ edges }: Graph, id: string): string[] => [
  ...new Set(edges.filter(({ source }) => source === id).map(({ target }) => target)),
];

const before = (graph: Graph, ids: Iterable<string>): Set<string> => closure(ids, (id) => predecessors(graph, id));
const after = (graph: Graph, id: string): Set<string> => closure([id], (each) => successors(graph, each));

/** With a chat input the build begins there alone; what is not connected with it is never built. */
function chatInputAlone(graph: Graph, vertices: Vertex[], first: Vertex[]): Vertex[] {
  const chats = vertices.filter(({ id }) => id.includes('ChatInput'));
  if (chats.length === 0 || chats.some(({ id }) => predecessors(graph, id).length > 0)) return first;
  if (chats.length > 1) throw new FlowError('Only one chat input is allowed in the graph');
  return chats;
}
