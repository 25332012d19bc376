import type { Document, JsonSchema } from '../../spec/index.ts';
import { ValueError } from '../python/errors.ts';
import { emailParser } from './email.ts';
import { CheckError, type ErrorDetail, fail, INVALID, type Parser, prefix, type State } from './errors.ts';
import { datetimeParser, uuidParser } from './formats.ts';
import {
  anyParser,
  booleanParser,
  choiceParser,
  fileParser,
  integerParser,
  nullParser,
  numberParser,
  stringParser,
} from './scalars.ts';
import { isModel, isObject, members, refName, tagOf, target } from './shape.ts';

/**
 * Checks of a field in code, as pydantic's field_validator. Each returns the value to go on with, or throws ValueError.
 */
export interface FieldChecks {
  /** Takes the input as it was sent. */
  before?(input: unknown): unknown;
  /** Takes the coerced value, whose type the schema of the field guarantees. */
  after?(value: unknown): unknown;
}

/** Compiles schemas to parsers, each once. A recursive schema refers to its parser by name. */
export class SchemaCompiler {
  private readonly document: Document;
  private readonly checks: Record<string, FieldChecks>;
  private readonly named = new Map<string, Parser>();

  constructor(document: Document, checks: Record<string, FieldChecks> = {}) {
    this.document = document;
    this.checks = checks;
  }

  compile(schema: JsonSchema): Parser {
    if (schema.$ref) return this.reference(schema.$ref);
    if (schema.allOf) return this.compile(target(schema, this.document));
    const union = members(schema);
    if (union) return this.union(union);
    if (schema.const !== undefined) return choiceParser([schema.const], 'literal_error');
    if (schema.enum) return choiceParser(schema.enum, 'literal_error');
    return this.typed(schema);
  }

  /** Follows refs and merges allOf. */
  resolve(schema: JsonSchema): JsonSchema {
    return target(schema, this.document);
  }

  private reference(ref: string): Parser {
    const known = this.named.get(ref);
    if (known) return known;
    let parser: Parser | undefined;
    this.named.set(ref, (input, errors, state) => (parser as Parser)(input, errors, state));
    const schema = this.resolve({ $ref: ref });
    if (schema.enum) parser = choiceParser(schema.enum, 'enum');
    else parser = isModel(schema) ? this.model(schema, refName(ref)) : this.compile(schema);
    this.named.set(ref, parser);
    return parser;
  }

  private typed(schema: JsonSchema): Parser {
    switch (schema.type) {
      case 'string':
        return stringLike(schema);
      case 'integer':
        return integerParser(schema);
      case 'number':
        return numberParser(schema);
      case 'boolean':
        return booleanParser;
      case 'null':
        return nullParser;
      case 'array':
        return this.list(schema);
      case 'object':
        return isModel(schema) ? this.model(schema, '') : this.dictionary(schema);
      default:
        return isModel(schema) ? this.model(schema, '') : anyParser;
    }
  }

  private list({ items, minItems = 0, maxItems = Number.POSITIVE_INFINITY }: JsonSchema): Parser {
    const item = items && Object.keys(items).length > 0 ? this.compile(items) : undefined;
    return (input, errors, state) => {
      if (!Array.isArray(input)) return fail(errors, 'list_type', 'Input should be a valid list', input);
      if (input.length > maxItems) return wrongLength(errors, 'List', 'long', maxItems, input.length, input);
      const parsed = item ? each(input, item, errors, state) : input;
      if (parsed !== INVALID && input.length < minItems)
        return wrongLength(errors, 'List', 'short', minItems, input.length, input);
      return parsed;
    };
  }

