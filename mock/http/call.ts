import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { apiKeyOf } from '../auth/authenticate.ts';
import { cookiesOf } from '../auth/cookies.ts';
import { HttpError } from '../errors.ts';
import type { UploadedFile } from '../operation.ts';
import type { UserRow } from '../store/tables.ts';
import type { Values } from '../validation/index.ts';
import { queryOf } from './query.ts';

/**
 * The argument of a handler (`Call` gives its type by the operation). Handlers destructure it, so only the getters may
 * need `this`.
 */
export class RequestCall {
  readonly params: Values['params'];
  readonly query: Values['query'];
  readonly body: Values['body'];
  readonly files: UploadedFile[];
  readonly user: UserRow | undefined;
  readonly caller: UserRow | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly #response: FastifyReply;

  constructor(
    request: FastifyRequest,
    response: FastifyReply,
    { params, query, body }: Values,
    files: UploadedFile[],
    user: UserRow | undefined,
  ) {
    this.params = params;
    this.query = query;
    this.body = body;
    this.files = files;
    this.user = user;
    this.caller = user;
    this.headers = request.headers;
    this.#response = response;
  }

  get cookies(): Record<string, string> {
    return cookiesOf(this.headers.cookie);
  }

  get address(): string {
    return this.#response.request.ip.replace(/^::ffff:/, '');
  }

  get apiKey(): string | undefined {
    return apiKeyOf(this.headers, queryOf(this.#response.request.url));
  }

  get rawBody(): Buffer | undefined {
    return this.#response.request.body as Buffer | undefined;
  }

  get signal(): AbortSignal {
    const { raw } = this.#response;
    if (raw.destroyed) return AbortSignal.abort();
    const controller = new AbortController();
    raw.once('close', () => controller.abort());
    return controller.signal;
  }

  fail(status: number, detail: unknown, headers?: Record<string, string>): never {
    throw new HttpError(status, detail, headers);
  }
}
