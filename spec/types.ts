import type { JsonObject } from './json.ts';
import type { Method } from './path-template.ts';

/** The parts of OpenAPI 3.1 that this project reads, and our own extensions. */

export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** A promise with an id (RFC 2119 level). Ids never move and are never used again. */
export interface Requirement {
  id: string;
  level: Level;
  /** One sentence. */
  text: string;
  /** A documentation section, an RFC, or `observed on 1.7.3`. */
  source: string;
  /** operationIds; `all` and `secured` stand for many. */
  operations: string[] | 'all' | 'secured';
  /** Profiles it holds for; empty: all. */
  versions: string[];
  /** The spec part that declares it. */
  area: string;
  capability?: string;
  tier?: 'strict';
  /** Why the wire can't show it. */
  untestable?: string;
}

/** A schema of JSON Schema 2020-12: the keywords that the project reads. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  title?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  allOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  pattern?: string;
  [keyword: string]: unknown;
}

export interface Reference {
  $ref: string;
}

export interface ParameterObject {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required?: boolean;
  description?: string;
  schema: JsonSchema;
  style?: string;
  explode?: boolean;
}

export interface MediaTypeObject {
  schema?: JsonSchema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
  /** How a stream is parted, and what its events are. */
  'x-stream'?: { framing: string; event: JsonSchema };
}

export interface RequestBodyObject {
  required?: boolean;
  /** The operation reads it by itself: the rules of bodies, which answer 422, do not hold. */
  'x-raw'?: boolean;
  content: Record<string, MediaTypeObject>;
}

export interface HeaderObject {
  required?: boolean;
  description?: string;
  schema?: JsonSchema;
}

export interface ResponseObject {
  description: string;
  headers?: Record<string, HeaderObject | Reference>;
  /** Why no test can bring it about, where none was seen to. */
  'x-untestable'?: string;
  content?: Record<string, MediaTypeObject>;
}

/** An operation as the document has it, with our own extensions. */
export interface OperationObject {
  operationId: string;
  tags?: string[];
  summary: string;
  deprecated?: boolean;
  parameters?: (ParameterObject | Reference)[];
  requestBody?: RequestBodyObject;
  responses: Record<string, ResponseObject | Reference>;
  security?: Record<string, string[]>[];
  'x-source'?: string;
  'x-slug'?: string;
  'x-requirements'?: Pick<Requirement, 'id' | 'level' | 'text' | 'source'>[];
  'x-read-twice'?: string[];
  'x-third-party'?: boolean;
  'x-twin-of'?: string;
  /** Why no test can bring about a status, by status. */
  'x-untestable'?: Record<string, string>;
  'x-unreadable'?: boolean;
  'x-strict-form'?: string;
  'x-websocket'?: { send: MediaTypeObject; receive: MediaTypeObject };
}

export type PathItem = { [M in Method]?: OperationObject } & {
  parameters?: (ParameterObject | Reference)[];
  /** What the header `Allow` of a 405 says, where that is not the first method. */
  'x-allow'?: string;
  'x-twin'?: { of: string; suffix: string; methods?: Method[] };
};

export interface Document {
  openapi: string;
  info: { title: string; version: string };
  tags: { name: string }[];
  security: Record<string, string[]>[];
  paths: Record<string, PathItem>;
  components: {
    schemas: Record<string, JsonSchema>;
    parameters: Record<string, ParameterObject>;
    responses: Record<string, ResponseObject>;
    securitySchemes: Record<string, JsonObject>;
  };
}

/** An operation as the mock and the suites use it: parameters, body and responses resolved, schemas still with refs. */
export interface Operation {
  operationId: string;
  method: string;
  path: string;
  tag: string;
  /** The name of its spec part, handler file and suite file. */
  slug: string;
  summary: string;
  deprecated: boolean;
  parameters: ParameterObject[];
  /** Names of parameters that two parts of a server read: each tells what is wrong with them. */
  readTwice: string[];
  requestBody?: RequestBodyObject;
  /** Keyed by status. */
  responses: Record<string, ResponseObject>;
  /** Alternatives, each a map of scheme names; empty: open to all. */
  security: Record<string, string[]>[];
  /** Ids of its own requirements. */
  requirements: string[];
  /** Its answer depends on a server of others, and on what that one asks for first. */
  thirdParty: boolean;
  /** The form of every request whose path holds this text is checked before anything else, whatever the method. */
  strictForm?: string;
  /** The messages of a WebSocket: what the client may send, and what it receives. */
  websocket?: { send: MediaTypeObject; receive: MediaTypeObject };
  /** The operationId that this operation is another path of, and answers as. */
  twinOf?: string;
}
