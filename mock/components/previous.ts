import { isObject } from '../validation/shape.ts';
import type { Node } from './node.ts';

/** Thrown if the previous node has no code field. */
export class CodeMissing extends Error {
  override name = 'NoCode';
}

/**
 * Carries the settings of the previous node over: values, and its names if the code is the same. @throws CodeMissing
 */
export function carryOver(node: Node, before: Record<string, unknown>): void {
  const { template } = before;
  if (!isObject(template) || !('display_name' in before)) return;
  for (const [name, field] of Object.entries(template))
    if (name !== 'code' && isObject(field)) carryField(node.template[name], field);
  const code = template['code'];
  // A real server does not expect the code to be missing.
  if (!isObject(code)) throw new CodeMissing();
  node['edited'] = before['edited'] === true || code['value'] !== (node.template['code'] as { value: unknown }).value;
  const canBeTool = Object.values(node.template).some((field) => isObject(field) && field['tool_mode'] === true);
  node.tool_mode = canBeTool && before['tool_mode'] === true;
  if (node['edited']) return;
  node['display_name'] = before['display_name'];
  node['description'] = before['description'] ?? node['description'] ?? '';
}

function carryField(field: unknown, before: Record<string, unknown>): void {
  if (!isObject(field) || field['type'] !== before['type']) return;
  const { value } = before;
  if (value === undefined || value === null) return;
  if (JSON.stringify(field['value']) !== JSON.stringify(value)) field['load_from_db'] = before['load_from_db'] ?? false;
  field['value'] = value;
}
