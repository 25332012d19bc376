import { get, hash, isTruthy, PythonError } from '../python/objects.ts';
import { isObject } from '../validation/shape.ts';
import { FlowError, InputConflict } from './errors.ts';
import type { Field, FlowJson, Graph, Vertex } from './graph.ts';

/** Values for fields in one run: by component id or display name, or by a field's name for all components. */
export type Tweaks = Record<string, unknown>;

/** By vertex, by field: the members of the field that a run changes. */
export type Overrides = Map<string, Record<string, Partial<Field>>>;

/** @throws InputConflict when the input is given as a tweak as well */
export function refuseInputTwice(
  tweaks: Tweaks,
  input: { input_value?: string | null; input_type?: string | null },
): void {
  if (input.input_value === null || input.input_value === undefined) return;
  for (const [key, value] of Object.entries(tweaks)) {
    if (!isObject(value) || value['input_value'] === undefined || value['input_value'] === null) continue;
    const kind = /ChatInput|Chat Input/.test(key) ? 'chat' : /TextInput|Text Input/.test(key) ? 'text' : undefined;
    if (kind && kind === input.input_type) {
      throw new InputConflict(
        `If you pass an input_value to the ${kind} input, you cannot pass a tweak with the same name.`,
      );
    }
  }
}

/** Refuses a flow to which tweaks can't be applied, even when there are none. @throws FlowError */
export function refuseUntweakable(flow: FlowJson): void {
  try {
    const nodes = nodesOf(flow);
    for (const node of nodes) hash(get(node, 'id'));
    for (const node of nodes) hash(get(componentOf(node), 'display_name'));
    for (const node of nodes) get(componentOf(node), 'template');
  } catch (error) {
    throw error instanceof PythonError ? new FlowError(error.message) : error;
  }
}

const componentOf = (node: unknown): unknown => get(get(node, 'data', {}), 'node', {});

function nodesOf(flow: FlowJson): unknown[] {
  const inner = get(get(flow, 'data', {}), 'nodes');
  const nodes = isTruthy(inner) ? inner : get(flow, 'nodes');
  if (Array.isArray(nodes)) return nodes;
  const message = "graph_data should contain a list of nodes under 'data' key or directly under 'nodes' key";
  throw new PythonError('TypeError', message);
}

/** What the tweaks change, without touching the flow; `stream` is a tweak of every component that has such a field. */
export function overridesOf(graph: Graph, tweaks: Tweaks, stream: boolean): Overrides {
  const overrides: Overrides = new Map();
  const forAll: Tweaks = {};
  for (const [key, value] of Object.entries({ ...tweaks, stream: tweaks['stream'] ?? stream })) {
    if (!isObject(value)) forAll[key] = value;
    else {
      const vertex = graph.byId.get(key) ?? graph.vertices.findLast(({ displayName }) => displayName === key);
      if (vertex) apply(vertex, Object.entries(value), overrides);
    }
  }
  const entries = Object.entries(forAll);
  for (const vertex of graph.vertices) apply(vertex, entries, overrides);
  return overrides;
}

function apply(vertex: Vertex, tweaks: [name: string, value: unknown][], overrides: Overrides): void {
  for (const [name, value] of tweaks) {
    const field = vertex.fields[name];
    // The code of a component is never taken from a request (RUN-018).
    if (name === 'code' || !isObject(field)) continue;
    const key = field['type'] === 'file' ? 'file_path' : 'value';
    const change = isObject(value) && field['type'] !== 'NestedDict' ? value : { [key]: value };
    const changed = overrides.get(vertex.id) ?? {};
    changed[name] = { ...changed[name], ...change };
    overrides.set(vertex.id, changed);
  }
}
