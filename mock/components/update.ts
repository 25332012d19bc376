import { HttpError } from '../errors.ts';
import type { Mock } from '../mock.ts';
import { repr, typeName } from '../python/repr.ts';
import { isObject } from '../validation/shape.ts';
import { callMethod, type FieldCall } from './describe.ts';
import { innerCodeField } from './fields.ts';
import { type BuiltNode, buildNode, type Node, setToolMode } from './node.ts';
import { outputOf } from './outputs.ts';

export interface Update {
  code: string;
  field: string;
  value: unknown;
  template: Record<string, unknown>;
  toolMode: boolean;
  user_id: string;
}

/** The node of a component after a field was set. @throws HttpError 400 */
export async function updateNode(mock: Mock, update: Update): Promise<Node> {
  const built = await buildNode(mock, update.code).catch(rethrow);
  const { node } = built;
  node.tool_mode = update.toolMode;
  refuseValues(update.template);
  refuseVariables(mock, update);
  const template = await changedTemplate(update);
  if (!isObject(template['code']) || !template['code']['value']) template['code'] = innerCodeField(update.code);
  node.template = template;
  await changeOutputs(built, update);
  if (update.field === 'tool_mode' || node.tool_mode) setToolMode(built, Boolean(update.value) || node.tool_mode);
  return node;
}

/** Rethrows an error of building the node in the form of an update: the status and Python's notation of the detail. */
function rethrow(error: unknown): never {
  if (!(error instanceof HttpError) || !isObject(error.detail)) throw error;
  const members = Object.entries(error.detail).map(([key, value]) => `${repr(key)}: ${repr(value)}`);
  throw new HttpError(error.status, `${error.status}: {${members.join(', ')}}`);
}

/** Refuses number fields whose value is not a number, whatever field is updated. */
function refuseValues(template: Record<string, unknown>): void {
  for (const field of Object.values(template)) {
    if (!isObject(field)) continue;
    const { value, _input_type: kind } = field;
    if (typeof value !== 'string' || value === '') continue;
    if (kind === 'IntInput' && !/^\s*[+-]?\d+\s*$/.test(value))
      throw new HttpError(400, `invalid literal for int() with base 10: ${repr(value)}`);
    if (kind === 'FloatInput' && !Number.isFinite(Number(value)))
      throw new HttpError(400, `could not convert string to float: ${repr(value)}`);
  }
}

function refuseVariables({ store, spec }: Mock, { template, user_id }: Update): void {
  for (const field of Object.values(template)) {
    if (!isObject(field) || !field['load_from_db'] || !field['value']) continue;
    const name = String(field['value']);
    if (!store.variables.find({ user_id, name }))
      throw new HttpError(400, String(spec.facts['missingVariable']).replace('{name}', name));
  }
}

async function changedTemplate({ code, field, value, template }: Update): Promise<Record<string, unknown>> {
  const changed = await callMethod(code, 'update_build_config', template, value, field);
  if (changed) return changed;
  const target = template[field];
  if (target === undefined) return template;
  if (Array.isArray(target)) throw new HttpError(400, 'list indices must be integers or slices, not str');
  if (!isObject(target)) throw new HttpError(400, `'${typeName(target)}' object does not support item assignment`);
  target['value'] = value;
  return template;
}

async function changeOutputs({ node, returns }: BuiltNode, { code, field, value }: Update): Promise<void> {
  const changed = await callMethod(code, 'update_outputs', node as object, field, value);
  if (!changed) return;
  Object.assign(node, changed);
  node.outputs = (node.outputs as unknown as FieldCall[]).map(({ $kind, ...output }) => outputOf(output, returns));
}
