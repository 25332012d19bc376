import type { JsonObject } from './json.ts';
import type { Method } from './path-template.ts';

/** The parts of OpenAPI 3.1 that this project reads, and our own extensions. */

export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** One testable sentence with an id and a level (RFC 2119). An id never changes and is never used again. */
export interface Requirement {
  id: string;
  level: Level;
  /** One sentence. */
  text: string;
  /** A documentation section, an RFC, or `observed on 1.7.3`. */
  source: string;
  /** operationIds; `all`, or `secured` for those that require a credential. */
  operations: string[] | 'all' | 'secured';
  /** The profiles that have it; empty for all. */
  versions: string[];
  /** The spec part that declares it. */
  area: string;
  capability?: string;
  tier?: 'strict';
  /** Why no test can check it over the network. */
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
  /** How a stream is framed, and the schema of its events. */
  'x-stream'?: { framing: string; event: JsonSchema };
}

export interface RequestBodyObject {
  required?: boolean;
  /** The operation reads the body itself: no body answers 422. */
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
  /** Why no test can cause this response. */
  'x-untestable'?: string;
  content?: Record<string, MediaTypeObject>;
}

/** An operation of the document, with our own extensions. */
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
  /** Ids; the parts have the whole requirements here. */
  'x-requirements'?: string[];
  'x-read-twice'?: string[];
  'x-third-party'?: boolean;
  'x-twin-of'?: string;
  /** Why no test can cause a status, by status. */
  'x-untestable'?: Record<string, string>;
  'x-unreadable'?: boolean;
  'x-strict-form'?: string;
  'x-websocket'?: { send: MediaTypeObject; receive: MediaTypeObject };
}

export type PathItem = { [M in Method]?: OperationObject } & {
  parameters?: (ParameterObject | Reference)[];
  /** The `Allow` header of a 405, if it is not the first method. */
  'x-allow'?: string;
  'x-automatic-user'?: boolean;
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

/** An operation for the mock and the suites: parameters, body and responses resolved, schemas with refs. */
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
  /** Names of parameters that a deployment validates twice, so their validation errors come twice. */
  readTwice: string[];
  requestBody?: RequestBodyObject;
  /** Keyed by status. */
  responses: Record<string, ResponseObject>;
  /** Alternatives, each a map of scheme names; empty: open to all. */
  security: Record<string, string[]>[];
  /** Ids of its own requirements. */
  requirements: string[];
  /** Its response depends on a third-party service. */
  thirdParty: boolean;
  /**
   * With AUTO_LOGIN, a request without a credential is the superuser's, whatever SKIP_AUTH_AUTO_LOGIN says: MCP clients
   * may have no way to send one.
   */
  automaticUser: boolean;
  /** The form of every request whose path holds this text is checked before anything else, whatever the method. */
  strictForm?: string;
  /** The messages of a WebSocket, in both directions. */
  websocket?: { send: MediaTypeObject; receive: MediaTypeObject };
  /** The operationId whose operation this one repeats on another path. */
  twinOf?: string;
}
