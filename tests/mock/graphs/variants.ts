import { buildFlow, type Catalogue, type FlowDescription } from '../../../fixtures/build-flow.ts';
import cycle from '../../../fixtures/flows/circle.json' with { type: 'json' };
import echo from '../../../fixtures/flows/echo.json' with { type: 'json' };
import mixed from './flows/mixed.json' with { type: 'json' };

/**
 * Flows whose graph is wrong in one place, or unusual: every member left out, null or of another type, and what edges
 * can get wrong.
 */

export interface Variant {
  name: string;
  /** The flow's `data`, of any type. */
  data: unknown;
}

type Json = Record<string, any>;
type Change = (data: Json) => unknown;

const NODE = ['id', 'type', 'position', 'data', 'data.id', 'data.type', 'data.node', 'parent_node_id'];
const COMPONENT = [
  'template',
  'outputs',
  'display_name',
  'description',
  'icon',
  'base_classes',
  'frozen',
  'is_input',
  'is_output',
  'flow',
  'lf_version',
];
const TEMPLATE = ['_type', 'code', 'code.value', 'code.type', 'session_id', 'input_value'];
const FIELD = ['type', 'value', 'show', 'list', 'required', 'input_types', 'load_from_db', 'display_name'];
const OUTPUTS = ['0', '0.name', '0.types', '0.types.0', '0.method'];
const EDGE = [
  'id',
  'source',
  'target',
  'sourceHandle',
  'targetHandle',
  'data',
  'data.sourceHandle',
  'data.targetHandle',
];
const SOURCE = ['dataType', 'id', 'name', 'output_types', 'output_types.0', 'baseClasses'];
const TARGET = ['fieldName', 'id', 'inputTypes', 'inputTypes.0', 'type', 'name'];

const under = (path: string, names: string[]): string[] => names.map((name) => `${path}.${name}`);

/** Members of which the graph itself is made. */
const MEMBERS = [
  'nodes',
  'edges',
  'viewport',
  'nodes.0',
  'nodes.1',
  'edges.0',
  ...under('nodes.0', NODE),
  ...under('edges.0', EDGE),
  ...under('edges.0.data.sourceHandle', SOURCE),
  ...under('edges.0.data.targetHandle', TARGET),
];

/** Members of components, of which fewer values are tried. */
const DETAILS = [
  ...under('nodes.0.data.node', COMPONENT),
  ...under('nodes.0.data.node.template', TEMPLATE),
  ...under('nodes.0.data.node.template.input_value', FIELD),
  ...under('nodes.0.data.node.outputs', OUTPUTS),
  ...under('nodes.1.data.node.template.input_value', FIELD),
];

/** What takes the place of a member: nothing at all, or a value of each type. */
const VALUES: [name: string, value: unknown][] = [
  ['left out', undefined],
  ['null', null],
  ['a number', 7],
  ['a text', 'words'],
  ['an empty list', []],
  ['a list', [7]],
  ['an empty object', {}],
];

/** Left out, null, a number and a text. */
const FEW = 4;

function replaced(data: Json, path: string, value: unknown): Json {
  const names = path.split('.');
  const last = names.pop() as string;
  const holder = names.reduce((at, name) => at[name], data);
  if (value !== undefined) holder[last] = value;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return data;
}

const source = (edge: Json): Json => edge['data'].sourceHandle;
const target = (edge: Json): Json => edge['data'].targetHandle;

