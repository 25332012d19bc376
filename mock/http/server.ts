import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { Operation } from '../../spec/index.ts';
import { authenticate, countsWithSuccess, countUse } from '../auth/authenticate.ts';
import { HttpError, UnhandledError } from '../errors.ts';
import { whyUnwritable } from '../json.ts';
import type { Mock } from '../mock.ts';
import { type AnyHandlers, reply as answerWith, type GuardedHandler, type Reply } from '../operation.ts';
import { compileRequest } from '../validation/index.ts';
import { bodyReader } from './body.ts';
import { RequestCall } from './call.ts';
import { serveDocument } from './docs.ts';
import { answerConnects, httpOptions, passOverExpectations, refuseBrokenRequest, restoreType, rewriteUrl } from './lenient.ts';
import { notFound } from './not-found.ts';
import type { PrismEngine } from './prism.ts';
import { queryOf } from './query.ts';
import { sendReply } from './send.ts';
import type { SocketHandler } from './socket.ts';
import { refuseLooseForm, wantsStrictForm } from './strict-form.ts';
import type { Send } from './ui.ts';
import { acceptWebSockets } from './upgrade.ts';

export interface FrontOptions {
  mock: Mock;
  handlers: AnyHandlers;
  socketHandlers: Record<string, SocketHandler | undefined>;
  /** Loaded when an answer needs it: Prism takes most of a second to load. */
  prism: () => Promise<PrismEngine>;
  checkResponses: boolean;
  /** The folder of the web UI's files. */
  ui: string | undefined;
  log: boolean;
}

/** Bytes of a request body; what surrounds a file in a form counts (CONFIG-015). */
const bodyLimit = (mock: Mock) => mock.settings.maxFileSizeUpload * 1024 * 1024;

/** Validation and JSON are ours: Fastify would load compilers of its own, which takes a tenth of a start. */
const NO_SCHEMAS = { compilersFactory: { buildValidator: () => () => () => true, buildSerializer: () => () => JSON.stringify } };

/** FastAPI names the media type even where there is no body. */
const NO_BODY = { 'content-type': 'application/json' };

/** The HTTP front: a route for each operation of the contract. */
export async function createFront(options: FrontOptions): Promise<FastifyInstance> {
  const { mock } = options;
  const app = fastify({
    logger: options.log,
    bodyLimit: bodyLimit(mock),
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 65_536 },
    forceCloseConnections: true,
    http: httpOptions,
    schemaController: NO_SCHEMAS as never,
    rewriteUrl,
    clientErrorHandler: refuseBrokenRequest,
    // A path that can't be decoded.
    frameworkErrors: (_error, _request, response) => void sendReply(response as FastifyReply, answerWith(404, { json: { detail: 'Not Found' } })),
  });
  const send: Send = options.ui === undefined ? sendReply : await (await import('./ui.ts')).serveUi(app, options.ui);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(['application/json', '*'], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  serveDocument(app, mock);
  for (const operation of mock.spec.operations) {
    if (operation.websocket) continue;
    app.route({
      method: operation.method as 'GET',
      url: operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handler: handlerOf(operation, options, send),
    });
  }
  passOverExpectations(app.server);
  answerConnects(app.server);
  const endWebSockets = acceptWebSockets(app.server, mock, options.socketHandlers);
  app.addHook('preClose', async () => endWebSockets());
  app.setNotFoundHandler((request, reply) => send(reply, notFound(mock.spec, request)));
  app.setErrorHandler((error, request, reply) => send(reply, errorReply(error, request, mock)));
  return app;
}

