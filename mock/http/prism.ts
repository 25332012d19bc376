import { createLogger } from '@stoplight/prism-core';
import {
  createInstance,
  getHttpOperationsFromSpec,
  type IHttpConfig,
  type IHttpRequest,
  type IHttpResponse,
} from '@stoplight/prism-http';
import { getHttpConfigFromRequest } from '@stoplight/prism-http-server/dist/getHttpConfigFromRequest.js';
import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import type { Operation, Spec } from '../../spec/index.ts';
import { HttpError } from '../errors.ts';
import { jsonLatin1 } from '../json.ts';
import { type HttpResponse, respond } from '../operation.ts';

/** Prism for the stateless half: generates responses from the contract, and checks ours against it. */
export interface PrismEngine {
  /** Negotiates and generates a response. Reads Prism's `Prefer: code=…`, `example=…` and `dynamic=true`. */
  generate(operation: Operation, request: FastifyRequest): Promise<HttpResponse>;
  /** @throws Error that lists where the response violates the contract */
  check(operation: Operation, response: HttpResponse): Promise<void>;
}

const defaults: IHttpConfig = {
  isProxy: false,
  checkSecurity: false,
  validateRequest: false,
  validateResponse: true,
  errors: false,
  upstreamProxy: undefined,
  mock: { dynamic: false },
};

/**
 * Loads Prism with the contract. The front has already routed, authenticated and validated the request, so those
 * components are replaced.
 */
export async function createPrism(spec: Spec): Promise<PrismEngine> {
  const operations = new Map(
    (await getHttpOperationsFromSpec(spec.document)).map((operation) => [
      `${operation.method.toUpperCase()} ${operation.path}`,
      operation,
    ]),
  );
  const logger = createLogger('prism', { level: 'silent' });
  const routed = { logger, route: ({ resources }: { resources: unknown[] }) => E.right(resources[0]) };
  const generating = createInstance(defaults, routed as never);
  // The mock's response takes the place of Prism's own at the `mock` component, so that Prism validates it.
  const checking = createInstance(defaults, {
    ...routed,
    mock:
      ({ input }: { input: { data: { response: IHttpResponse } } }) =>
      () =>
        E.right(input.data.response),
  } as never);
  const resourceOf = (operation: Operation) => {
    const found = operations.get(`${operation.method} ${operation.path}`);
    if (!found) throw new Error(`Prism does not know ${operation.operationId}`);
    return found;
  };
  return {
    async generate(operation, request) {
      const input = requestOf(operation, request);
      const config = getHttpConfigFromRequest(input as never);
      if (E.isLeft(config)) throw new HttpError(422, config.left.detail);
      const mock = Object.fromEntries(Object.entries(config.right).filter(([, value]) => value !== undefined));
      const result = await generating.request(input, [resourceOf(operation)], {
        ...defaults,
        mock: { dynamic: false, ...mock },
      } as never)();
      if (E.isLeft(result)) {
        const { status = 500, message, detail = message }: Error & { status?: number; detail?: string } = result.left;
        throw new HttpError(status, detail);
      }
      const { output } = result.right as unknown as { output: IHttpResponse };
      const headers = withoutBytes((output.headers ?? {}) as Record<string, string>);
      if (output.body === undefined) return respond(output.statusCode, undefined, headers);
      const isJson = (headers['Content-type'] ?? headers['content-type'] ?? '').includes('json');
      return respond(output.statusCode, isJson ? { json: output.body } : { bytes: String(output.body) }, headers);
    },
    async check(operation, response) {
      if (response.body && !('json' in response.body)) return;
      const body = response.body
        ? JSON.parse(Buffer.from(jsonLatin1(response.body.json), 'latin1').toString())
        : undefined;
      const output = {
        statusCode: response.status,
        headers: { 'content-type': 'application/json', ...singleHeaders(response.headers) },
        body,
      };
      const input = {
        method: operation.method.toLowerCase(),
        url: { path: operation.path },
        headers: {},
        response: output,
      };
      const result = await checking.request(input as never, [resourceOf(operation)])();
      if (E.isLeft(result)) throw new Error(`${operation.operationId}: ${result.left.message}`);
      const wrong = result.right.validations.output.filter(({ code }) => code !== 'extra');
      if (wrong.length)
        throw new Error(
          `${operation.operationId} answers ${response.status} against the contract: ${wrong.map(({ path, message }) => `${path?.join('.')} ${message}`).join('; ')}`,
        );
    },
  };
}

function requestOf(operation: Operation, request: FastifyRequest): IHttpRequest {
  return {
    method: operation.method.toLowerCase() as IHttpRequest['method'],
    url: { path: request.url.split('?')[0] ?? '/', query: request.query as Record<string, string> },
    headers: request.headers as Record<string, string>,
    body: undefined,
  };
}

/** Removes the headers that describe bytes which are not sent, such as the compression of an example. */
function withoutBytes(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_BYTES.has(name.toLowerCase())));
}

const OF_BYTES = new Set(['content-encoding', 'content-length', 'content-range', 'transfer-encoding', 'connection']);

/** Joins the values of a header that is sent several times, as Prism expects it (RFC 9110, 5.3). */
function singleHeaders(headers: HttpResponse['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