/** Changes of the flow that says back what it is told. */
const EDGES: [name: string, change: Change][] = [
  ['an edge from a node that is not there', ({ edges: [edge] }) => (edge.source = 'Nobody-1')],
  ['an edge to a node that is not there', ({ edges: [edge] }) => (edge.target = 'Nobody-2')],
  [
    'an edge between nodes that are not there',
    ({ edges: [edge] }) => Object.assign(edge, { source: 'Nobody-1', target: 'Nobody-2' }),
  ],
  [
    'handles of nodes that are not there',
    ({ edges: [edge] }) => [(source(edge)['id'] = 'Nobody-1'), (target(edge)['id'] = 'Nobody-2')],
  ],
  ['handles whose types differ', ({ edges: [edge] }) => (source(edge)['output_types'] = ['Embeddings', 'Toolset'])],
  [
    'handles whose types differ, the field taking one',
    ({ edges: [edge] }) => Object.assign(target(edge), { inputTypes: [], type: 'Data' }),
  ],
  [
    'a handle that takes no input types, of the same type',
    ({ edges: [edge] }) => Object.assign(target(edge), { inputTypes: [], type: 'Message' }),
  ],
  [
    'handles that agree on what the component does not give',
    ({ edges: [edge] }) => [(source(edge)['output_types'] = ['Toolset']), (target(edge)['inputTypes'] = ['Toolset'])],
  ],
  ['an output that the component does not have', ({ edges: [edge] }) => (source(edge)['name'] = 'nothing')],
  ['a field that the component does not have', ({ edges: [edge] }) => (target(edge)['fieldName'] = 'nothing')],
  [
    'the handle of a loop',
    ({ edges: [edge] }) =>
      (edge.data.targetHandle = {
        dataType: 'ChatOutput',
        id: edge.target,
        name: 'message',
        output_types: ['Message'],
      }),
  ],
  [
    'the handle of a loop without an id',
    ({ edges: [edge] }) =>
      (edge.data.targetHandle = { dataType: 'ChatOutput', name: 'message', output_types: ['Message'] }),
  ],
  [
    'base classes in place of output types',
    ({ edges: [edge] }) => Object.assign(source(edge), { baseClasses: ['Message'], output_types: [] }),
  ],
  [
    'base classes that do not match',
    ({ edges: [edge] }) => Object.assign(source(edge), { baseClasses: ['Toolset'], output_types: [] }),
  ],
  ['the output of a group without its name', ({ edges: [edge] }) => (source(edge)['dataType'] = 'GroupNode')],
  ['handles with more members', ({ edges: [edge] }) => [(source(edge)['more'] = 1), (target(edge)['more'] = 1)]],
  [
    'an edge whose data is empty, as texts',
    ({ edges: [edge] }) =>
      Object.assign(edge, { data: {}, sourceHandle: 'a|b|c', targetHandle: 'Text|input_value|ChatOutput-echo2' }),
  ],
  [
    'an edge without data, as texts',
    ({ edges: [edge] }) => [
      delete edge.data,
      Object.assign(edge, { targetHandle: 'Text|input_value|ChatOutput-echo2' }),
    ],
  ],
  ['a self loop', ({ edges }) => edges.push(loop(edges[0]))],
  ['a self loop alone', (data) => (data['edges'] = [loop(data['edges'][0])])],
  ['the same edge twice', ({ edges }) => edges.push(structuredClone(edges[0]))],
  ['an edge back', ({ edges }) => edges.push(back(edges[0]))],
  ['the same node twice', ({ nodes }) => nodes.push(structuredClone(nodes[1]))],
  ['the same input twice', ({ nodes }) => nodes.unshift(structuredClone(nodes[0]))],
  ['two nodes of one id', ({ nodes }) => (nodes[1].id = nodes[1].data.id = nodes[0].id)],
  ['a node whose data has another id', ({ nodes }) => (nodes[0].data.id = 'ChatInput-other')],
  ['a second chat input', ({ nodes }) => nodes.push(renamed(nodes[0], 'ChatInput-2'))],
  ['no nodes and no edges', (data) => Object.assign(data, { nodes: [], edges: [] })],
  ['an edge without nodes', (data) => (data['nodes'] = [])],
  ['the graph within another data', (data) => wrap(data, { ...data })],
  ['a number within another data', (data) => wrap(data, 7)],
  ['nothing within another data', (data) => wrap(data, null)],
  [
    'an id without a hyphen',
    ({ nodes, edges: [edge] }) => [renamedTo(nodes[0], 'input'), (edge.source = source(edge)['id'] = 'input')],
  ],
  [
    'a field that no component has',
    ({ nodes }) => (nodes[0].data.node.template.more = { type: 'str', value: 'x', show: true }),
  ],
  [
    'a field of a type that is none',
    ({ nodes }) => (nodes[0].data.node.template.more = { type: 'Nothing', value: 'x', show: true }),
  ],
];