  private dictionary({ additionalProperties, minProperties = 0 }: JsonSchema): Parser {
    const typed = isObject(additionalProperties) && Object.keys(additionalProperties).length > 0;
    const value = typed ? this.compile(additionalProperties as JsonSchema) : undefined;
    return (input, errors, state) => {
      if (!isObject(input)) return fail(errors, 'dict_type', 'Input should be a valid dictionary', input);
      const parsed = value ? eachEntry(input, value, errors, state) : input;
      const size = minProperties === 0 ? 0 : Object.keys(input).length;
      if (parsed !== INVALID && size < minProperties)
        return wrongLength(errors, 'Dictionary', 'short', minProperties, size, input);
      return parsed;
    };
  }

  /** Parses a pydantic model. Undeclared properties are dropped, unless the schema describes them. */
  private model(schema: JsonSchema, name: string): Parser {
    const fields = this.fields(schema, name);
    const known = new Set(fields.map((field) => field.key));
    const { additionalProperties } = schema;
    const extra = isObject(additionalProperties)
      ? this.compile(additionalProperties)
      : additionalProperties === true
        ? anyParser
        : undefined;
    const forbidden = additionalProperties === false;
    return (input, errors, state) => {
      if (!isObject(input)) return notModel(input, errors, schema['x-instance'] ? (schema.title ?? name) : undefined);
      const before = errors.length;
      const value: Record<string, unknown> = {};
      const given = readFields(fields, input, value, errors, state);
      if (extra || forbidden) readOthers(input, known, extra, value, errors, state);
      state.fields = Math.max(state.fields, 0) + given;
      return errors.length > before ? INVALID : value;
    };
  }

  private fields(schema: JsonSchema, name: string): Field[] {
    const required = new Set<string>(schema.required ?? []);
    return Object.entries<JsonSchema>(schema.properties ?? {}).map(([key, property]) => {
      const check = this.checks[`${name}.${key}`];
      const parser = this.compile(property);
      return {
        key,
        parser: check ? checked(parser, check) : parser,
        required: required.has(key),
        fallback: defaultOf(property),
      };
    });
  }

  /**
   * Parses a union. With one member and null, `loc` has no tag. With several, each adds its tag, and the closest match
   * wins.
   */
  private union(schemas: JsonSchema[]): Parser {
    const real = schemas.filter((schema) => schema.type !== 'null');
    const nullable = real.length < schemas.length;
    const [only] = real;
    if (!only) return nullParser;
    const parser = real.length === 1 ? this.compile(only) : this.smartUnion(real);
    return nullable ? (input, errors, state) => (input === null ? null : parser(input, errors, state)) : parser;
  }

  private smartUnion(schemas: JsonSchema[]): Parser {
    const choices = schemas.map((schema) => ({ tag: tagOf(schema, this.document), parser: this.compile(schema) }));
    return (input, errors, state) => {
      const failures: ErrorDetail[] = [];
      let best: (State & { value: unknown }) | undefined;
      for (const { tag, parser } of choices) {
        const before = failures.length;
        const trial: State = { exactness: 2, fields: -1 };
        const value = parser(input, failures, trial);
        if (value === INVALID) {
          prefix(failures, before, tag);
          continue;
        }
        if (trial.exactness === 2 && trial.fields < 0) return value;
        if (!best || trial.fields > best.fields || (trial.fields === best.fields && trial.exactness > best.exactness))
          best = { ...trial, value };
      }
      if (!best) {
        errors.push(...failures);
        return INVALID;
      }
      state.exactness = Math.min(state.exactness, best.exactness);
      return best.value;
    };
  }
}

interface Field {
  key: string;
  parser: Parser;
  required: boolean;
  /** Makes the default; undefined if there is none. */
  fallback: (() => unknown) | undefined;
}

/**
 * Returns a function that makes the default of a property: a new value each time, so no request changes that of the
 * next.
 */
export function defaultOf(schema: JsonSchema): (() => unknown) | undefined {
  const value = schema.default;
  if (value === undefined) return undefined;
  return typeof value === 'object' && value !== null ? () => structuredClone(value) : () => value;
}

