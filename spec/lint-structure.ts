import { escapeKey, isObject, valueAt } from './json.ts';
import type { CompiledSpec } from './load.ts';

/**
 * Unknown (for example misspelt) keys, unknown types and broken refs, with the part and the place.
 * They are checked first, because they cause errors elsewhere.
 */
export function lintStructure(source: CompiledSpec): string[] {
  const problems: string[] = [];
  const complain = (pointer: string, what: string) => problems.push(`${partOf(source, pointer)}: ${pointer} ${what}`);
  checkShape(source.document, 'document', '', complain);
  checkRefs(source, source.document, '', complain);
  return problems;
}

/** The part that declares the value at a JSON pointer; the root declares the rest. */
export function partOf({ parts }: CompiledSpec, pointer: string): string {
  const keys = pointer.split('/');
  for (let length = keys.length; length > 0; length--) {
    const part = parts[keys.slice(0, length).join('/')];
    if (part) return part;
  }
  return 'spec/openapi.yaml';
}

type Complain = (pointer: string, what: string) => void;
/** The value of a key: any value, a shape, or a list or a map of a shape. */
type Value = 'any' | ShapeName | { list: ShapeName } | { map: ShapeName };
type ShapeName =
  | ('document' | 'components' | 'pathItem' | 'operation' | 'parameter' | 'requestBody' | 'response')
  | ('header' | 'mediaType' | 'schema');

const all = (names: string, value: Value): Record<string, Value> =>
  Object.fromEntries(names.split(' ').map((name) => [name, value]));
const keys = (names: string) => all(names, 'any');

/** The keys of each kind of object that the project reads. */
const SHAPES: Record<ShapeName, Record<string, Value>> = {
  document: { ...keys('openapi info servers tags security'), paths: { map: 'pathItem' }, components: 'components' },
  components: {
    ...keys('securitySchemes'),
    ...{ schemas: { map: 'schema' }, parameters: { map: 'parameter' }, responses: { map: 'response' } },
  },
  pathItem: {
    ...keys('x-allow x-twin x-automatic-user'),
    parameters: { list: 'parameter' },
    ...all('get head post put patch delete options', 'operation'),
  },
  operation: {
    ...keys(
      'operationId tags summary description deprecated security x-source x-slug x-requirements x-read-twice x-third-party x-twin-of',
    ),
    ...keys('x-untestable x-unreadable x-strict-form'),
    ...{
      parameters: { list: 'parameter' },
      requestBody: 'requestBody',
      responses: { map: 'response' },
      'x-websocket': { map: 'mediaType' },
    },
  },
  parameter: { ...keys('$ref name in description required style explode example examples'), schema: 'schema' },
  requestBody: { ...keys('description required x-raw'), content: { map: 'mediaType' } },
  response: { ...keys('$ref description x-untestable'), content: { map: 'mediaType' }, headers: { map: 'header' } },
  header: { ...keys('$ref description required'), schema: 'schema' },
  mediaType: { ...keys('example examples x-stream'), schema: 'schema' },
  schema: {
    ...keys(
      '$ref type title description default example examples format const enum required pattern deprecated readOnly writeOnly nullable',
    ),
    ...keys(
      'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems uniqueItems minProperties maxProperties',
    ),
    ...keys('contentEncoding contentMediaType discriminator x-embed x-instance'),
    ...all('properties patternProperties dependentSchemas $defs', { map: 'schema' }),
    ...all('allOf anyOf oneOf prefixItems', { list: 'schema' }),
    ...all('items contains additionalProperties propertyNames unevaluatedProperties not if then else', 'schema'),
  },
};

const TYPES = new Set<unknown>(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);

function checkShape(value: unknown, name: ShapeName, pointer: string, complain: Complain): void {
  if (!isObject(value)) return;
  const shape = SHAPES[name];
  for (const [key, inner] of Object.entries(value)) {
    const at = `${pointer}/${escapeKey(key)}`;
    const wanted = shape[key];
    if (wanted === undefined) complain(pointer || '/', `has the key ${key}, which nothing reads`);
    else if (typeof wanted === 'object') checkEach(inner, 'list' in wanted ? wanted.list : wanted.map, at, complain);
    else if (wanted !== 'any') checkShape(inner, wanted, at, complain);
    if (name === 'schema' && key === 'type')
      for (const type of [inner].flat()) if (!TYPES.has(type)) complain(at, `is ${type}, which is no type`);
  }
}

function checkEach(value: unknown, name: ShapeName, pointer: string, complain: Complain): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) checkShape(inner, name, `${pointer}/${escapeKey(key)}`, complain);
}

function checkRefs(source: CompiledSpec, value: unknown, pointer: string, complain: Complain): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string' && valueAt(source.document, inner) === undefined)
      complain(pointer, `refers to ${inner}, which does not exist`);
    checkRefs(source, inner, `${pointer}/${escapeKey(key)}`, complain);
  }
}
