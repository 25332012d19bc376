import type { IncomingMessage } from 'node:http';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { Operation } from '../../spec/index.ts';
import { fillPath } from '../../spec/path-template.ts';
import { withoutSecrets } from '../../spec/secrets.ts';
import { authenticate, countsWithSuccess, countUse, hasCredential } from '../auth/authenticate.ts';
import { HttpError, UnhandledError } from '../errors.ts';
import { sweepBlobs } from '../files/storage.ts';
import { whyUnwritable } from '../json.ts';
import type { Mock } from '../mock.ts';
import { type AnyHandlers, type GuardedHandler, type HttpResponse, respond, type UploadedFile } from '../operation.ts';
import { compileRequest } from '../validation/index.ts';
import { BodyTooLarge, bodyKind, bodyReader, mostWholeBytes } from './body.ts';
import { RequestCall } from './call.ts';
import { restoreSpaces } from './credential-spaces.ts';
import { serveDocument } from './docs.ts';
import { readForm } from './form.ts';
import {
  httpOptions,
  ignoreExpectations,
  refuseBrokenRequest,
  respondToConnect,
  restoreType,
  rewriteUrl,
} from './lenient.ts';
import { notFound } from './not-found.ts';
import type { PrismEngine } from './prism.ts';
import { queryOf } from './query.ts';
import { sendResponse } from './send.ts';
import type { SocketHandler } from './socket.ts';
import { wantsStrictForm } from './strict-form.ts';
import type { Send } from './ui.ts';
import { acceptWebSockets } from './upgrade.ts';

export interface FrontOptions {
  mock: Mock;
  handlers: AnyHandlers;
  socketHandlers: Record<string, SocketHandler | undefined>;
  /** Loaded when a response needs it: Prism takes most of a second to load. */
  prism: () => Promise<PrismEngine>;
  checkResponses: boolean;
  /** The folder of the web UI's files. */
  ui: string | undefined;
  log: boolean;
}

/** Validation and JSON are our own. Fastify would load its compilers, which takes a tenth of a start. */
const NO_SCHEMAS = {
  compilersFactory: { buildValidator: () => () => () => true, buildSerializer: () => () => JSON.stringify },
};

/** FastAPI sends the media type even without a body. */
const NO_BODY = { 'content-type': 'application/json' };

/** Makes the HTTP front: a route for each operation of the contract. */
export async function createFront(options: FrontOptions): Promise<FastifyInstance> {
  const { mock } = options;
  const app = fastify({
    logger: options.log && { serializers: { req: requestForLog } },
    bodyLimit: mostWholeBytes(mock),
    // No timers: its plugins are our own.
    pluginTimeout: 0,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 65_536 },
    forceCloseConnections: true,
    http: httpOptions,
    schemaController: NO_SCHEMAS as never,
    rewriteUrl: (request) => {
      restoreSpaces(request as IncomingMessage);
      return rewriteUrl(request);
    },
    clientErrorHandler: refuseBrokenRequest,
    // The path can't be decoded.
    frameworkErrors: (_error, _request, response) =>
      void sendResponse(response as FastifyReply, respond(404, { json: { detail: 'Not Found' } })),
  });
  const send: Send = options.ui === undefined ? sendResponse : await (await import('./ui.ts')).serveUi(app, options.ui);
  app.removeAllContentTypeParsers();
  // The body stays a stream: forms are read while they arrive.
  app.addContentTypeParser('*', (_request, body, done) => done(null, body));
  serveDocument(app, mock);
  const plain = mock.spec.operations.filter(({ websocket }) => !websocket);
  const isWhole = (operation: Operation) => bodyKind(operation) === 'whole';
  addRoutes(
    app,
    plain.filter((operation) => !isWhole(operation)),
    options,
    send,
  );
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    addRoutes(scope, plain.filter(isWhole), options, send);
  });
  ignoreExpectations(app.server);
  respondToConnect(app.server);
  const endWebSockets = acceptWebSockets(app.server, mock, options.socketHandlers);
  app.addHook('preClose', async () => endWebSockets());
  app.setNotFoundHandler(async (request, response) => send(response, await notFound(mock, request)));
  app.setErrorHandler((error, request, response) => send(response, errorResponse(error, request, mock)));
  return app;
}

/** The log entry of a request: Fastify's, without the secrets of the query. */
const requestForLog = ({ method, url, host, ip, socket }: FastifyRequest) => ({
  ...{ method, url: withoutSecrets(url), host, remoteAddress: ip, remotePort: socket.remotePort ?? 0 },
});

function addRoutes(app: FastifyInstance, operations: Operation[], options: FrontOptions, send: Send): void {
  for (const operation of operations) {
    let handler: ReturnType<typeof handlerOf> | undefined;
    app.route({
      method: operation.method as 'GET',
      url: fillPath(operation.path, (name) => `:${name}`),
      // Made at the first request: a start would make all of them.
      handler: (request, response) => (handler ??= handlerOf(operation, options, send))(request, response),
    });
  }
}

