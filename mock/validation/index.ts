import type { Document, JsonSchema, Operation, ParameterObject } from '../../spec/index.ts';
import { langflowChecks } from './checks.ts';
import { type ErrorDetail, INVALID, type Parser, prefix } from './errors.ts';
import { defaultOf, type FieldChecks, SchemaCompiler } from './schema.ts';
import { isObject } from './shape.ts';

export type { ErrorDetail } from './errors.ts';
export { parseJson } from './json.ts';
export type { FieldChecks } from './schema.ts';

/** A request as the front passes it: texts, except for the body. */
export interface RawRequest {
  params: Record<string, string | undefined>;
  query: URLSearchParams | Record<string, string | string[] | undefined>;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** Parsed JSON, the text of another media type, or the fields of a form; undefined without a body. */
  body?: unknown;
}

/** The coerced request with defaults. A field without a value and without a default is absent. */
export interface Values {
  params: Record<string, unknown>;
  query: Record<string, unknown>;
  headers: Record<string, unknown>;
  body: unknown;
}

export type ValidationResult = { values: Values } | { errors: ErrorDetail[] };

export interface Options {
  /** Field checks in code, by `Schema.field`; Langflow's by default (checks.ts). */
  checks?: Record<string, FieldChecks>;
}

type ValidatedOperation = Pick<Operation, 'parameters' | 'requestBody'> & Partial<Pick<Operation, 'readTwice'>>;

const compilers = new WeakMap<Document, SchemaCompiler>();

/**
 * Makes the validator of an operation, as FastAPI with pydantic validates it. It coerces and fills in defaults, or
 * returns the `detail` of a 422. Schemas are compiled at the first request.
 *
 * A body schema has two extensions. `x-embed: true` if FastAPI takes the properties as separate body parameters: a body
 * that is no object then lacks each of them. With a list only the listed properties are embedded; the others pass
 * unchanged. `title` if a union gives the class another name.
 */
export function compileRequest(
  operation: ValidatedOperation,
  document: Document,
  options: Options = {},
): (request: RawRequest) => ValidationResult {
  let run: ((request: RawRequest) => ValidationResult) | undefined;
  return (request) => {
    run ??= build(operation, compilerOf(document, options));
    return run(request);
  };
}

function compilerOf(document: Document, { checks }: Options): SchemaCompiler {
  if (checks) return new SchemaCompiler(document, checks);
  let compiler = compilers.get(document);
  if (!compiler) compilers.set(document, (compiler = new SchemaCompiler(document, langflowChecks)));
  return compiler;
}

function build(operation: ValidatedOperation, compiler: SchemaCompiler): (request: RawRequest) => ValidationResult {
  const { parameters, readTwice = [] } = operation;
  const all = [...parameters.filter(({ name }) => readTwice.includes(name)), ...parameters];
  const inPlace = (place: ParameterObject['in']) =>
    all.filter((parameter) => parameter.in === place).map((parameter) => reader(parameter, compiler));
  const [path, query, header] = [inPlace('path'), inPlace('query'), inPlace('header')];
  const readBody = bodyReader(operation.requestBody, compiler);
  return (request) => {
    const errors: ErrorDetail[] = [];
    const values: Values = {
      params: readAll(path, (name) => request.params[name], errors),
      query: readAll(query, queryGetter(request.query), errors),
      headers: readAll(header, (name, list) => pick(request.headers[name.toLowerCase()], list), errors),
      body: readBody?.(request.body, errors),
    };
    return errors.length > 0 ? { errors } : { values };
  };
}

/** A value that FastAPI looks up by name: a parameter, or a field of a form. */
interface Reader {
  name: string;
  place: string;
  list: boolean;
  required: boolean;
  fallback: (() => unknown) | undefined;
  parser: Parser;
}

function reader(
  { name, in: place, required, schema }: Omit<ParameterObject, 'in'> & { in: string },
  compiler: SchemaCompiler,
): Reader {
  return {
    name,
    place,
    list: isList(schema, compiler),
    required: required === true,
    fallback: defaultOf(schema),
    parser: compiler.compile(schema),
  };
}

