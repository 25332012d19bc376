import type { components } from '../../spec/generated/api.d.ts';
import { typeName } from '../python/repr.ts';
import { PromptError } from './prompt-variables.ts';

export type FrontendNode = components['schemas']['FrontendNode'];

/**
 * Adds the fields of a prompt's variables to a node, and removes those of old variables. @throws PromptError for a
 * malformed node
 */
export function setVariables(node: FrontendNode, name: string, variables: string[]): void {
  const fields: Record<string, unknown> = node.custom_fields ?? {};
  const earlier = takeEarlier(fields, name);
  for (const variable of variables) addField(node.template, fields, name, variable);
  for (const variable of earlier) if (!variables.includes(variable)) delete node.template[variable];
  if (!('input_variables' in node.template)) return;
  const field = node.template['input_variables'];
  if (typeof field !== 'object' || field === null)
    throw new PromptError(`'${typeName(field)}' object does not support item assignment`);
  (field as Record<string, unknown>)['value'] = variables;
}

/** Removes and returns the previous variables of the field. A new node has them under the empty name. */
function takeEarlier(fields: Record<string, unknown>, name: string): string[] {
  const keys = Object.keys(fields);
  const key = keys.length === 1 && name === '' ? (keys[0] as string) : name;
  const earlier = fields[key] ?? [];
  if (!Array.isArray(earlier)) throw new PromptError(`'${typeName(earlier)}' object has no attribute 'copy'`);
  fields[key] = [];
  return earlier as string[];
}

function addField(
  template: FrontendNode['template'],
  fields: Record<string, unknown>,
  name: string,
  variable: string,
): void {
  const known = template[variable];
  template[variable] = fieldOf(variable, known === undefined ? '' : previousValue(known));
  const list = fields[name];
  // A bug of the real server: it looks for the empty name instead of the field's.
  if (list === undefined) throw new PromptError(`500: '${name}'`);
  (list as string[]).push(variable);
}

function previousValue(field: unknown): unknown {
  if (typeof field !== 'object' || field === null)
    throw new PromptError(`500: '${typeName(field)}' object is not subscriptable`);
  if (!('value' in field)) throw new PromptError("500: 'value'");
  return field.value;
}

const fieldOf = (name: string, value: unknown) => ({
  field_type: 'str',
  required: false,
  placeholder: '',
  list: false,
  show: true,
  multiline: true,
  ...(value === null ? {} : { value }),
  fileTypes: [],
  file_path: '',
  name,
  display_name: name,
  advanced: false,
  input_types: ['Message'],
  dynamic: false,
  info: '',
  load_from_db: false,
  title_case: false,
  type: 'str',
});
