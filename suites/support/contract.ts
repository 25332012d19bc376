import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import type { Violation } from '../../reports/run.ts';
import { type HeaderObject, type JsonSchema, type MediaTypeObject, type Operation, type ResponseObject, resolveRef, type Spec } from '../../spec/index.ts';
import { unknownProperties } from './extras.ts';

/** An answer as the contract looks at it. */
export interface Seen {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  text: string;
  bytes: number;
}

/** A request as the contract looks at it. */
export interface Asked {
  query: [name: string, value: string][];
  mediaType?: string;
  body?: string;
}

const JSON_TYPE = /^application\/(.+\+)?json$/;
/** More would bury the first. */
const MOST_ERRORS = 10;

/** Holds answers and requests against the contract. Validators are compiled when first needed. */
export class Contract {
  readonly #spec: Spec;
  readonly #ajv: Ajv2020;
  readonly #validators = new Map<object, ValidateFunction>();

  constructor(spec: Spec) {
    this.#spec = spec;
    this.#ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false, verbose: true, logger: false });
    ajvFormats.default(this.#ajv);
    // Refs read #/components/…: one root holds them, each schema is compiled beside it.
    this.#ajv.addSchema({ $id: 'contract:', components: { schemas: withRoot(spec.document.components.schemas) } });
  }

  /** Where an answer departs from the contract; empty when it keeps it. Of one that has not ended the body is not looked at. */
  checkAnswer(operation: Operation, seen: Seen, partial = false): Violation[] {
    const declared = operation.responses[String(seen.status)];
    if (!declared) {
      return [{ kind: 'status', pointer: '', expected: `one of ${Object.keys(operation.responses).join(', ')}`, actual: String(seen.status) }];
    }
    const found = this.#checkHeaders(declared.headers ?? {}, seen.headers);
    const content = declared.content ?? {};
    const type = mediaTypeOf(seen.headers['content-type']);
    const media = content[type ?? ''] ?? content['*/*'] ?? content[`${type?.split('/')[0]}/*`];
    if (Object.keys(content).length === 0)
      return seen.bytes > 0 ? [...found, mediaViolation('no body', `${type ?? 'no media type'}, ${seen.bytes} bytes`)] : found;
    if (!media) return [...found, mediaViolation(Object.keys(content).join(' or '), type ?? 'none')];
    return partial ? found : [...found, ...this.#checkBody(media, type ?? '', seen.text)];
  }

  /** Where a request that the target accepted departs from the contract. */
  checkRequest(operation: Operation, asked: Asked): Violation[] {
    const known = new Set(operation.parameters.filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name));
    const found = asked.query
      .filter(([name]) => !known.has(name) && name !== 'x-api-key')
      .map(([name]): Violation => ({ kind: 'request', pointer: '', expected: `a declared query parameter`, actual: name }));
    const content = operation.requestBody?.content ?? {};
    if (asked.body === undefined || !asked.mediaType) return found;
    const media = content[asked.mediaType];
    // Any bytes will do, whatever they are called.
    if (!media && content['*/*']) return found;
    if (!media) return [...found, { kind: 'request', pointer: '', expected: Object.keys(content).join(' or ') || 'no body', actual: asked.mediaType }];
    return [
      ...found,
      ...this.#checkBody(media, asked.mediaType, asked.body).flatMap((violation) =>
        violation.kind === 'extra' ? [] : [{ ...violation, kind: 'request' as const }],
      ),
    ];
  }

  /** Where a message of a WebSocket departs from the contract. */
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
      if (value === undefined) return required ? [{ kind: 'header', pointer: '', expected: `a header ${name}`, actual: 'none' }] : [];
      const fits = schema === undefined || schema['type'] === 'integer' ? /^-?\d+$/.test(value) || schema === undefined : this.#validator(schema)(value);
      return fits ? [] : [{ kind: 'header', pointer: '', expected: `${name}: ${JSON.stringify(schema)}`, actual: value }];
    });
  }

  #checkBody(media: MediaTypeObject, type: string, text: string): Violation[] {
    const { framing, event } = media['x-stream'] ?? {};
    if (event && framing === 'json-and-blank-line') return this.#checkFrames(event, text);
    if (!media.schema || !JSON_TYPE.test(type)) return [];
    const body = parseJson(text);
    if (body === undefined) return [{ kind: 'schema', pointer: '', expected: 'JSON', actual: text.slice(0, 200) }];
    const validate = this.#validator(media.schema);
    const errors = validate(body.value) ? [] : mostTelling(validate.errors ?? []).map(violationFrom);
    const extras = unknownProperties(this.#spec.document, media.schema, body.value).map(
      (pointer): Violation => ({ kind: 'extra', pointer, expected: 'a declared property', actual: pointer.slice(pointer.lastIndexOf('/') + 1) }),
    );
    return [...errors, ...extras];
  }

  /** Each frame of a stream is JSON, and one of the declared events. */
  #checkFrames(schema: JsonSchema, text: string): Violation[] {
    const event = resolveRef<JsonSchema>(this.#spec.document, schema);
    const frames = text.split(/\n\n+/).filter((frame) => frame.trim() !== '');
    return frames.flatMap((frame, index) => {
      const body = parseJson(frame);
      if (body === undefined) return [{ kind: 'schema' as const, pointer: `/${index}`, expected: 'JSON', actual: frame.slice(0, 200) }];
      const { event: name } = (body.value ?? {}) as { event?: unknown };
      const declared = event['oneOf']?.find((one: JsonSchema) => one['properties']?.event?.const === name) ?? event;
      const validate = this.#validator(declared);
      return validate(body.value)
        ? []
        : mostTelling(validate.errors ?? [])
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

/** The same schema, with refs that name the root. */
function withRoot<T>(schema: T): T {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => (key === '$ref' && typeof value === 'string' && value.startsWith('#/') ? `contract:${value}` : value)),
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

/** Inside an anyOf each alternative complains: the complaints that go deepest are the ones to read. */
function mostTelling(errors: ErrorObject[]): ErrorObject[] {
  const leaves = errors.filter((error) => !['anyOf', 'oneOf', 'if', '$ref'].includes(error.keyword));
  return (leaves.length > 0 ? leaves : errors).toSorted((a, b) => b.instancePath.length - a.instancePath.length).slice(0, MOST_ERRORS);
}

const mediaViolation = (expected: string, actual: string): Violation => ({ kind: 'media-type', pointer: '', expected, actual });

export const mediaTypeOf = (header: string | undefined): string | undefined => header?.split(';')[0]?.trim().toLowerCase();

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
