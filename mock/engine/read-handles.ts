import { get, has, isDict, noAttribute, PythonError, str } from '../python/objects.ts';
import { type PydanticError, pydanticText } from '../validation/pydantic-text.ts';

/** One end of an edge: an output of the source, or a field of the target. */
export interface Handle {
  /** The name of the output, or of the field. */
  name: string;
  /** What it gives or takes. */
  types: string[];
  /** What the field is; undefined where the handle does not say. */
  type?: string | undefined;
  /** What exports of old releases have in place of types. */
  baseClasses: string[];
}

/** A pydantic model's fields as they are read: the alias before the name, as the models allow both. */
class Members {
  readonly faults: PydanticError[] = [];
  readonly #dict: Record<string, unknown>;
  readonly #model: string;

  constructor(model: string, dict: Record<string, unknown>) {
    this.#model = model;
    this.#dict = dict;
  }

  text(name: string, alias = name, isRequired = true): string | undefined {
    const key = this.#keyOf(name, alias);
    if (key === undefined) {
      if (isRequired) this.faults.push({ loc: [alias], type: 'missing', msg: 'Field required', input: this.#dict });
      return undefined;
    }
    return this.#checked([key], this.#dict[key]);
  }

  texts(name: string, alias = name): string[] {
    const key = this.#keyOf(name, alias);
    if (key === undefined) return [];
    const value = this.#dict[key];
    if (Array.isArray(value)) return value.map((each, index) => this.#checked([key, index], each) ?? '');
    this.faults.push({ loc: [key], type: 'list_type', msg: 'Input should be a valid list', input: value });
    return [];
  }

  /** @throws PythonError with all faults */
  check(): void {
    if (this.faults.length > 0) throw new PythonError('ValueError', pydanticText(this.#model, this.faults));
  }

  #keyOf(name: string, alias: string): string | undefined {
    return [alias, name].find((key) => has(this.#dict, key));
  }

  #checked(loc: (string | number)[], value: unknown): string | undefined {
    if (typeof value === 'string') return value;
    this.faults.push({ loc, type: 'string_type', msg: 'Input should be a valid string', input: value });
    return undefined;
  }
}

/** @throws PythonError */
export function readSourceHandle(handle: unknown): Handle {
  const dict = isDict(handle) ? handle : {};
  const members = new Members('SourceHandle', dict);
  const baseClasses = members.texts('base_classes', 'baseClasses');
  const dataType = members.text('data_type', 'dataType');
  members.text('id');
  const name = sourceName(dict, dataType, members);
  const types = members.texts('output_types');
  members.check();
  return { name, types, baseClasses };
}

/** The output; of a group it is named after the node that is in it: `OpenAIModel-u4iGV_text_output`. */
function sourceName(dict: Record<string, unknown>, dataType: string | undefined, members: Members): string {
  if (!has(dict, 'name')) return '';
  if (dataType === undefined) throw new PythonError('KeyError', "'data_type'");
  const name = get(dict, 'name');
  if (dataType !== 'GroupNode') return name === null ? '' : (members.text('name') ?? '');
  if (typeof name !== 'string') throw noAttribute(name, 'split');
  const at = name.indexOf('_');
  if (at !== -1) return name.slice(at + 1);
  const msg = `Value error, Invalid source handle name ${str(name)}`;
  members.faults.push({ loc: ['name'], type: 'value_error', msg, input: name });
  return '';
}

/** @throws PythonError */
export function readTargetHandle(handle: unknown): Handle {
  const dict = isDict(handle) ? handle : {};
  try {
    return has(dict, 'name') ? targetHandle(loopHandle(dict)) : targetHandle(dict);
  } catch (error) {
    if (!(error instanceof PythonError) || !has(dict, 'inputTypes') || get(dict, 'inputTypes') !== null) throw error;
    const message = `Component  field '${str(get(dict, 'fieldName'))}' might not be a valid input.`;
    throw new PythonError('ValueError', message);
  }
}

/** The handle of a loop is made of an output. */
const loopHandle = (dict: Record<string, unknown>): Record<string, unknown> => ({
  field_name: get(dict, 'name'),
  id: get(dict, 'id'),
  input_types: get(dict, 'output_types'),
});

function targetHandle(dict: Record<string, unknown>): Handle {
  const members = new Members('TargetHandle', dict);
  const name = members.text('field_name', 'fieldName') ?? '';
  members.text('id');
  const types = members.texts('input_types', 'inputTypes');
  const type = members.text('type', 'type', false);
  members.check();
  return { name, types, type, baseClasses: [] };
}
