import { each, get, has, hash, item, PythonError, str } from '../python/objects.ts';
import type { Edge, Vertex } from './graph.ts';
import { type Handle, readSourceHandle, readTargetHandle } from './read-handles.ts';

/** Reads the edges of a flow in the order in which Langflow's Graph does, and refuses them in the same words. */

/** The ids that each edge leads from and to, as its handles name them. @throws PythonError */
export function handleIds(edges: unknown): [source: unknown, target: unknown][] {
  return each(edges).map((edge) => [
    item(item(item(edge, 'data'), 'sourceHandle'), 'id'),
    item(item(item(edge, 'data'), 'targetHandle'), 'id'),
  ]);
}

/** @throws PythonError */
export function readEdge(edge: unknown, byId: Map<string, Vertex>, cycles: Set<unknown>): Edge {
  const source = vertexNamed(item(edge, 'source'), byId);
  const target = vertexNamed(item(edge, 'target'), byId);
  const data = get(edge, 'data');
  const sourceHandle = readSourceHandle(get(data, 'sourceHandle', {}));
  const targetHandle = readTargetHandle(get(data, 'targetHandle', {}));
  if (!source.isGroup && !target.isGroup) {
    checkHandles(source, sourceHandle, target, targetHandle);
    checkTypes(source, sourceHandle, target, targetHandle);
  }
  const isCycle = cycles.has(source.id) || cycles.has(target.id);
  return { source: source.id, output: sourceHandle.name, target: target.id, field: targetHandle.name, isCycle };
}

function vertexNamed(id: unknown, byId: Map<string, Vertex>): Vertex {
  hash(id);
  const vertex = byId.get(id as string);
  if (!vertex) throw new PythonError('ValueError', `Vertex ${str(id)} not found`);
  return vertex;
}

/** Whether what one handle says that it gives is what the other says that it takes. */
function checkHandles(source: Vertex, given: Handle, target: Vertex, taken: Handle): void {
  const isLegacy = given.baseClasses.length > 0;
  const types = isLegacy ? given.baseClasses : given.types;
  const isTaken = types.some((type) => taken.types.includes(type));
  const isLoop = !isLegacy && taken.type === undefined;
  const fits = isLoop
    ? types.length > 0 && (taken.types.length === 0 || isTaken)
    : isTaken || types.includes(taken.type as string);
  if (fits) return;
  const names = isLegacy ? [source.type, target.type] : [source.displayName, target.displayName];
  throw new PythonError('ValueError', `Edge between ${names.join(' and ')} has invalid handles`);
}

/** Whether what the component gives is what the handle takes. */
function checkTypes(source: Vertex, given: Handle, target: Vertex, taken: Handle): void {
  if (given.baseClasses.length > 0)
    throw new PythonError('AttributeError', `'${source.className}' object has no attribute 'output'`);
  const outputs = source.outputs.filter((output) => item(output, 'name') === (given.name || null));
  const types = outputs.flatMap((output) => output.types ?? []);
  const wanted = taken.types.length > 0 ? taken.types : undefined;
  const isMatched = types.some((type) => (wanted ? wanted.includes(type) : isRequired(target, type)));
  if (!isMatched)
    throw new PythonError('ValueError', `Edge between ${source.type} and ${target.type} has no matched type.`);
}

function isRequired({ fields }: Vertex, type: string): boolean {
  return Object.values(fields).some((field) => {
    const inputTypes = Array.isArray(field['input_types']) ? field['input_types'] : [];
    return [...(has(field, 'type') ? [field.type] : []), ...inputTypes].some((wanted) => has(wanted, type));
  });
}

/** The ids on circles; ids that can be no nodes of a graph are refused. @throws PythonError */
export function cycleVertices(edges: [source: unknown, target: unknown][]): Set<unknown> {
  if (edges.flat().some((id) => id === null || typeof id === 'object'))
    throw new PythonError('ValueError', 'Input is not a valid edge list');
  const successors = new Map<unknown, unknown[]>();
  for (const [source, target] of edges) successors.set(source, [...(successors.get(source) ?? []), target]);
  const onCycle = (id: unknown) => reached(successors.get(id) ?? [], successors).has(id);
  return new Set([...successors.keys()].filter(onCycle));
}

function reached(from: unknown[], successors: Map<unknown, unknown[]>): Set<unknown> {
  const found = new Set(from);
  for (const id of found) for (const next of successors.get(id) ?? []) found.add(next);
  return found;
}
