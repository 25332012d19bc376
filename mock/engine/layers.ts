import type { Graph } from './graph.ts';

/** The layers in which a flow with circles is built, as Langflow sorts them; a vertex in no layer is not built. */

/** How often a vertex on a circle stands in the layers. */
const MOST_APPEARANCES = 2;

/** What a flow without beginning is entered by. */
export function entryOf(ids: string[]): string | undefined {
  const named = (word: string) => ids.find((id) => id.toLowerCase().includes(word));
  return named('webhook') ?? named('chat') ?? ids[0];
}

/** The ids in the layers. `start` is where a flow is entered in which every vertex has a predecessor. */
export function layersOf(graph: Graph, ids: string[], start?: string | null): string[][] {
  const sorting = new Sorting(graph, ids);
  let layer = sorting.first(start);
  const layers: string[][] = [];
  while (layer.length > 0) {
    const { sorted, next } = sorting.take(layer, layers.length === 0);
    layers.push(sorted);
    layer = next;
  }
  return layers.filter((each) => each.length > 0);
}

class Sorting {
  readonly #graph: Graph;
  readonly #ids: string[];
  readonly #degrees: Map<string, number>;
  readonly #appearances = new Map<string, number>();

  constructor(graph: Graph, ids: string[]) {
    this.#graph = graph;
    this.#ids = ids;
    this.#degrees = new Map(graph.vertices.map(({ id }) => [id, this.#predecessors(id).length]));
  }

  first(start?: string | null): string[] {
    const sources = this.#ids.filter((id) => this.#degree(id) === 0);
    const hasBeginning = [...this.#degrees.values()].some((degree) => degree === 0);
    if (hasBeginning) return sources;
    const entry = start ?? entryOf(this.#ids);
    if (entry === undefined) return [];
    this.#degrees.set(entry, 0);
    return [entry];
  }

  /** What of a queue stands in its layer, and the next queue. */
  take(queue: string[], isFirst: boolean): { sorted: string[]; next: string[] } {
    const sorted: string[] = [];
    const next: string[] = [];
    for (const [index, id] of queue.entries()) {
      const count = this.#appearances.get(id) ?? 0;
      if (count === 0 || count < MOST_APPEARANCES) {
        this.#appearances.set(id, count + 1);
        sorted.push(id);
      }
      const waiting = [...queue.slice(index + 1), ...next];
      for (const successor of this.#successors(id)) next.push(...this.#follow(successor, waiting, isFirst, next));
    }
    return { sorted, next };
  }

  /** What comes into the queue when one edge to a vertex is done: the vertex, or what else it waits for. */
  #follow(id: string, waiting: string[], isFirst: boolean, next: string[]): string[] {
    if (!this.#ids.includes(id)) return [];
    const degree = this.#degree(id) - 1;
    this.#degrees.set(id, degree);
    if (degree === 0) return isFirst || !this.#appearances.has(id) ? [id] : [];
    if (degree < 0) return [];
    const isNew = (other: string) => !waiting.includes(other) && !next.includes(other);
    return this.#predecessors(id).filter((other) => isNew(other) && this.#mayCome(other, isFirst));
  }

  #mayCome(id: string, isFirst: boolean): boolean {
    const count = this.#appearances.get(id) ?? 0;
    if (isFirst) return count === 0 && (this.#degree(id) === 0 || this.#graph.cycles.has(id));
    return count < MOST_APPEARANCES;
  }

  #degree(id: string): number {
    return this.#degrees.get(id) ?? 0;
  }

  #predecessors(id: string): string[] {
    return (this.#graph.incoming.get(id) ?? []).map(({ source }) => source);
  }

  #successors(id: string): string[] {
    return this.#graph.edges.filter(({ source }) => source === id).map(({ target }) => target);
  }
}
