import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCompiled } from './compiled.ts';
import { isObject, valueAt } from './json.ts';
import { lazily } from './lazily.ts';
import type { CompiledSpec } from './load.ts';
import { METHODS, type Method } from './path-template.ts';
import { unknownVersion } from './spec-error.ts';
import type {
  Document,
  Operation,
  OperationObject,
  ParameterObject,
  PathItem,
  Reference,
  Requirement,
  ResponseObject,
} from './types.ts';
import { profileVersions, SHIPPED } from './versions.ts';

export type * from './types.ts';

/** The contract of one Langflow version. */
export interface Spec {
  /** The profile: `1.7`. */
  version: string;
  /** The releases on which it was measured, newest last. */
  releases: string[];
  /** The bundled OpenAPI 3.1 document; every ref reads `#/components/…`. */
  document: Document;
  operations: Operation[];
  requirements: Requirement[];
  /** The differences between releases that are no schemas; the mock and the suites read them. */
  facts: Record<string, unknown>;
  /** @throws Error for an operationId that the contract does not know. */
  operation(operationId: string): Operation;
  /** @throws Error for an id that the contract does not know. */
  requirement(id: string): Requirement;
}

export const DEFAULT_VERSION = '1.7';

const loaded = new Map<string, Spec>();

/**
 * Loads the contract of a version: from the cache of compiled contracts when the parts have not changed, else from the parts.
 *
 * @param version a profile, such as `1.7`
 * @throws SpecError for a broken part or an unknown version; the message names the file
 */
export async function loadSpec(version: string = DEFAULT_VERSION): Promise<Spec> {
  let spec = loaded.get(version);
  if (!spec) {
    spec = specFrom(await compiledSpec(version));
    loaded.set(version, spec);
  }
  return spec;
}

/** Parsing YAML takes most of a start: the package ships compiled contracts, the checkout keeps them in a cache. @throws SpecError */
export async function compiledSpec(version: string): Promise<CompiledSpec> {
  if (existsSync(SHIPPED)) return readShipped(version);
  const { compileOrReuse } = await import('./cache.ts');
  return compileOrReuse(version);
}

function readShipped(version: string): CompiledSpec {
  const compiled = readCompiled(join(SHIPPED, version));
  if (!compiled) throw unknownVersion(version, profileVersions());
  return compiled;
}

/** The operations of a compiled contract, and its requirements when asked for. */
export function specFrom(source: CompiledSpec): Spec {
  const { document } = source;
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => (item[method] ? [operationFrom(document, path, method, item, item[method])] : [])),
  );
  const byId = new Map(operations.map((operation) => [operation.operationId, operation]));
  const requirements = lazily(() => new Map(source.requirements.map((requirement) => [requirement.id, requirement])));
  return {
    version: source.version,
    releases: source.releases,
    document,
    operations,
    get requirements() {
      return source.requirements;
    },
    facts: source.facts,
    operation: (id) => byId.get(id) ?? unknown('operation', id),
    requirement: (id) => requirements().get(id) ?? unknown('requirement', id),
  };
}

/** References are resolved when first asked for: a mock is asked for a few operations of many. */
function operationFrom(
  document: Document,
  path: string,
  method: Method,
  item: PathItem,
  raw: OperationObject,
): Operation {
  const resolved = <T extends object>(value: T | Reference): T => resolveRef(document, value);
  const parameters = lazily(() =>
    distinct([...(item.parameters ?? []), ...(raw.parameters ?? [])].map((one) => resolved<ParameterObject>(one))),
  );
  const responses = lazily(() =>
    Object.fromEntries(
      Object.entries(raw.responses ?? {}).map(([status, response]) => [status, resolved<ResponseObject>(response)]),
    ),
  );
  return {
    operationId: raw.operationId,
    method: method.toUpperCase(),
    path,
    tag: raw.tags?.[0] ?? '',
    slug: raw['x-slug'] ?? '',
    summary: raw.summary,
    deprecated: raw.deprecated === true,
    get parameters() {
      return parameters();
    },
    readTwice: raw['x-read-twice'] ?? [],
    ...(raw.requestBody && { requestBody: raw.requestBody }),
    get responses() {
      return responses();
    },
    security: raw.security ?? document.security,
    requirements: raw['x-requirements'] ?? [],
    thirdParty: raw['x-third-party'] === true,
    automaticUser: item['x-automatic-user'] === true,
    ...(raw['x-strict-form'] && { strictForm: raw['x-strict-form'] }),
    ...(raw['x-websocket'] && { websocket: raw['x-websocket'] }),
    ...(raw['x-twin-of'] && { twinOf: raw['x-twin-of'] }),
  };
}

/** An operation as it stands in the document. */
export function operationObject(
  { paths }: Document,
  { path, method }: Pick<Operation, 'path' | 'method'>,
): OperationObject | undefined {
  return paths[path]?.[method.toLowerCase() as Method];
}

/** A parameter of the operation replaces the path's parameter of the same name. */
function distinct(parameters: ParameterObject[]): ParameterObject[] {
  return [...new Map(parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values()];
}

/** Follows a `$ref` into the same document, as often as needed. @throws Error where nothing stands there */
export function resolveRef<T>(document: Document, value: T | Reference): T {
  let current: unknown = value;
  while (isObject(current) && typeof current['$ref'] === 'string') current = referenced(document, current['$ref']);
  return current as T;
}

/** What was found in a document, by reference: the same few hundred are followed thousands of times. */
const found = new WeakMap<Document, Map<string, unknown>>();

function referenced(document: Document, ref: string): unknown {
  let known = found.get(document);
  if (!known) found.set(document, (known = new Map()));
  if (!known.has(ref)) known.set(ref, valueAt(document, ref));
  const value = known.get(ref);
  if (value === undefined) throw new Error(`Nothing stands at ${ref}`);
  return value;
}

function unknown(what: string, id: string): never {
  throw new Error(`The contract has no ${what} ${id}`);
}
