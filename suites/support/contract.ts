import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import type { Violation } from '../../reports/run.ts';
import {
  type HeaderObject,
  type JsonSchema,
  type MediaTypeObject,
  type Operation,
  type ResponseObject,
  resolveRef,
  type Spec,
} from '../../spec/index.ts';
import { tryParseJson } from '../../spec/json.ts';
import { unknownProperties } from './extras.ts';

/** The parts of a response that the contract describes. */
export interface ResponseParts {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  text: string;
  bytes: number;
}

/** The parts of a request that the contract describes. */
export interface RequestParts {
  query: [name: string, value: string][];
  mediaType?: string;
  body?: string;
}

const JSON_TYPE = /^application\/(.+\+)?json$/;
/** More would hide the first ones. */
const MOST_ERRORS = 10;

/** Checks responses and requests against the contract. Validators are compiled when first needed. */
export class Contract {
  readonly #spec: Spec;
  readonly #ajv: Ajv2020;
  readonly #validators = new Map<object, ValidateFunction>();

  constructor(spec: Spec) {
    this.#spec = spec;
    this.#ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false, verbose: true, logger: false });
    ajvFormats.default(this.#ajv);
    // Refs read #/components/…: they point into one root schema, and each schema is compiled separately.
    this.#ajv.addSchema({ $id: 'contract:', components: { schemas: withRoot(spec.document.components.schemas) } });
  }

  /** Where a response violates the contract; empty if nowhere. The body of a `partial` response is not checked. */
  checkResponse(operation: Operation, response: ResponseParts, partial = false): Violation[] {
    const declared = operation.responses[String(response.status)];
    if (!declared) {
      return [
        {
          kind: 'status',
          pointer: '',
          expected: `one of ${Object.keys(operation.responses).join(', ')}`,
          actual: String(response.status),
        },
      ];
    }
    const found = this.#checkHeaders(declared.headers ?? {}, response.headers);
    const content = declared.content ?? {};
    const type = mediaTypeOf(response.headers['content-type']);
    const media = content[type ?? ''] ?? content['*/*'] ?? content[`${type?.split('/')[0]}/*`];
    if (Object.keys(content).length === 0)
      return response.bytes > 0
        ? [...found, mediaViolation('no body', `${type ?? 'no media type'}, ${response.bytes} bytes`)]
        : found;
    if (!media) return [...found, mediaViolation(Object.keys(content).join(' or '), type ?? 'none')];
    return partial ? found : [...found, ...this.#checkBody(media, type ?? '', response.text)];
  }

  /** Where a request that the deployment accepted violates the contract. */
  checkRequest(operation: Operation, request: RequestParts): Violation[] {
    const known = new Set(
      operation.parameters.filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name),
    );
    const found = request.query
      .filter(([name]) => !known.has(name) && name !== 'x-api-key')
      .map(
        ([name]): Violation => ({ kind: 'request', pointer: '', expected: `a declared query parameter`, actual: name }),
      );
    const content = operation.requestBody?.content ?? {};
    if (request.body === undefined || !request.mediaType) return found;
    const media = content[request.mediaType];
    // The operation accepts any media type.
    if (!media && content['*/*']) return found;
    if (!media)
      return [
        ...found,
        {
          kind: 'request',
          pointer: '',
          expected: Object.keys(content).join(' or ') || 'no body',
          actual: request.mediaType,
        },
      ];
    return [
      ...found,
      ...this.#checkBody(media, request.mediaType, request.body).flatMap((violation) =>
        violation.kind === 'extra' ? [] : [{ ...violation, kind: 'request' as const }],
      ),
    ];
  }

  /** Where a WebSocket message violates the contract. */
  checkMessage({ websocket }: Operation, from: 'client' | 'server', text: string): Violation[] {
    const media = websocket?.[from === 'client' ? 'send' : 'receive'];
    if (!media) return [];
    const found = this.#checkBody(media, 'application/json', text).filter(({ kind }) => kind !== 'extra');
    return from === 'client' ? found.map((violation) => ({ ...violation, kind: 'request' as const })) : found;
  }

