import { type Document, type JsonSchema, resolveRef } from '../../spec/index.ts';
import { isObject as isPlainObject, type JsonObject } from '../../spec/json.ts';
import { isExactNumber } from '../numbers.ts';
import { repr } from '../python/repr.ts';

/** Whether a value of a parsed body is a JSON object. An exact number is an object to JavaScript alone. */
export const isObject = (value: unknown): value is JsonObject => isPlainObject(value) && !isExactNumber(value);

/** Whether pydantic has a class for the schema: it has named properties. Else it is a dictionary. */
export function isModel(schema: JsonSchema): boolean {
  return schema.properties !== undefined;
}

/** `#/components/schemas/Flow` -> `Flow`. */
export function refName(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

/** Follows refs, and merges the parts of allOf. */
export function target(schema: JsonSchema, document: Document): JsonSchema {
  const found = resolveRef<JsonSchema>(document, schema as { $ref: string });
  if (!found.allOf) return found;
  const { allOf, ...rest } = found;
  return (allOf as JsonSchema[]).reduce<JsonSchema>((merged, part) => merge(merged, target(part, document)), rest);
}

function merge(a: JsonSchema, b: JsonSchema): JsonSchema {
  const both = { ...b, ...a };
  if (a.properties || b.properties) both.properties = { ...b.properties, ...a.properties };
  if (a.required || b.required) both.required = [...(b.required ?? []), ...(a.required ?? [])];
  return both;
}

/** The members of a union, written as anyOf, oneOf or a list of types; undefined if it is no union. */
export function members(schema: JsonSchema): JsonSchema[] | undefined {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return alternatives.flatMap((member: JsonSchema) => members(member) ?? [member]);
  if (!Array.isArray(schema.type)) return undefined;
  return schema.type.map((type: string) => {
    if (type === 'null') return { type };
    const choices = schema.enum?.filter((value: unknown) => value !== null);
    return { ...schema, type, ...(choices && { enum: choices }) };
  });
}

/** pydantic's tag for a member of a union in `loc`. */
export function tagOf(schema: JsonSchema, document: Document): string {
  const found = target(schema, document);
  if (schema.$ref && found.enum) return `str-enum[${found.title ?? refName(schema.$ref)}]`;
  if (schema.$ref && isModel(found)) return found.title ?? refName(schema.$ref);
  const union = members(found);
  if (union) return unionTag(union, document);
  if (found.enum || found.const !== undefined) return `literal[${(found.enum ?? [found.const]).map(repr).join(',')}]`;
  const inner = (part: unknown) => (isObject(part) && Object.keys(part).length > 0 ? tagOf(part, document) : 'any');
  if (found.type === 'array') return `list[${inner(found.items)}]`;
  if (found.type === 'object') return `dict[str,${inner(found.additionalProperties)}]`;
  return scalarTag(found);
}

function unionTag(union: JsonSchema[], document: Document): string {
  const real = union.filter((member) => member.type !== 'null').map((member) => tagOf(member, document));
  const tag = real.length === 1 ? (real[0] as string) : `union[${real.join(',')}]`;
  return real.length < union.length ? `nullable[${tag}]` : tag;
}

const SCALARS: Record<string, string> = {
  string: 'str',
  integer: 'int',
  number: 'float',
  boolean: 'bool',
  null: 'none',
};
const FORMATS: Record<string, string> = { uuid: 'uuid', 'date-time': 'datetime' };
const CONSTRAINTS = ['minLength', 'maxLength', 'pattern', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];

function scalarTag(schema: JsonSchema): string {
  const name = FORMATS[String(schema.format)] ?? SCALARS[String(schema.type)] ?? 'any';
  return CONSTRAINTS.some((keyword) => keyword in schema) ? `constrained-${name}` : name;
}
