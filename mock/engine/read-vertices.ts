import { each, get, has, hash, isDict, isTruthy, item, noAttribute, PythonError, str } from '../python/objects.ts';
import { pydanticText } from '../validation/pydantic-text.ts';
import { type Field, INTERFACE_TYPES, type Output, type Vertex } from './graph.ts';

/** Reads the nodes of a flow in the order in which Langflow's Graph does, and refuses them in the same words. */

const INPUT_TYPES = new Set(['ChatInput', 'Webhook', 'TextInput']);
const OUTPUT_TYPES = new Set(['ChatOutput', 'DataOutput', 'TextOutput']);
const NOTE = 'noteNode';

/** The vertices of a flow's nodes; notes are none. @throws PythonError */
export function readVertices(nodes: unknown): Vertex[] {
  return each(nodes)
    .filter((node) => get(node, 'type') !== NOTE)
    .map(readVertex);
}

function readVertex(node: unknown): Vertex {
  hash(item(node, 'id'));
  const data = item(node, 'data');
  const type = item(data, 'type');
  const component = item(data, 'node');
  if (isGroup(node)) return vertexOf(node, data, component, []);
  const template = item(component, 'template');
  item(template, '_type');
  // The name is looked for in the wrong place there, too.
  if (!has(data, 'id'))
    throw new PythonError('ValueError', `Vertex data for ${str(item(data, 'display_name'))} does not contain an id`);
  const className = classOf(prefixOf(item(data, 'id')), type);
  prefixOf(item(node, 'id'));
  const outputs = outputsOf(component, template, className);
  for (const field of fieldsOf(template)) if (has(field, 'input_types')) each(get(field, 'input_types'));
  for (const output of outputs) each(item(output, 'types'));
  return vertexOf(node, data, component, outputs);
}

/** What Langflow calls a sub-flow; it is no vertex of its own on a real server. */
export function isGroup(node: unknown): boolean {
  const data = get(node, 'data');
  const component = isTruthy(data) ? get(data, 'node') : null;
  const flow = isTruthy(component) ? get(component, 'flow') : null;
  if (isTruthy(flow)) item(flow, 'data');
  return isDict(flow) && isTruthy(flow);
}

function prefixOf(id: unknown): string {
  if (typeof id !== 'string') throw noAttribute(id, 'split');
  return id.split('-')[0] as string;
}

const classOf = (prefix: string, type: unknown): string =>
  INTERFACE_TYPES.has(prefix) || INTERFACE_TYPES.has(String(type)) ? 'InterfaceVertex' : 'ComponentVertex';

function outputsOf(component: unknown, template: unknown, className: string): unknown[] {
  if (item(template, '_type') === 'Component') {
    // The sentence about it wants a name that is not set yet.
    if (!has(component, 'outputs'))
      throw new PythonError('AttributeError', `'${className}' object has no attribute 'display_name'`);
    return each(item(component, 'outputs'));
  }
  const outputs = each(get(component, 'outputs', []));
  item(component, 'base_classes');
  return outputs;
}

function fieldsOf(template: unknown): Record<string, unknown>[] {
  return Object.values(template as object).filter(isDict);
}

function vertexOf(node: unknown, data: unknown, component: unknown, outputs: unknown[]): Vertex {
  const id = item(node, 'id') as string;
  const type = item(data, 'type');
  const prefix = id.split('-')[0] as string;
  const names = [prefix, type];
  const template = get(component, 'template', {});
  const members = isDict(template) ? template : {};
  const fields = Object.entries(members).filter((entry): entry is [string, Field] => isDict(entry[1]));
  const icon = get(component, 'icon');
  return {
    id,
    type: str(type),
    className: classOf(prefix, type),
    displayName: str(get(component, 'display_name', prefix)),
    icon: typeof icon === 'string' ? icon : null,
    fields: Object.fromEntries(fields),
    template: members,
    outputs: outputs.filter(isDict) as Record<string, unknown>[] as unknown as Output[],
    computed: [],
    isGroup: isGroup(node),
    isFrozen: isTruthy(get(component, 'frozen')),
    isInput: isTruthy(get(component, 'is_input')) || names.some((name) => INPUT_TYPES.has(String(name))),
    isOutput: isTruthy(get(component, 'is_output')) || names.some((name) => OUTPUT_TYPES.has(String(name))),
  };
}

const DIRECT_TYPES = new Set([
  ...['str', 'bool', 'dict', 'int', 'float', 'Any', 'prompt', 'code', 'NestedDict', 'table', 'slider', 'tab'],
  ...['sortableList', 'auth', 'connect', 'query', 'tools', 'mcp'],
]);

/** What is found when the parameters of a component are put together, before it is made. @throws PythonError */
export function checkFields({ fields, displayName }: Vertex): void {
  for (const [name, field] of Object.entries(fields)) {
    const { type } = field;
    if (isSkipped(name, field)) continue;
    if (type === 'file') {
      if (!isTruthy(field['file_path']) && !isTruthy(field['required'])) item(field, 'list');
    } else if (!DIRECT_TYPES.has(String(type)))
      throw new PythonError('ValueError', `Field ${name} in ${displayName} is not a valid field type: ${str(type)}`);
  }
}

function isSkipped(name: string, field: Field): boolean {
  if (isTruthy(field['override_skip'])) return false;
  return field.type === 'other' || (!isTruthy(field['show']) && name !== 'code');
}

const SNIPPET = 100;

/** What is found when a component is made of its code; the code itself is not run. @throws PythonError */
export function checkComponent({ fields, outputs }: Vertex): void {
  const code = fields['code'];
  if (!code || code.type === 'other') throw new PythonError('KeyError', "'code'");
  const text = code.value;
  if (typeof text !== 'string')
    throw new PythonError('TypeError', 'compile() arg 1 must be a string, bytes or AST object');
  if (!text.includes('class ')) {
    const message = `No Component subclass found in the code string. Code snippet: ${text.slice(0, SNIPPET)}`;
    throw new PythonError('ValueError', message);
  }
  for (const output of outputs) checkMethod(output.name, get(output, 'method'));
}

function checkMethod(name: string, method: unknown): void {
  if (method !== null && typeof method !== 'string') {
    const fault = { loc: ['method'], type: 'string_type', msg: 'Input should be a valid string', input: method };
    throw new PythonError('ValueError', `Invalid output: ${pydanticText('Output', [fault])}`);
  }
  if (!method) throw new PythonError('ValueError', `Output ${name} does not have a method`);
}