const wrap = (data: Json, inner: unknown): Json => Object.assign(data, { nodes: [], edges: [], data: inner });

const loop = (edge: Json): Json => {
  const own = structuredClone(edge);
  own['source'] = own['target'];
  source(own)['id'] = own['target'];
  source(own)['dataType'] = 'ChatOutput';
  return own;
};

const back = (edge: Json): Json => {
  const other = structuredClone(edge);
  Object.assign(other, { source: edge['target'], target: edge['source'] });
  Object.assign(source(other), { id: edge['target'], dataType: 'ChatOutput' });
  Object.assign(target(other), { id: edge['source'] });
  return other;
};

function renamedTo(node: Json, id: string): Json {
  node['id'] = node['data'].id = id;
  return node;
}

const renamed = (node: Json, id: string): Json => renamedTo(structuredClone(node), id);

/** The graph in which nothing is wrong. */
export const FIRST = 'as it should be';

/** The same list for every deployment, made of its own components. */
export function variantsOf(catalogue: Catalogue): Variant[] {
  const fresh = (flow: FlowDescription): Json => buildFlow(flow, catalogue).data;
  const wrong = (path: string, [what, value]: (typeof VALUES)[number]) => ({
    name: `${path}: ${what}`,
    data: replaced(fresh(echo), path, structuredClone(value)),
  });
  const members = MEMBERS.flatMap((path) => VALUES.map((value) => wrong(path, value)));
  const details = DETAILS.flatMap((path) => VALUES.slice(0, FEW).map((value) => wrong(path, value)));
  const edges = EDGES.map(([name, change]) => {
    const data = fresh(echo);
    change(data);
    return { name, data };
  });
  const wholes = VALUES.slice(1).map(([what, value]) => ({ name: `data: ${what}`, data: value }));
  const flows = [cycle, mixed].map((flow) => ({ name: flow.name, data: fresh(flow) }));
  return [{ name: FIRST, data: fresh(echo) }, ...wholes, ...members, ...details, ...edges, ...flows];
}

const RUNS_AND_BUILDS = [
  'run',
  'build',
  'buildPayload',
  'stream',
  'advanced',
  'responses',
  'responsesStream',
  'webhook',
  'tool',
  'sortPayload',
];

/** Where the mock may say something else, and why; the test holds that it does. */
export const DIFFERENCES: Record<string, { ways: string[]; reason: string }> = {
  'an edge back': {
    ways: RUNS_AND_BUILDS,
    reason: 'a real server goes round the circle for ever; the mock builds each component once',
  },
  'a self loop': { ways: ['vertex'], reason: 'a real server takes what a run before has left' },
  'nodes.0.data.node.display_name: a number': {
    ways: RUNS_AND_BUILDS,
    reason: 'a name of a wrong type is found when the result is made, after the component has run',
  },
  'nodes.0.data.node.outputs.0.method: a text': {
    ways: [
      'run',
      'build',
      'buildPayload',
      'sort',
      'sortPayload',
      'tools',
      'tool',
      'stream',
      'advanced',
      'responses',
      'responsesStream',
      'webhook',
      'vertex',
    ],
    reason: 'the mock runs no code, so it does not know the methods of a class',
  },
  'nodes.0.data.node.template.input_value.load_from_db: a number': {
    ways: ['advanced'],
    reason: 'a real /run/advanced knows no user, and says so with the name of the class',
  },
  'nodes.0.data.node.template.input_value.load_from_db: a text': {
    ways: ['advanced'],
    reason: 'a real /run/advanced knows no user, and says so with the name of the class',
  },
};