function handlerOf(operation: Operation, options: FrontOptions, send: Send) {
  const { mock } = options;
  const handlerId = operation.twinOf ?? operation.operationId;
  const { handle, beforeCredential, beforeValidation, beforeBody } = toGuardedHandler(options.handlers[handlerId]);
  const strict = wantsStrictForm(mock.spec, operation.path);
  const countsLate = countsWithSuccess(operation);
  const isForm = bodyKind(operation) === 'form';
  const read = bodyReader(operation, mock);
  const validate = compileRequest(operation, mock.spec.document);
  const success = Number(Object.keys(operation.responses).find((status) => Number(status) < 400) ?? 200);
  const handleRequest = async (request: FastifyRequest, response: FastifyReply, uploads: UploadedFile[]) => {
    const { headers } = request;
    const params = request.params as Record<string, string>;
    const query = queryOf(request.url);
    restoreType(headers);
    refuseSlash(request.url, params);
    if (hasEmptyParameter(params)) return void send(response, await notFound(mock, request));
    const { value, files } = isForm
      ? await readForm(request, mock, { strict, keepsFiles: hasCredential(mock, operation, { headers, query }) })
      : read(request);
    uploads.push(...files);
    beforeCredential?.({ params, query }, mock);
    // Awaits only a promise, since each await takes a turn of the event loop.
    const found = authenticate(mock, operation, { headers, query });
    const caller = found instanceof Promise ? await found : found;
    if (caller?.apiKey && !countsLate) countUse(mock, caller.apiKey);
    const user = caller?.user;
    if (user) beforeValidation?.(user);
    const checked = validate({ params, query, headers, body: value });
    const pathIsGood = !('errors' in checked) || !checked.errors.some(({ loc }) => loc[0] === 'path');
    if (user && pathIsGood) beforeBody?.(user, { params, query }, mock);
    if ('errors' in checked) throw new HttpError(422, checked.errors);
    const result =
      handle && !prefers(headers, query)
        ? mock.store.unitOfWork(() =>
            handle(new RequestCall(request, response, checked.values, files, user) as never, mock),
          )
        : (await options.prism()).generate(operation, request);
    const returned = result instanceof Promise ? await result : result;
    const full = isHttpResponse(returned)
      ? returned
      : returned === undefined
        ? respond(success, undefined, NO_BODY)
        : respond(success, { json: returned });
    if (caller?.apiKey && countsLate) countUse(mock, caller.apiKey);
    if (options.checkResponses) await (await options.prism()).check(operation, full);
    send(response, full);
  };
  const serve = async (request: FastifyRequest, response: FastifyReply) => {
    const uploads: UploadedFile[] = [];
    try {
      await handleRequest(request, response, uploads);
    } catch (error) {
      response.send(error);
    } finally {
      sweepBlobs(mock, uploads);
    }
  };
  // Returns no promise: Fastify would wait for the end of the response in its own way.
  return (request: FastifyRequest, response: FastifyReply): void => {
    serve(request, response).catch((error) => {
      // A part of the response has been sent already.
      mock.background.report(`${request.method} ${request.url}`, error);
      response.raw.destroy();
    });
  };
}

const toGuardedHandler = (handler: AnyHandlers[string]): Partial<GuardedHandler> =>
  typeof handler === 'function' ? { handle: handler } : (handler ?? {});

/** Refuses an encoded slash in a parameter: to a real server it separates path segments, so no operation matches. */
function refuseSlash(url: string, params: Record<string, string>): void {
  if (/%2f/i.test(url) && Object.values(params).some((value) => value.includes('/')))
    throw new HttpError(404, 'Not Found');
}

/**
 * Whether a parameter is empty. Fastify allows that, Starlette does not: `/servers/` is not `/servers/{name}`
 * (HTTP-140).
 */
function hasEmptyParameter(params: Record<string, string>): boolean {
  for (const name in params) if (params[name] === '') return true;
  return false;
}

/** Whether the request asks for a response of Prism, by header or query parameter. */
function prefers(headers: FastifyRequest['headers'], query: URLSearchParams): boolean {
  const preference =
    headers.prefer ??
    (query.size > 0 ? (query.get('__code') ?? query.get('__example') ?? query.get('__dynamic')) : undefined);
  return Boolean(preference);
}

function isHttpResponse(value: unknown): value is HttpResponse {
  return typeof value === 'object' && value !== null && (value as Partial<HttpResponse>).isResponse === true;
}

/** Turns an error into a response in FastAPI's form. The only place that does so. */
function errorResponse(error: unknown, request: FastifyRequest, mock: Mock): HttpResponse {
  mock.logs.write(lineOf(error));
  const unwritable =
    error instanceof HttpError && error.status === 422 ? whyUnwritable({ detail: error.detail }) : undefined;
  if (unwritable !== undefined) return respond(500, { json: { message: unwritable } });
  if (error instanceof HttpError) return respond(error.status, { json: { detail: error.detail } }, error.headers);
  if (error instanceof UnhandledError) return respond(500, { json: { message: error.message } });
  const status = (error as { statusCode?: number }).statusCode;
  if (error instanceof BodyTooLarge) return bodyTooLarge(error);
  if (status === 413)
    return bodyTooLarge(new BodyTooLarge(Number(request.headers['content-length'] ?? 0), mostWholeBytes(mock)));
  if (status && status < 500) return respond(400, { json: { detail: 'There was an error parsing the body' } });
  request.log.error(error);
  process.stderr.write(`${request.method} ${withoutSecrets(request.url)}: ${(error as Error).stack ?? error}\n`);
  return respond(500, { json: { message: error instanceof Error ? error.message : String(error) } });
}

/** The log line of a request that failed. */
function lineOf(error: unknown): string {
  const hasText = error instanceof HttpError && typeof error.detail === 'string';
  return hasText
    ? `Client error during session scope: ${error.status}: ${error.detail}`
    : 'An error occurred during the session scope.';
}

/** The rest of the body is not read, so the connection closes. */
function bodyTooLarge({ bytes, most }: BodyTooLarge): HttpResponse {
  const [limit, got] = [most, bytes].map((count) => Math.round((count / (1024 * 1024)) * 1000) / 1000);
  return respond(
    413,
    { json: { detail: `Content size limit exceeded. Maximum allowed is ${limit}MB and got ${got}MB.` } },
    { connection: 'close' },
  );
}
