import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { gunzipSync } from 'node:zlib';
import pactum from 'pactum';
import type { Exchange } from '../../reports/run.ts';
import type { Operation } from '../../spec/index.ts';
import type { Loose } from '../../spec/json.ts';
import type { BodyOf, OperationId, PathOf, QueryOf, ResponseOf } from '../../spec/operations.ts';
import { type As, credentialFor, type Via } from './credentials.ts';
import { currentTest } from './current-test.ts';
import { flatHeaders, record } from './recorder.ts';
import { context, spec } from './run-context.ts';
import { NoResponse, NotRun } from './verdict.ts';

export interface FilePart {
  content: string | Buffer;
  filename: string;
  contentType?: string;
}

/** Options of a request that do not depend on its operation. */
export interface SendOptions {
  headers?: Record<string, string>;
  /** Sent unchanged; set the media type in `headers`. */
  rawBody?: string | Buffer;
  /** Sent as application/x-www-form-urlencoded. */
  form?: Record<string, string>;
  /** Sent as multipart/form-data. */
  multipart?: Record<string, string | FilePart>;
  /** Who sends it: alice by default (no credential if the operation needs none); null for no credential. */
  as?: As | undefined;
  via?: Via;
  /** Check the request against the contract; default: if the test expects a 2xx. */
  valid?: boolean;
  timeoutMs?: number;
}

/** Options of an untyped request. */
export interface RequestOptions extends SendOptions {
  path?: Record<string, string | number>;
  /** An array repeats the parameter; undefined leaves it out. */
  query?:
    | Record<string, string | number | boolean | null | undefined | readonly (string | number | boolean)[]>
    | Malformed;
  /** Sent as JSON. */
  body?: unknown;
}

/** Options of an operation's request, typed by the contract; wrap a part that violates it on purpose in `malformed`. */
export type CallOptions<Id extends OperationId, More = SendOptions> = More &
  (keyof PathOf<Id> extends never ? { path?: never } : { path: PathOf<Id> }) & {
    query?: { [Name in keyof QueryOf<Id>]: QueryOf<Id>[Name] | null | undefined } | Malformed | undefined;
    body?: BodyOf<Id> | Malformed | undefined;
  };

declare const departs: unique symbol;

/** A part of a request that violates the contract on purpose. */
export interface Malformed {
  readonly [departs]: true;
}

/**
 * Lets a test send what the contract does not allow: `body: malformed({ name: 1 })`, `query: malformed({ page: 'x' })`.
 */
export const malformed = (part: unknown): Malformed => part as Malformed;

export interface ApiResponse<Body = unknown> {
  status: number;
  /** Names in lower case; several Set-Cookie lines are joined by line feeds. */
  headers: Record<string, string>;
  /** Parsed if the media type is JSON, otherwise the text. */
  body: Body;
  text: string;
  bytes: Buffer;
  exchange: Exchange;
}

/** A request that is sent when it is awaited; the expectations are pactum's. */
export interface Call<Body = Loose> extends PromiseLike<ApiResponse<Body>> {
  expectStatus(status: number, message?: string): Call<Body>;
  expectHeader(name: string, value?: string | RegExp): Call<Body>;
  expectHeaderContains(name: string, value: string | RegExp): Call<Body>;
  expectBody(body: unknown): Call<Body>;
  expectBodyContains(value: unknown): Call<Body>;
  expectCookiesLike(name: string, value: string): Call<Body>;
  expectJson(json: unknown): Call<Body>;
  expectJson(path: string, value: unknown): Call<Body>;
  expectJsonLike(json: unknown): Call<Body>;
  expectJsonLike(path: string, value: unknown): Call<Body>;
  expectJsonMatch(json: unknown): Call<Body>;
  expectJsonMatch(path: string, value: unknown): Call<Body>;
  expectJsonMatchStrict(json: unknown): Call<Body>;
  expectJsonLength(length: number): Call<Body>;
  expectJsonLength(path: string, length: number): Call<Body>;
  expectResponseTime(milliseconds: number): Call<Body>;
  retry(count: number, delayMs: number): Call<Body>;
}