function isList(schema: JsonSchema, compiler: SchemaCompiler): boolean {
  const found = compiler.resolve(schema);
  const types = [found, ...(found.anyOf ?? found.oneOf ?? [])].flatMap(
    (part: JsonSchema) => compiler.resolve(part).type,
  );
  return types.includes('array');
}

function readAll(
  readers: Reader[],
  get: (name: string, list: boolean) => unknown,
  errors: ErrorDetail[],
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const one of readers) {
    const value = read(one, get(one.name, one.list), errors);
    if (value !== undefined && value !== INVALID) values[one.name] = value;
  }
  return values;
}

/** Reads a value. An absent one is the default, unchecked. A missing required one has `null` as input. */
function read({ name, place, required, fallback, parser }: Reader, value: unknown, errors: ErrorDetail[]): unknown {
  if (value === undefined || value === null) {
    if (!required) return fallback?.();
    errors.push({ type: 'missing', loc: [place, name], msg: 'Field required', input: null });
    return INVALID;
  }
  const before = errors.length;
  const parsed = parser(value, errors, { exactness: 2, fields: -1 });
  prefix(errors, before, name);
  prefix(errors, before, place);
  return parsed;
}

/** The last of several values, or all of them for a list. */
function pick(value: string | string[] | undefined, list: boolean): unknown {
  if (value === undefined) return undefined;
  if (!list) return Array.isArray(value) ? value.at(-1) : value;
  const all = Array.isArray(value) ? value : [value];
  return all.length > 0 ? all : undefined;
}

function queryGetter(query: RawRequest['query']): (name: string, list: boolean) => unknown {
  if (!(query instanceof URLSearchParams)) return (name, list) => pick(query[name], list);
  return (name, list) => {
    const all = query.getAll(name);
    return all.length === 0 ? undefined : pick(all, list);
  };
}

type BodyReader = (body: unknown, errors: ErrorDetail[]) => unknown;

function bodyReader(requestBody: Operation['requestBody'], compiler: SchemaCompiler): BodyReader | undefined {
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (requestBody?.['x-raw']) return (body) => body;
  if (!requestBody || !type || !media?.schema) return undefined;
  const schema = compiler.resolve(media.schema);
  if (/^(application\/x-www-form-urlencoded|multipart\/)/.test(type)) return fieldsReader(schema, compiler, true);
  if (schema['x-embed']) return fieldsReader(schema, compiler, false);
  const parser = compiler.compile(media.schema);
  const required = requestBody.required === true;
  return (body, errors) => {
    if (body === undefined || body === null) {
      if (required) errors.push({ type: 'missing', loc: ['body'], msg: 'Field required', input: null });
      return undefined;
    }
    const before = errors.length;
    const value = parser(body, errors, { exactness: 2, fields: -1 });
    prefix(errors, before, 'body');
    return value;
  };
}

/**
 * Reads separate body parameters: the fields of a form, where an empty text counts as absent, or of an embedded body.
 */
function fieldsReader(schema: JsonSchema, compiler: SchemaCompiler, form: boolean): BodyReader {
  const required = new Set<string>(schema.required ?? []);
  const embedded: unknown = schema['x-embed'];
  const names = Array.isArray(embedded) ? embedded : Object.keys(schema.properties ?? {});
  const readers = names.map((name) =>
    reader({ name, in: 'body', required: required.has(name), schema: schema.properties?.[name] ?? {} }, compiler),
  );
  return (body, errors) => {
    if (!form && body !== undefined && body !== null && !isObject(body)) {
      // If the body is no object, FastAPI reports every field as missing, also the optional ones.
      for (const name of names)
        errors.push({ type: 'missing', loc: ['body', name], msg: 'Field required', input: null });
      return undefined;
    }
    const fields = isObject(body) ? body : {};
    const get = (name: string, list: boolean) =>
      form ? formValue(fields[name], list) : Object.hasOwn(fields, name) ? fields[name] : undefined;
    const read = readAll(readers, get, errors);
    return names === embedded ? { ...fields, ...read } : read;
  };
}

function formValue(value: unknown, list: boolean): unknown {
  if (list) return value === undefined ? undefined : Array.isArray(value) ? value : [value];
  const last = Array.isArray(value) ? value.at(-1) : value;
  return last === '' ? undefined : last;
}
