import type { FlowJson } from '../engine/graph.ts';
import { each, get, has, isTruthy, item } from '../python/objects.ts';

/** What is looked for among the nodes of a flow before its graph is read; wrong nodes are refused in Python's words. */

/** Whether a flow has a component of one of these types. @throws PythonError */
export function hasComponent(flow: FlowJson | null, types: string[]): boolean {
  if (!flow || !has(flow, 'nodes')) return false;
  return each(item(flow, 'nodes')).some((node) => types.includes(get(get(node, 'data', {}), 'type') as string));
}

/** The ids of a flow's webhook components. @throws PythonError */
export function webhookIds(flow: FlowJson | null): string[] {
  if (!isTruthy(flow)) return [];
  const nodes = each(get(flow, 'nodes', [])).filter((node) => has(get(node, 'id'), 'Webhook'));
  return nodes.map((node) => String(item(node, 'id')));
}

/** The advice to update components that another release made; null for none. @throws PythonError */
export function updateSuggestion(flow: FlowJson | null, release: string): string | null {
  const outdated = flow ? outdatedIds(flow, release) : [];
  if (outdated.length === 0) return null;
  const [count, noun] = outdated.length === 1 ? ['1', 'component'] : [String(outdated.length), 'components'];
  const advice = `We recommend updating the following ${noun}: ${outdated.join(', ')}.`;
  return `The flow contains ${count} outdated ${noun}. ${advice}`;
}

function outdatedIds(flow: FlowJson, release: string): string[] {
  const made = new Map<string, unknown>();
  for (const node of each(get(flow, 'nodes', []))) {
    const component = get(get(node, 'data', {}), 'node', {});
    if (has(component, 'lf_version')) made.set(String(item(node, 'id')), item(component, 'lf_version'));
  }
  return [...made].filter(([, version]) => version !== release).map(([id]) => id);
}