function handlerOf(operation: Operation, options: FrontOptions, send: Send) {
  const { mock } = options;
  const handlerId = operation.twinOf ?? operation.operationId;
  const { handle, beforeCredential, beforeValidation, beforeBody } = guardedHandler(options.handlers[handlerId]);
  const strict = wantsStrictForm(mock.spec, operation.path);
  const countsLate = countsWithSuccess(operation);
  const read = bodyReader(operation, mock);
  const validate = compileRequest(operation, mock.spec.document);
  const success = Number(Object.keys(operation.responses).find((status) => Number(status) < 400) ?? 200);
  const answer = async (request: FastifyRequest, response: FastifyReply) => {
    const { headers } = request;
    const params = request.params as Record<string, string>;
    const query = queryOf(request.url);
    restoreType(headers);
    refuseSlash(request.url, params);
    if (strict) refuseLooseForm(request);
    const { value, files } = read(request);
    beforeCredential?.({ params, query }, mock);
    // Nothing is awaited that is there already: each wait is a turn of the queue.
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
        ? mock.store.unitOfWork(() => handle(new RequestCall(request, response, checked.values, files, user) as never, mock))
        : (await options.prism()).generate(operation, request);
    const shown = result instanceof Promise ? await result : result;
    const full = isReply(shown) ? shown : shown === undefined ? answerWith(success, undefined, NO_BODY) : answerWith(success, { json: shown });
    if (caller?.apiKey && countsLate) countUse(mock, caller.apiKey);
    if (options.checkResponses) await (await options.prism()).check(operation, full);
    send(response, full);
  };
  // Not returned: Fastify would wait for the end of the answer in its own way.
  return (request: FastifyRequest, response: FastifyReply): void => {
    answer(request, response).catch((error) => response.send(error));
  };
}

const guardedHandler = (handler: AnyHandlers[string]): Partial<GuardedHandler> => (typeof handler === 'function' ? { handle: handler } : (handler ?? {}));

/** A slash that stands encoded in a parameter parts the path all the same: it is that of no operation. */
function refuseSlash(url: string, params: Record<string, string>): void {
  if (/%2f/i.test(url) && Object.values(params).some((value) => value.includes('/'))) throw new HttpError(404, 'Not Found');
}

/** Whether an answer of Prism is wanted, as Prism's users ask for it. */
function prefers(headers: FastifyRequest['headers'], query: URLSearchParams): boolean {
  const asked = headers.prefer ?? (query.size > 0 ? (query.get('__code') ?? query.get('__example') ?? query.get('__dynamic')) : undefined);
  return Boolean(asked);
}

function isReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && (value as Partial<Reply>).reply === true;
}

/** The one place where an error becomes an answer, in FastAPI's form. */
function errorReply(error: unknown, request: FastifyRequest, mock: Mock): Reply {
  mock.logs.write(lineOf(error));
  const unwritable = error instanceof HttpError && error.status === 422 ? whyUnwritable({ detail: error.detail }) : undefined;
  if (unwritable !== undefined) return answerWith(500, { json: { message: unwritable } });
  if (error instanceof HttpError) return answerWith(error.status, { json: { detail: error.detail } }, error.headers);
  if (error instanceof UnhandledError) return answerWith(500, { json: { message: error.message } });
  const status = (error as { statusCode?: number }).statusCode;
  if (status === 413) return tooLarge(request, mock);
  if (status && status < 500) return answerWith(400, { json: { detail: 'There was an error parsing the body' } });
  request.log.error(error);
  process.stderr.write(`${request.method} ${request.url}: ${(error as Error).stack ?? error}\n`);
  return answerWith(500, { json: { message: error instanceof Error ? error.message : String(error) } });
}

/** What the log says of a request that failed. */
function lineOf(error: unknown): string {
  const told = error instanceof HttpError && typeof error.detail === 'string';
  return told ? `Client error during session scope: ${error.status}: ${error.detail}` : 'An error occurred during the session scope.';
}

function tooLarge(request: FastifyRequest, { settings }: Mock): Reply {
  const got = Number(request.headers['content-length'] ?? 0) / (1024 * 1024);
  const detail = `Content size limit exceeded. Maximum allowed is ${settings.maxFileSizeUpload}MB and got ${Math.round(got * 1000) / 1000}MB.`;
  return answerWith(413, { json: { detail } });
}
