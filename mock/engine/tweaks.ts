import { InputConflict } from './errors.ts';
import type { Field, Graph, Vertex } from './graph.ts';

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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
