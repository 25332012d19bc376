import { FlowError, InputConflict } from '../engine/errors.ts';
import { graphOf } from '../engine/graph.ts';
import type { RunResult } from '../engine/run.ts';
import { pythonJson } from '../engine/values.ts';
import type { Mock } from '../mock.ts';
import { get, isTruthy } from '../python/objects.ts';
import { repr } from '../python/repr.ts';
import { completeRun } from '../runs/events.ts';
import { type RunRequest, runRequest } from '../runs/run-flow.ts';
import type { FlowRow } from '../store/tables.ts';
import { mcpName } from './names.ts';
import type { McpContext } from './server.ts';

interface InputSchema {
  type: 'object';
  properties: Record<string, { type: string; description: string }>;
  required: string[];
}

interface Tool {
  name: string;
  description: string;
  inputSchema: InputSchema;
}

const NAME_LENGTH = 30;

/** Flows as tools: all flows of all users (MCP-023), or those that a project offers. */
export function listTools({ store, logs }: Pick<Mock, 'store' | 'logs'>, project?: string): Tool[] {
  const flows = project
    ? store.flows.all({ folder_id: project }).filter((flow) => !flow.is_component && flow.mcp_enabled)
    : store.flows.all();
  const taken = new Set<string>();
  return flows.flatMap((flow) => {
    const inputSchema = flow.user_id === null ? undefined : schemaOrNone(flow, logs);
    if (!inputSchema) return [];
    const name = freeName(toolName(flow, project !== undefined), taken);
    taken.add(name);
    const ownWords = project
      ? flow.action_description || flow.description
      : flow.description && `${flow.id}: ${flow.description}`;
    return [{ name, description: ownWords || `Tool generated from flow: ${name}`, inputSchema }];
  });
}

/** The schema of a flow; undefined for a graph that can't be read. Such a flow is no tool, and the others stay. */
function schemaOrNone(flow: FlowRow, logs: Mock['logs']): InputSchema | undefined {
  try {
    return inputSchemaOf(flow);
  } catch (error) {
    logs.write(`Error in listing tools: ${(error as Error).message} from flow: ${mcpName(flow.name)}`);
    return undefined;
  }
}

/** In a project, a tool may have another name than its flow. */
const toolName = (flow: FlowRow, inProject: boolean): string => mcpName((inProject && flow.action_name) || flow.name);

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name.slice(0, NAME_LENGTH);
  for (let n = 1; taken.has(free); n++) free = `${name.slice(0, NAME_LENGTH - `_${n}`.length)}_${n}`;
  return free;
}

const TYPES: Record<string, string> = { str: 'string', int: 'integer', float: 'number', bool: 'boolean' };

/** The visible fields of a flow's input components. @throws FlowError, PythonError for a flow that is no tool */
function inputSchemaOf({ data }: FlowRow): InputSchema {
  const fields = graphOf(data?.value ?? {})
    .vertices.filter(({ isInput }) => isInput)
    .flatMap(({ template }) => Object.entries(template))
    .filter(([, field]) => field !== 'Component' && isTruthy(get(field, 'show')) && !isTruthy(get(field, 'advanced')));
  const property = ([name, field]: (typeof fields)[number]) => [
    name,
    { type: TYPES[String(get(field, 'type'))] ?? 'string', description: get(field, 'info', `Input for ${name}`) },
  ];
  const required = fields.filter(([, field]) => isTruthy(get(field, 'required'))).map(([name]) => name);
  return { type: 'object', properties: Object.fromEntries(fields.map(property)), required };
}

/** Runs the flow of a tool. Any error is reported in the content. */
export function callTool(name: string, given: Record<string, unknown>, context: McpContext): object {
  const { mock, project, user } = context;
  const schema = listTools(mock, project).find((tool) => tool.name === name)?.inputSchema;
  const problem = schema && argumentError(given, schema);
  if (problem) return toolResult([`Input validation error: ${problem}`], true);
  const flow = mock.store.flows
    .all({ user_id: user.id })
    .find((one) => !one.is_component && toolName(one, project !== undefined) === name);
  if (!flow) return toolResult([`Flow with name '${name}' not found`], true);
  if (project && flow.folder_id !== project)
    return toolResult([`Flow '${name}' not found in project ${project}`], true);
  return toolResult(runTool(flow, String(given['input_value'] ?? ''), context), false);
}

const toolResult = (texts: string[], isError: boolean) => ({
  content: texts.map((text) => ({ type: 'text', text })),
  isError,
});

function runTool(flow: FlowRow, input_value: string, { mock, user, project, headers }: McpContext): string[] {
  const request: RunRequest = {
    input_value,
    input_type: 'chat',
    output_type: 'chat',
    output_component: '',
    tweaks: null,
    session_id: mock.clock.uuid(),
  };
  try {
    // The server of all flows reads no variables from headers.
    return textsOf(completeRun(mock, runRequest(mock, flow, request, { user, headers: project ? headers : {} })));
  } catch (error) {
    if (!(error instanceof FlowError || error instanceof InputConflict)) throw error;
    return [`Error Executing the ${flow.name} tool. Error: ${error.message}`];
  }
}

/** The texts of messages and outputs, each text once. */
function textsOf({ outputs }: RunResult): string[] {
  const results = outputs.flatMap((entry) => entry.outputs);
  const texts = results.flatMap((result) => [
    ...result.messages.map(({ message }) => String(message)),
    ...Object.values(result.results).map(textOf),
  ]);
  return [...new Set(texts)];
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { text } = value as { text?: unknown };
  return typeof text === 'string' ? text : pythonJson(value);
}

/** The error for the first argument that the schema refuses, in the words of Python's jsonschema. */
function argumentError(given: Record<string, unknown>, { properties, required }: InputSchema): string | undefined {
  const wrong = Object.entries(properties).find(([name, { type }]) => name in given && !isOf(type, given[name]));
  if (wrong) return `${repr(given[wrong[0]])} is not of type '${wrong[1].type}'`;
  const missing = required.find((name) => !(name in given));
  return missing && `'${missing}' is a required property`;
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}
