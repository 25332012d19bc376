import { createHash } from 'node:crypto';
import { HttpError } from '../errors.ts';
import type { Mock } from '../mock.ts';
import { type Catalogue, catalogueOf } from './catalogue.ts';
import {
  buildError,
  type ComponentDescription,
  type Dependency,
  dependenciesOf,
  describeComponent,
} from './describe.ts';
import { codeField, type Field, fieldOf, templateOf } from './fields.ts';
import { type Output, outputOf, toolset } from './outputs.ts';
import { toolsField } from './tools.ts';

/** A component in the node of a flow. */
export interface Node {
  template: Record<string, unknown>;
  outputs: Output[];
  tool_mode: boolean;
  [attribute: string]: unknown;
}

/** A node, with what is needed to change it. */
export interface BuiltNode {
  node: Node;
  type: string;
  /** The description in the code, whatever the node has now. */
  description: string;
  /** The outputs of the class outside tool mode. */
  outputs: Output[];
  fields: Field[];
  returns: Record<string, string[]>;
}

/** Builds the node of a component's code. Code of the catalogue need not be read. @throws HttpError 400 */
export async function buildNode(mock: Mock, code: string): Promise<BuiltNode> {
  const known = fromCatalogue(catalogueOf(mock), code);
  if (known)
    return { ...known, node: { ...known.node, metadata: metadataOf(known.node, code, await dependenciesOf(code)) } };
  const described = await describeComponent(code);
  const fields = described.inputs.map(fieldOf);
  const outputs = outputsOf(described, fields);
  const { name } = described.attributes;
  const node = nodeOf(described, fields, outputs, code);
  const type = typeof name === 'string' && name !== '' ? name : described.class;
  return { node, type, description: String(node['description'] ?? ''), outputs, fields, returns: described.returns };
}

/** The node of a class, in a real server's form. */
function nodeOf(
  { attributes, dependencies }: ComponentDescription,
  fields: Field[],
  outputs: Output[],
  code: string,
): Node {
  const { icon } = attributes;
  if (typeof icon === 'string' && icon.startsWith(':') !== icon.endsWith(':'))
    throw buildError(`Invalid emoji. ${icon} is not a valid emoji.`);
  const text = (name: string) => (attributes[name] ? String(attributes[name]) : '');
  const flag = (name: string) => attributes[name] === true;
  const display_name = attributes['display_name'] == null ? 'Component' : text('display_name');
  const optional = (name: string) => (attributes[name] == null ? {} : { [name]: attributes[name] });
  return {
    template: templateOf([...fields, codeField(code)]),
    ...(attributes['description'] == null ? {} : { description: text('description') }),
    ...optional('icon'),
    base_classes: [...new Set(outputs.flatMap(({ types }) => types))].sort((a, b) =>
      a.toLowerCase() < b.toLowerCase() ? -1 : 1,
    ),
    display_name,
    ...optional('priority'),
    documentation: text('documentation'),
    minimized: flag('minimized'),
    custom_fields: {},
    output_types: [],
    pinned: false,
    conditional_paths: attributes['conditional_paths'] ?? [],
    frozen: false,
    outputs,
    field_order: fields.map((field) => field.name),
    beta: flag('beta'),
    legacy: flag('legacy'),
    ...optional('replacement'),
    edited: false,
    metadata: metadataOf({ display_name, metadata: attributes['metadata'] }, code, dependencies),
    tool_mode: flag('tool_mode'),
  };
}

function outputsOf({ outputs, returns }: ComponentDescription, fields: Field[]): Output[] {
  const names = new Set(fields.map((field) => field.name));
  const both = outputs.map(({ name }) => name).filter((name) => names.has(name as string));
  if (both.length > 0)
    throw buildError(`Inputs and outputs have overlapping names: {${both.map((name) => `'${name}'`).join(', ')}}`);
  const built = outputs.map((output) => outputOf(output, returns));
  // For a missing method a real server reports a missing base class.
  if (built.some(({ method }) => !(method in returns)))
    throw new HttpError(400, {
      error: 'Error building Component. Please check if you are importing Component correctly.',
    });
  return built;
}

function metadataOf({ metadata, display_name }: Record<string, unknown>, code: string, dependencies: Dependency[]) {
  const module = String(display_name)
    .trim()
    .replaceAll(/\s+/g, '_')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, '');
  const code_hash = createHash('sha256').update(code).digest('hex').slice(0, 12);
  return {
    ...(metadata as object),
    module: `custom_components.${module}`,
    code_hash,
    dependencies: { total_dependencies: dependencies.length, dependencies },
  };
}

function fromCatalogue(catalogue: Catalogue, code: string): BuiltNode | undefined {
  for (const types of Object.values(catalogue)) {
    for (const [type, component] of Object.entries(types)) {
      if ((component.template['code'] as { value?: unknown } | undefined)?.value !== code) continue;
      const node = structuredClone(component) as unknown as Node;
      node.outputs = node.outputs.map((output) => outputOf(output, {}));
      const fields = Object.entries(node.template).filter(
        ([name, field]) => name !== 'code' && typeof field === 'object',
      );
      return {
        node,
        type,
        description: String(node['description'] ?? ''),
        outputs: node.outputs,
        fields: fields.map(([, field]) => field as Field),
        returns: {},
      };
    }
  }
  return undefined;
}

/** Turns the tool mode of a node on or off. */
export function setToolMode({ node, description, outputs, fields }: BuiltNode, on: boolean): void {
  node.tool_mode = on;
  if (!on) {
    delete node.template['tools_metadata'];
    return;
  }
  node.outputs = [toolset()];
  node.template['tools_metadata'] = toolsField(outputs, fields, description);
}