function readFields(
  fields: Field[],
  input: Record<string, unknown>,
  value: Record<string, unknown>,
  errors: ErrorDetail[],
  state: State,
): number {
  let given = 0;
  for (const { key, parser, required, fallback } of fields) {
    if (!Object.hasOwn(input, key)) {
      if (required) errors.push({ type: 'missing', loc: [key], msg: 'Field required', input });
      else if (fallback) value[key] = fallback();
      continue;
    }
    given += 1;
    const before = errors.length;
    const parsed = parser(input[key], errors, state);
    if (parsed === INVALID) prefix(errors, before, key);
    else value[key] = parsed;
  }
  return given;
}

function readOthers(
  input: Record<string, unknown>,
  known: Set<string>,
  extra: Parser | undefined,
  value: Record<string, unknown>,
  errors: ErrorDetail[],
  state: State,
): void {
  for (const key of Object.keys(input)) {
    if (known.has(key) || key === '__proto__') continue;
    const before = errors.length;
    const parsed = extra
      ? extra(input[key], errors, state)
      : fail(errors, 'extra_forbidden', 'Extra inputs are not permitted', input[key]);
    if (parsed === INVALID) prefix(errors, before, key);
    else value[key] = parsed;
  }
}

function each(input: unknown[], item: Parser, errors: ErrorDetail[], state: State): unknown {
  const before = errors.length;
  const values = input.map((element, index) => {
    const from = errors.length;
    const value = item(element, errors, state);
    if (value === INVALID) prefix(errors, from, index);
    return value;
  });
  return errors.length > before ? INVALID : values;
}

function eachEntry(input: Record<string, unknown>, parser: Parser, errors: ErrorDetail[], state: State): unknown {
  const before = errors.length;
  const entries = Object.entries(input).map(([key, element]): [string, unknown] => {
    const from = errors.length;
    const value = parser(element, errors, state);
    if (value === INVALID) prefix(errors, from, key);
    return [key, value];
  });
  return errors.length > before ? INVALID : Object.fromEntries(entries);
}

function wrongLength(
  errors: ErrorDetail[],
  field_type: string,
  side: 'short' | 'long',
  limit: number,
  actual_length: number,
  input: unknown,
): typeof INVALID {
  const [bound, key] = side === 'short' ? ['at least', 'min_length'] : ['at most', 'max_length'];
  const msg = `${field_type} should have ${bound} ${limit} item${limit === 1 ? '' : 's'} after validation, not ${actual_length}`;
  return fail(errors, `too_${side}`, msg, input, { field_type, [key as string]: limit, actual_length });
}

/**
 * The error for a value that is no model. SQLModel requires an instance of the field's class (`x-instance`), pydantic
 * any object.
 */
function notModel(input: unknown, errors: ErrorDetail[], class_name: string | undefined): typeof INVALID {
  if (class_name)
    return fail(errors, 'model_type', `Input should be a valid dictionary or instance of ${class_name}`, input, {
      class_name,
    });
  return fail(
    errors,
    'model_attributes_type',
    'Input should be a valid dictionary or object to extract fields from',
    input,
  );
}

/** The parser of a string by its format. Formats that pydantic treats as plain text stay text. */
function stringLike(schema: JsonSchema): Parser {
  if (schema.format === 'uuid') return uuidParser;
  if (schema.format === 'date-time') return datetimeParser;
  if (schema.format === 'binary') return fileParser;
  if (schema.format === 'email') return emailParser;
  return stringParser(schema);
}

function checked(parser: Parser, { before, after }: FieldChecks): Parser {
  return (input, errors, state) => {
    try {
      const value = parser(before ? before(input) : input, errors, state);
      return value === INVALID || !after ? value : after(value);
    } catch (error) {
      if (error instanceof CheckError) return fail(errors, error.type, error.message, input, error.ctx);
      if (!(error instanceof ValueError)) throw error;
      return fail(errors, 'value_error', `Value error, ${error.message}`, input, { error: {} });
    }
  };
}
