import type { Field } from './fields.ts';
import type { Output } from './outputs.ts';

/** The field that lists the tools of a component: the method of each output, with the fields that an agent fills in. */
export function toolsField(outputs: Output[], fields: Field[], description: string): Field {
  const tools = outputs
    .filter((output) => output.tool_mode)
    .map((output) => toolOf(output.method, fields, description));
  return {
    tool_mode: false,
    trace_as_metadata: true,
    is_list: true,
    list_add_label: 'Add More',
    override_skip: false,
    required: false,
    placeholder: tools.length === 0 ? 'Loading actions...' : '',
    show: true,
    name: 'tools_metadata',
    value: tools,
    display_name: 'Actions',
    advanced: false,
    dynamic: false,
    info: 'Modify tool names and descriptions to help agents understand when to use each tool.',
    real_time_refresh: true,
    title_case: false,
    track_in_telemetry: false,
    type: 'tools',
    _input_type: 'ToolsInput',
  };
}

function toolOf(name: string, fields: Field[], description: string) {
  const filled = fields.filter((field) => field['tool_mode'] === true);
  const args = Object.fromEntries(
    (filled.length > 0 ? filled : fields).map((field) => [field.name, argumentOf(field)]),
  );
  return {
    name,
    description,
    tags: [name],
    status: true,
    display_name: name,
    display_description: description,
    readonly: false,
    args,
  };
}

const TYPES: Record<string, object> = {
  int: { type: 'integer' },
  float: { type: 'number' },
  bool: { type: 'boolean' },
  dict: { additionalProperties: true, type: 'object' },
  table: { additionalProperties: true, type: 'object' },
};

/** The JSON Schema of an argument. */
function argumentOf(field: Field): object {
  const one = {
    ...(Array.isArray(field['options']) && field['options'].length > 0 && { enum: field['options'] }),
    ...(TYPES[field.type] ?? { type: 'string' }),
  };
  const many = field['list'] === true || field['is_list'] === true;
  const title = field.name.replaceAll('_', ' ').replaceAll(/(?<![a-z])[a-z]/gi, (letter) => letter.toUpperCase());
  const schema = {
    ...(field['required'] !== true && { default: field['value'] }),
    description: field['info'],
    title,
    ...(many ? { items: one, type: 'array' } : one),
  };
  return Object.fromEntries(Object.entries(schema).sort(([a], [b]) => (a < b ? -1 : 1)));
}