/** The call of an operation: the expected status gives the type of the body. */
export interface OperationCall<Id extends OperationId> extends Omit<Call, 'expectStatus'> {
  expectStatus<Status extends number>(status: Status, message?: string): Call<ResponseOf<Id, Status>>;
}

pactum.settings.setLogLevel('SILENT' as 'ERROR');

// One connection for each request: a server may close a kept one just when the next request is sent.
const agents = { 'http:': new Agent({ keepAlive: false }), 'https:': new TlsAgent({ keepAlive: false }) };

/**
 * Calls an operation of the contract: `await call('readFlow', { path: { flow_id } }).expectStatus(200)`.
 * The exchange is recorded and checked against the contract; a violation fails the SCHEMA requirements, not this test.
 */
export function call<Id extends OperationId>(
  operationId: Id,
  ...[options]: OptionsArgument<CallOptions<Id>>
): OperationCall<Id> {
  return callById(operationId, options as RequestOptions | undefined) as OperationCall<Id>;
}

/** Options as a parameter that is optional if no option is required. */
export type OptionsArgument<Options> = Record<never, never> extends Options ? [options?: Options] : [options: Options];

/** Calls an operation that the test finds in the contract at run time, without types. */
export function callById<Body = Loose>(operationId: string, options: RequestOptions = {}): Call<Body> {
  const operation = spec.operation(operationId);
  return send(operation.method, operation.path, options, operation) as Call<Body>;
}

/** Sends a request that no operation declares: an unknown path, a wrong method, a broken body. */
export function raw<Body = Loose>(method: string, path: string, options: RequestOptions = {}): Call<Body> {
  return send(method, path, { as: null, ...options }, undefined) as Call<Body>;
}

interface PendingRequest {
  options: RequestOptions;
  operation: Operation | undefined;
  credential: string;
  startedAt: number;
  response?: ApiResponse<Loose>;
  wantsSuccess: () => boolean;
}

/** The part of pactum's request that is used; `toss` sends it when it is awaited. */
interface PactumRequest {
  toss(): Promise<unknown>;
  _expect: { statusCode?: unknown };
  withMethod(method: string): PactumRequest;
  withPath(url: string): void;
  withRequestTimeout(milliseconds: number): void;
  withHeaders(headers: Record<string, string>): void;
  withBody(body: string | Buffer): void;
  withForm(form: Record<string, string>): void;
  withMultiPartFormData(
    name: string,
    content: string | Buffer,
    options?: { filename: string; contentType?: string },
  ): void;
}

const pending = new AsyncLocalStorage<PendingRequest>();

pactum.events.pactumEvents.on('BEFORE_REQUEST', ({ request }) => {
  const now = pending.getStore();
  if (!now) return;
  now.startedAt = Date.now();
  // pactum's own timeout is for an idle socket; this one is for the whole response.
  request.core = {
    agent: agents[new URL(request.url).protocol as 'http:'],
    signal: AbortSignal.timeout(now.options.timeoutMs ?? context.requestTimeoutMs),
  };
});

pactum.events.pactumEvents.on('AFTER_RESPONSE', ({ request, response }) => {
  const now = pending.getStore();
  if (!now) return;
  const failed = response instanceof Error;
  const bytes: Buffer = failed ? Buffer.alloc(0) : decompress(response.headers, response.buffer ?? Buffer.alloc(0));
  const exchange = record({
    ...(now.operation && { operation: now.operation }),
    credential: now.credential,
    method: request.method,
    url: request.url,
    headers: request.headers ?? {},
    ...bodyOf(request),
    startedAt: now.startedAt,
    durationMs: Date.now() - now.startedAt,
    ...(failed
      ? { error: String(response.cause ?? response.message) }
      : { response: { status: response.statusCode, headers: response.headers, body: bytes } }),
    valid: now.options.valid ?? now.wantsSuccess(),
  });
  if (failed) return;
  const headers = flatHeaders(response.headers);
  const body = headers['content-type']?.includes('json') ? parseBody(bytes, response) : bytes.toString('utf8');
  now.response = {
    status: response.statusCode,
    headers,
    body: body as Loose,
    text: bytes.toString('utf8'),
    bytes,
    exchange,
  };
});

/** Langflow compresses GET /api/v1/all even if the client does not ask for it. */
const decompress = (headers: Record<string, unknown>, bytes: Buffer): Buffer =>
  headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;

