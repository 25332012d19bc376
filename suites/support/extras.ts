import { type Document, type JsonSchema, resolveRef } from '../../spec/index.ts';
import { escapeKey, isObject } from '../../spec/json.ts';

/**
 * Pointers to the fields of `value` that the schema does not name, with `*` for any index.
 * The contract allows them; the report lists them, since they show what a new release added.
 */
export function unknownProperties(document: Document, schema: JsonSchema, value: unknown): string[] {
  const found = new Set<string>();
  walk(document, [schema], value, '', found);
  return [...found];
}

function walk(document: Document, schemas: JsonSchema[], value: unknown, pointer: string, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const flat = schemas.flatMap((schema) => flatten(document, schema, new Set()));
  if (Array.isArray(value)) {
    const items = flat.map((schema) => schema['items']).filter(isSchema);
    if (items.length > 0) for (const item of value) walk(document, items, item, `${pointer}/*`, found);
    return;
  }
  // A schema without properties, or with additionalProperties, is open on purpose.
  const named = flat.filter((schema) => schema['properties']);
  const open =
    named.length === 0 ||
    flat.some((schema) => schema['additionalProperties'] !== undefined && schema['additionalProperties'] !== false);
  for (const [key, inner] of Object.entries(value)) {
    const declared = named.map((schema) => schema.properties?.[key]).filter(isSchema);
    if (declared.length > 0) walk(document, declared, inner, `${pointer}/${escapeKey(key)}`, found);
    else if (!open) found.add(`${pointer}/${escapeKey(key)}`);
    else walkOpen(document, flat, inner, `${pointer}/${escapeKey(key)}`, found);
  }
}

function walkOpen(document: Document, flat: JsonSchema[], value: unknown, pointer: string, found: Set<string>): void {
  const others = flat.map((schema) => schema['additionalProperties']).filter(isSchema);
  if (others.length > 0) walk(document, others, value, pointer.replace(/[^/]+$/, '*'), found);
}

/** A schema with its allOf, anyOf and oneOf parts, flattened. */
function flatten(document: Document, schema: JsonSchema, seen: Set<JsonSchema>): JsonSchema[] {
  const target = resolveRef<JsonSchema>(document, schema);
  if (seen.has(target)) return [];
  seen.add(target);
  const parts = [...(target['allOf'] ?? []), ...(target['anyOf'] ?? []), ...(target['oneOf'] ?? [])];
  return [target, ...parts.flatMap((part: JsonSchema) => flatten(document, part, seen))];
}

const isSchema = (value: unknown): value is JsonSchema => isObject(value);