  #checkHeaders(declared: NonNullable<ResponseObject['headers']>, headers: Record<string, string>): Violation[] {
    return Object.entries(declared).flatMap(([name, header]): Violation[] => {
      const { required, schema } = resolveRef<HeaderObject>(this.#spec.document, header);
      const value = headers[name.toLowerCase()];
      if (value === undefined)
        return required ? [{ kind: 'header', pointer: '', expected: `a header ${name}`, actual: 'none' }] : [];
      const fits =
        schema === undefined || schema['type'] === 'integer'
          ? /^-?\d+$/.test(value) || schema === undefined
          : this.#validator(schema)(value);
      return fits
        ? []
        : [{ kind: 'header', pointer: '', expected: `${name}: ${JSON.stringify(schema)}`, actual: value }];
    });
  }

  #checkBody(media: MediaTypeObject, type: string, text: string): Violation[] {
    const { framing, event } = media['x-stream'] ?? {};
    if (event && framing === 'json-and-blank-line') return this.#checkFrames(event, text);
    if (!media.schema || !JSON_TYPE.test(type)) return [];
    const body = tryParseJson(text);
    if (body === undefined) return [{ kind: 'schema', pointer: '', expected: 'JSON', actual: text.slice(0, 200) }];
    const validate = this.#validator(media.schema);
    const errors = validate(body.value) ? [] : mostSpecific(validate.errors ?? []).map(violationFrom);
    const extras = unknownProperties(this.#spec.document, media.schema, body.value).map(
      (pointer): Violation => ({
        kind: 'extra',
        pointer,
        expected: 'a declared property',
        actual: pointer.slice(pointer.lastIndexOf('/') + 1),
      }),
    );
    return [...errors, ...extras];
  }

  /** Each frame of a stream must be JSON and a declared event. */
  #checkFrames(schema: JsonSchema, text: string): Violation[] {
    const event = resolveRef<JsonSchema>(this.#spec.document, schema);
    const frames = text.split(/\n\n+/).filter((frame) => frame.trim() !== '');
    return frames.flatMap((frame, index) => {
      const body = tryParseJson(frame);
      if (body === undefined)
        return [{ kind: 'schema' as const, pointer: `/${index}`, expected: 'JSON', actual: frame.slice(0, 200) }];
      const { event: name } = (body.value ?? {}) as { event?: unknown };
      const declared = event['oneOf']?.find((one: JsonSchema) => one['properties']?.event?.const === name) ?? event;
      const validate = this.#validator(declared);
      return validate(body.value)
        ? []
        : mostSpecific(validate.errors ?? [])
            .map(violationFrom)
            .map((one) => ({ ...one, pointer: `/${index}${one.pointer}` }));
    });
  }

  #validator(schema: JsonSchema): ValidateFunction {
    let validate = this.#validators.get(schema);
    if (!validate) {
      validate = this.#ajv.compile(withRoot(schema));
      this.#validators.set(schema, validate);
    }
    return validate;
  }
}

/** The same schema with refs into the root schema. */
function withRoot<T>(schema: T): T {
  return JSON.parse(
    JSON.stringify(schema, (key, value) =>
      key === '$ref' && typeof value === 'string' && value.startsWith('#/') ? `contract:${value}` : value,
    ),
  );
}

function violationFrom(error: ErrorObject): Violation {
  const name = error.params['missingProperty'] ?? error.params['additionalProperty'];
  const pointer = error.instancePath + (name === undefined ? '' : `/${name}`);
  if (error.keyword === 'required') return { kind: 'schema', pointer, expected: 'present', actual: 'absent' };
  const wanted =
    error.keyword === 'enum'
      ? `one of ${JSON.stringify(error.schema)}`
      : error.keyword === 'const'
        ? JSON.stringify(error.schema)
        : (error.message ?? error.keyword);
  return { kind: 'schema', pointer, expected: wanted, actual: show(error.data) };
}

/** Each alternative of an anyOf gives errors: the deepest ones say most. */
function mostSpecific(errors: ErrorObject[]): ErrorObject[] {
  const leaves = errors.filter((error) => !['anyOf', 'oneOf', 'if', '$ref'].includes(error.keyword));
  return (leaves.length > 0 ? leaves : errors)
    .toSorted((a, b) => b.instancePath.length - a.instancePath.length)
    .slice(0, MOST_ERRORS);
}

const mediaViolation = (expected: string, actual: string): Violation => ({
  kind: 'media-type',
  pointer: '',
  expected,
  actual,
});

export const mediaTypeOf = (header: string | undefined): string | undefined =>
  header?.split(';')[0]?.trim().toLowerCase();

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