function parseBody(
  bytes: Buffer,
  response: { json?: unknown; text?: string; headers: Record<string, unknown> },
): unknown {
  // pactum does not parse the JSON text null.
  if (response.headers['content-encoding'] === 'gzip' || response.text === 'null')
    return JSON.parse(bytes.toString('utf8'));
  return response.json ?? response.text;
}

function bodyOf(request: { data?: string | Buffer; form?: Record<string, string> }): { body?: string | Buffer } {
  if (request.form) return { body: new URLSearchParams(request.form).toString() };
  return request.data === undefined ? {} : { body: request.data };
}

function send(method: string, path: string, options: RequestOptions, operation: Operation | undefined): Call {
  const request = pactum.spec() as unknown as PactumRequest;
  const toss = request.toss;
  request.toss = async () => {
    refuseWrites(method, operation);
    const credential = await credentialFor(operation, options.as, options.via);
    const query = { ...options.query, ...credential.query };
    request.withMethod(method).withPath(urlFor(path, options.path ?? {}, query));
    request.withRequestTimeout(options.timeoutMs ?? context.requestTimeoutMs);
    addBody(request, options);
    const headers = {
      ...faultHeader(),
      ...contentType(options),
      ...credential.headers,
      ...lowerCase(options.headers ?? {}),
    };
    if (Object.keys(headers).length > 0) request.withHeaders(headers);
    const now: PendingRequest = {
      options,
      operation,
      credential: credential.label,
      startedAt: Date.now(),
      wantsSuccess: () => isSuccess(request._expect.statusCode),
    };
    await pending
      .run(now, () => toss.call(request))
      .catch((error: unknown) => {
        throw now.response ? error : new NoResponse(`${method} ${path} got no response: ${(error as Error).message}`);
      });
    return now.response;
  };
  return request as unknown as Call;
}

const isSuccess = (status: unknown): boolean => typeof status === 'number' && status >= 200 && status < 300;
const lowerCase = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** The header that tells the proxy of a mutation run which fault to apply to this test. */
export function faultHeader(): Record<string, string> {
  const fault = currentTest()?.fault;
  return fault ? { 'x-flowpact-fault': fault } : {};
}

const LOGIN = new Set(['/api/v1/login', '/api/v1/auto_login', '/api/v1/refresh', '/api/v1/logout']);

/** @throws NotRun for a writing request with --read-only */
export function refuseWrites(method: string, operation: Operation | undefined): void {
  if (!context.readOnly || ['GET', 'HEAD', 'OPTIONS'].includes(method)) return;
  if (currentTest()?.readOnlySafe || (operation && LOGIN.has(operation.path))) return;
  throw new NotRun(`--read-only: its test sends ${method} ${operation?.path ?? ''}`.trim());
}

export function urlFor(
  template: string,
  path: Record<string, string | number>,
  query: RequestOptions['query'] = {},
): string {
  const filled = template.replaceAll(/\{([^}]+)\}/g, (whole, name: string) =>
    name in path ? encodeURIComponent(String(path[name])) : whole,
  );
  if (/\{[^}]+\}/.test(filled) && template.includes('{'))
    throw new Error(`${template} needs a value for ${/\{([^}]+)\}/.exec(filled)?.[1]}`);
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) search.append(name, String(one));
  }
  const text = search.toString();
  return context.url + filled + (text ? `?${text}` : '');
}

export function contentType(options: RequestOptions): Record<string, string> {
  if (options.body !== undefined) return { 'content-type': 'application/json' };
  return options.form ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
}

function addBody(request: PactumRequest, options: RequestOptions): void {
  if (options.body !== undefined) request.withBody(JSON.stringify(options.body));
  if (options.rawBody !== undefined) request.withBody(options.rawBody);
  if (options.form) request.withForm(options.form);
  for (const [name, part] of Object.entries(options.multipart ?? {})) {
    if (typeof part === 'string') request.withMultiPartFormData(name, part);
    else
      request.withMultiPartFormData(name, Buffer.from(part.content as string), {
        filename: part.filename,
        ...(part.contentType && { contentType: part.contentType }),
      });
  }
}
