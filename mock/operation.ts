import type { IncomingHttpHeaders } from 'node:http';
import type { operations } from '../spec/generated/api.d.ts';
import type { Upload } from './files/blobs.ts';
import type { Mock } from './mock.ts';
import type { UserRow } from './store/tables.ts';

/** The types of handlers, all from the spec: a misspelt id, a wrong parameter, a missing field is a compile error. */

export type OperationId = keyof operations;

type Parameters<Id extends OperationId, In extends 'path' | 'query'> = operations[Id]['parameters'] extends { [K in In]?: infer P }
  ? NonNullable<P>
  : Record<string, never>;

type Content<T> = T extends { content: infer C } ? C : never;
type JsonOf<T> = T extends { 'application/json': infer J } ? J : never;

/** The validated request body: JSON, or the fields of a form. */
export type RequestBody<Id extends OperationId> = operations[Id] extends { requestBody?: infer B } ? BodyOf<Content<NonNullable<B>>> : undefined;
type BodyOf<C> = C[keyof C];

type Success = 200 | 201 | 202 | 204 | 307;
type SuccessOf<Id extends OperationId> = Extract<keyof operations[Id]['responses'], Success>;
/** The JSON that the operation answers on success. */
export type JsonResponse<Id extends OperationId> = JsonOf<Content<operations[Id]['responses'][SuccessOf<Id>]>>;
/** The statuses that the operation declares beside success. */
export type ErrorStatus<Id extends OperationId> = Exclude<keyof operations[Id]['responses'], Success>;

/** A file of a multipart request. */
export interface UploadedFile extends Upload {
  field: string;
  filename: string;
  mediaType: string;
}

/** One request, validated, with its user. */
export interface Call<Id extends OperationId = OperationId> {
  params: Required<Parameters<Id, 'path'>>;
  query: Parameters<Id, 'query'>;
  body: RequestBody<Id>;
  files: UploadedFile[];
  /** Who asks. On an operation that is open to all this throws unless the credential is there: use `caller`. */
  user: UserRow;
  caller: UserRow | undefined;
  headers: IncomingHttpHeaders;
  cookies: Record<string, string>;
  /** The address of whoever is at the other end of the connection. */
  address: string;
  /** The API key that was sent, valid or not. */
  apiKey: string | undefined;
  /** The body as it came. */
  rawBody: Buffer | undefined;
  /** Aborted when the client has gone away. */
  signal: AbortSignal;
  /** Ends the request with one of the error statuses that the operation declares. */
  fail(status: ErrorStatus<Id>, detail: unknown, headers?: Record<string, string>): never;
}

/** An answer that is more than JSON with the operation's own success status. */
export interface HttpResponse {
  isResponse: true;
  status: number;
  headers: Record<string, string | string[]>;
  body: Body;
}
/** Bytes as a text, each a character of it, which Node sends faster than a buffer. */
export interface Latin1 {
  latin1: string;
}

export type Body = { json: unknown } | { bytes: Buffer | string } | Latin1 | { chunks: string[] | AsyncIterable<string | Buffer> } | undefined;

/** `reply(201, { json: flow })`, `reply(200, { bytes }, { 'content-type': 'application/zip' })`, `reply(200, { chunks }, …)` for a stream, whose chunks may all be there. */
export function respond(status: number, body?: Body, headers: Record<string, string | string[]> = {}): HttpResponse {
  return { isResponse: true, status, headers, body };
}

export type Handler<Id extends OperationId = OperationId> = (
  call: Call<Id>,
  mock: Mock,
) => JsonResponse<Id> | HttpResponse | undefined | Promise<JsonResponse<Id> | HttpResponse | undefined>;

/** What is known of a request before it is validated: its path and query as texts. */
export interface UncheckedRequest<Id extends OperationId = OperationId> {
  params: { [Name in keyof Parameters<Id, 'path'>]: string };
  query: URLSearchParams;
}

/** Checks that a real server makes before the handler runs, in this order. Each ends the request by an HttpError. */
export interface Guards<Id extends OperationId = OperationId> {
  /** Before the credential is looked at. */
  beforeCredential?(request: UncheckedRequest<Id>, mock: Mock): void;
  /** After the credential, before path, query and body are validated. */
  beforeValidation?(user: UserRow): void;
  /** After the credential and the path, before anything else of the request is held against the user. */
  beforeBody?(user: UserRow, request: UncheckedRequest<Id>, mock: Mock): void;
}

/** A handler with its guards. */
export interface GuardedHandler<Id extends OperationId = OperationId> extends Guards<Id> {
  handle: Handler<Id>;
}

/** The operations of an area. An operation without a handler is answered by Prism from the document's examples. */
export type Handlers = { [Id in OperationId]?: Handler<Id> | GuardedHandler<Id> };

/** Handlers and their guards, by operationId, whatever their operations. */
export type AnyHandlers = Record<string, Handler | GuardedHandler | undefined>;
