import type { IncomingHttpHeaders } from 'node:http';
import type { operations } from '../spec/generated/api.d.ts';
import type { Upload } from './files/blobs.ts';
import type { Mock } from './mock.ts';
import type { UserRow } from './store/tables.ts';

/**
 * The types of handlers, all from the contract: a misspelt id, a wrong parameter or a missing field does not compile.
 */

export type OperationId = keyof operations;

type Parameters<Id extends OperationId, In extends 'path' | 'query'> = operations[Id]['parameters'] extends {
  [K in In]?: infer P;
}
  ? NonNullable<P>
  : Record<string, never>;

type Content<T> = T extends { content: infer C } ? C : never;
type JsonOf<T> = T extends { 'application/json': infer J } ? J : never;

/** The validated request body: JSON, or the fields of a form. */
export type RequestBody<Id extends OperationId> = operations[Id] extends { requestBody?: infer B }
  ? BodyOf<Content<NonNullable<B>>>
  : undefined;
type BodyOf<C> = C[keyof C];

type Success = 200 | 201 | 202 | 204 | 307;
type SuccessOf<Id extends OperationId> = Extract<keyof operations[Id]['responses'], Success>;
/** The JSON of the operation's success response. */
export type JsonResponse<Id extends OperationId> = JsonOf<Content<operations[Id]['responses'][SuccessOf<Id>]>>;
/** The statuses that the operation declares besides success. */
export type ErrorStatus<Id extends OperationId> = Exclude<keyof operations[Id]['responses'], Success>;

/** A file of a multipart request. */
export interface UploadedFile extends Upload {
  field: string;
  filename: string;
  mediaType: string;
}

/** One validated request with its user. */
export interface Call<Id extends OperationId = OperationId> {
  params: Required<Parameters<Id, 'path'>>;
  query: Parameters<Id, 'query'>;
  body: RequestBody<Id>;
  files: UploadedFile[];
  /**
   * The user of the credential. On an operation that is open to all, reading it throws without a credential: use
   * `caller`.
   */
  user: UserRow;
  caller: UserRow | undefined;
  headers: IncomingHttpHeaders;
  cookies: Record<string, string>;
  /** The IP address of the client. */
  address: string;
  /** The API key that was sent, valid or not. */
  apiKey: string | undefined;
  /** The bytes of the body. */
  rawBody: Buffer | undefined;
  /** Aborted when the client disconnects. */
  signal: AbortSignal;
  /** Ends the request with one of the error statuses that the operation declares. */
  fail(status: ErrorStatus<Id>, detail: unknown, headers?: Record<string, string>): never;
}

/** A response that is more than JSON with the operation's success status. */
export interface HttpResponse {
  isResponse: true;
  status: number;
  headers: Record<string, string | string[]>;
  body: Body;
}
/** The bytes of a body as a Latin-1 string, which Node sends faster than a buffer. */
export interface Latin1 {
  latin1: string;
}

export type Body =
  | { json: unknown }
  | { bytes: Buffer | string }
  | Latin1
  | { chunks: string[] | AsyncIterable<string | Buffer> }
  | undefined;

/**
 * `respond(201, { json: flow })`, `respond(200, { bytes }, { 'content-type': 'application/zip' })`, `respond(200, {
 * chunks }, …)` for a stream, or for chunks that all exist already.
 */
export function respond(status: number, body?: Body, headers: Record<string, string | string[]> = {}): HttpResponse {
  return { isResponse: true, status, headers, body };
}

export type Handler<Id extends OperationId = OperationId> = (
  call: Call<Id>,
  mock: Mock,
) => JsonResponse<Id> | HttpResponse | undefined | Promise<JsonResponse<Id> | HttpResponse | undefined>;

/** The parts of a request that guards read before validation: path parameters and query as texts. */
export interface UncheckedRequest<Id extends OperationId = OperationId> {
  params: { [Name in keyof Parameters<Id, 'path'>]: string };
  query: URLSearchParams;
}

/**
 * Checks that a real server makes before the handler, in this order. Each ends the request by throwing an HttpError.
 */
export interface Guards<Id extends OperationId = OperationId> {
  /** Runs before authentication. */
  beforeCredential?(request: UncheckedRequest<Id>, mock: Mock): void;
  /** Runs after authentication, before validation. */
  beforeValidation?(user: UserRow): void;
  /** Runs after authentication and the validation of the path, before the errors of query and body are reported. */
  beforeBody?(user: UserRow, request: UncheckedRequest<Id>, mock: Mock): void;
}

/** A handler with its guards. */
export interface GuardedHandler<Id extends OperationId = OperationId> extends Guards<Id> {
  handle: Handler<Id>;
}

/** The handlers of an area. Prism answers an operation without a handler with examples of the contract. */
export type Handlers = { [Id in OperationId]?: Handler<Id> | GuardedHandler<Id> };

/** Handlers of any operations, by operationId. */
export type AnyHandlers = Record<string, Handler | GuardedHandler | undefined>;
