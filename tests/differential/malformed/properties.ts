import { type Document, type JsonSchema, resolveRef } from '../../../spec/index.ts';
import { isObject } from '../../../spec/json.ts';
import type { MalformedBody } from './request.ts';

/** Replacements for the value of a field. */
const WRONG: [what: string, value: unknown][] = [
  ['null', null],
  ['a number', 7],
  ['a fraction', 1.5],
  ['a negative number', -1],
  ['true', true],
  ['a text', 'hello'],
  ['an empty text', ''],
  ['a text of a number', '12'],
  ['an object', { a: 1 }],
  ['an empty object', {}],
  ['a list', ['hello']],
  ['an empty list', []],
  ['a list of null', [null]],
  ['a text with a null', 'a\0b'],
];

/** Valid bodies with one field invalid or missing, in the body itself and in its objects. */
export function propertyBodies(document: Document, schema: JsonSchema, valid: unknown): MalformedBody[] {
  if (typeof valid !== 'object' || valid === null || Array.isArray(valid)) return [];
  return spoiled(document, schema, valid as Record<string, unknown>, 1).map(([fault, value]) => ({
    fault,
    type: 'application/json',
    bytes: Buffer.from(JSON.stringify(value)),
  }));
}

function spoiled(
  document: Document,
  schema: JsonSchema,
  valid: Record<string, unknown>,
  depth: number,
): [fault: string, value: unknown][] {
  return Object.entries(propertiesOf(document, schema)).flatMap(([name, property]) => {
    const { [name]: _, ...rest } = valid;
    const found = WRONG.map(([what, value]): [string, unknown] => [`${name}: ${what}`, { ...rest, [name]: value }]);
    if (name in valid) found.push([`${name}: missing`, rest]);
    const inner = depth === 0 ? [] : spoiled(document, property, objectOr(valid[name]), depth - 1);
    return [
      ...found,
      ...inner.map(([fault, value]): [string, unknown] => [`${name}.${fault}`, { ...rest, [name]: value }]),
    ];
  });
}

const objectOr = (value: unknown): Record<string, unknown> => (isObject(value) ? { ...value } : {});

/** The properties of a schema and of the parts it is made of. */
function propertiesOf(document: Document, schema: JsonSchema): Record<string, JsonSchema> {
  const found = resolveRef<JsonSchema>(document, schema as { $ref: string });
  const parts: JsonSchema[] = [...(found['allOf'] ?? []), ...(found['anyOf'] ?? []), ...(found['oneOf'] ?? [])];
  return Object.assign({}, ...parts.map((part) => propertiesOf(document, part)), found['properties']);
}
