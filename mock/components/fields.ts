import inputKinds from '../../fixtures/inputs.json' with { type: 'json' };
import { typeName } from '../python/repr.ts';
import { buildError, type FieldCall } from './describe.ts';

export type Field = Record<string, unknown> & { name: string; type: string };

const KINDS: Record<string, Record<string, unknown>> = inputKinds;
/** Arguments that have another name in the field. */
const SHOWN_AS: Record<string, string> = { is_list: 'list', file_types: 'fileTypes', field_type: 'type' };
const NUMBERS = ['IntInput', 'FloatInput'];
const TEXTS = ['MessageTextInput', 'MultilineInput', 'MultilineSecretInput', 'QueryInput', 'MessageInput'];

const NULLABLE = ['display_name', 'helper_text', 'info'];

/** The template field of an input. @throws HttpError 400 for arguments that its class does not accept */
export function fieldOf({ $kind, ...given }: FieldCall): Field {
  const defaults = KINDS[$kind];
  if (!defaults) throw buildError(`'${$kind}' is no input`);
  const args = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [!(key in defaults) && SHOWN_AS[key] ? SHOWN_AS[key] : key, value]),
  );
  const errors = Object.keys(defaults).flatMap((key) =>
    key in args || key === 'name' ? wrong($kind, key, args, defaults[key]) : [],
  );
  const extra = Object.keys(args).filter((key) => !(key in defaults));
  if (errors.length + extra.length > 0)
    throw buildError([...errors, ...extra.map(() => 'Extra inputs are not permitted')].join('\n'));
  const values = {
    ...defaults,
    ...args,
    ...($kind === 'IntInput' && typeof args['value'] === 'number' && { value: Math.trunc(args['value']) }),
  };
  const shown = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  return { ...shown, _input_type: $kind } as unknown as Field;
}

/** pydantic's error for an argument; empty if it is valid. */
function wrong(kind: string, key: string, args: Record<string, unknown>, fallback: unknown): string[] {
  const value = args[key];
  if (key === 'name') return value === undefined ? ['Field required'] : [];
  if (key === 'value') return wrongValue(kind, value, args);
  if (typeof fallback === 'boolean')
    return typeof value === 'boolean' || value === 0 || value === 1 ? [] : [' unable to interpret input'];
  if (Array.isArray(fallback) && !Array.isArray(value)) return ['Input should be a valid list'];
  if (key === 'fileTypes' && (value as string[]).some((type) => type.startsWith('.')))
    return [' file_types should not start with a dot'];
  if (NULLABLE.includes(key) && value === null) return [];
  if ((typeof fallback === 'string' || NULLABLE.includes(key)) && typeof value !== 'string')
    return ['Input should be a valid string'];
  return [];
}

function wrongValue(kind: string, value: unknown, args: Record<string, unknown>): string[] {
  if (NUMBERS.includes(kind) && value && !['number', 'boolean'].includes(typeof value))
    return [` Invalid value type <class '${typeName(value)}'> for input ${args['name']}.`];
  if (kind === 'BoolInput') return typeof value === 'boolean' ? [] : [' Value must be a boolean'];
  const values = args['list'] === true && Array.isArray(value) ? value : [value];
  const odd = values.find((one) => typeof one !== 'string');
  return TEXTS.includes(kind) && odd !== undefined ? [` Invalid value type <class '${typeName(odd)}'>`] : [];
}

/** Types whose value is edited in place. Such fields come after those that are connected. */
const EDITED = new Set(
  'str bool dict int float Any prompt code NestedDict table slider tab sortableList auth connect query tools mcp'.split(
    ' ',
  ),
);

/** A template: the fields by name, in a real server's order. */
export function templateOf(fields: Field[]): Record<string, unknown> {
  const order = (field: Field) => `${EDITED.has(field.type) ? 1 : 0}${field.name}`;
  const sorted = fields.toSorted((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
  return { _type: 'Component', ...Object.fromEntries(sorted.map((field) => [field.name, field])) };
}

/** The field that holds the code. */
export const codeField = (code: string): Field => ({
  type: 'code',
  required: true,
  placeholder: '',
  list: false,
  show: true,
  multiline: true,
  value: code,
  fileTypes: [],
  file_path: '',
  password: false,
  name: 'code',
  advanced: true,
  dynamic: true,
  info: '',
  load_from_db: false,
  title_case: false,
});

/** The code field that an update adds if there is none, with the server's internal names. */
export const innerCodeField = (code: string) => {
  const { list, fileTypes, ...rest } = codeField(code);
  return {
    ...rest,
    field_type: 'code',
    is_list: list,
    file_types: fileTypes,
    options: null,
    display_name: 'code',
    input_types: null,
    real_time_refresh: null,
    refresh_button: null,
    refresh_button_text: null,
    range_spec: null,
  };
};
