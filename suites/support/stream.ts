import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { OperationId } from '../../spec/operations.ts';
import {
  type ApiResponse,
  type CallOptions,
  contentType,
  faultHeader,
  type OptionsArgument,
  type RequestOptions,
  refuseWrites,
  type SendOptions,
  urlFor,
} from './call.ts';
import { credentialFor } from './credentials.ts';
import { flatHeaders, record } from './recorder.ts';
import { context, spec } from './run-context.ts';
import { NoResponse } from './verdict.ts';

/** How much of a stream is read. */
export interface StreamControl {
  /** Called with all text so far; the connection is closed when it returns true. */
  until?: (text: string) => boolean;
  /** Close the connection when status and headers are received: the response may not end. */
  headAlone?: boolean;
  /** Called when status and headers are received. */
  onHead?: () => void;
  /** Closes the connection when aborted. */
  hangUp?: AbortSignal;
}

/** A stream of an operation, in the form that the contract declares. */
export type StreamOptions<Id extends OperationId> = CallOptions<Id, SendOptions & StreamControl>;

export interface StreamResponse extends ApiResponse<string> {
  /** The chunks, as read from the socket, with milliseconds since the request. */
  chunks: { at: number; text: string }[];
  /** The text split at blank lines, as in event streams. */
  frames: string[];
  /** Whether the response was complete; false if it was cut or the test closed the connection. */
  ended: boolean;
}

/** Calls an operation and keeps the chunks with their times. Any status resolves; a timeout fails the test. */
export function stream<Id extends OperationId>(
  operationId: Id,
  ...[options]: OptionsArgument<StreamOptions<Id>>
): Promise<StreamResponse> {
  return streamById(operationId, options as (RequestOptions & StreamControl) | undefined);
}

/** The same for an operation that the test finds in the contract at run time. */
export async function streamById(
  operationId: string,
  options: RequestOptions & StreamControl = {},
): Promise<StreamResponse> {
  const operation = spec.operation(operationId);
  refuseWrites(operation.method, operation);
  const credential = await credentialFor(operation, options.as, options.via);
  const url = urlFor(operation.path, options.path ?? {}, { ...options.query, ...credential.query });
  const body = options.body === undefined ? options.rawBody : JSON.stringify(options.body);
  const headers = { ...faultHeader(), ...contentType(options), ...credential.headers, ...options.headers };
  const startedAt = Date.now();
  const sent = {
    operation,
    credential: credential.label,
    method: operation.method,
    url,
    headers,
    ...(body !== undefined && { body }),
    startedAt,
  };
  const chunks: { at: number; text: string }[] = [];
  try {
    const { response, bytes, ended } = await read(operation.method, url, headers, body, options, chunks);
    const received = { status: response.statusCode ?? 0, headers: response.headers, body: bytes };
    const valid = options.valid ?? received.status < 300;
    const exchange = record({
      ...sent,
      durationMs: Date.now() - startedAt,
      response: received,
      chunks,
      valid,
      partial: !ended,
    });
    const text = bytes.toString('utf8');
    const frames = text.split(/\r?\n\r?\n/).filter((frame) => frame.trim() !== '');
    return {
      status: received.status,
      headers: flatHeaders(response.headers),
      body: text,
      text,
      bytes,
      exchange,
      chunks,
      frames,
      ended,
    };
  } catch (error) {
    record({ ...sent, durationMs: Date.now() - startedAt, error: (error as Error).message, chunks, valid: false });
    throw new NoResponse(`${operation.method} ${operation.path} got no whole response: ${(error as Error).message}`);
  }
}

/** Milliseconds between the first and the last chunk that matches. */
export function timeSpan({ chunks }: Pick<StreamResponse, 'chunks'>, form: RegExp): number {
  const times = chunks.filter(({ text }) => form.test(text)).map(({ at }) => at);
  return (times.at(-1) ?? 0) - (times[0] ?? 0);
}

interface StreamBody {
  response: IncomingMessage;
  bytes: Buffer;
  ended: boolean;
}

function read(
  method: string,
  url: string,
  headers: Record<string, string>,
  body: string | Buffer | undefined,
  options: RequestOptions & StreamControl,
  chunks: { at: number; text: string }[],
): Promise<StreamBody> {
  const { promise, resolve, reject } = Promise.withResolvers<StreamBody>();
  const start = Date.now();
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  // Chunked if the test sets transfer-encoding.
  const length =
    body === undefined || headers['transfer-encoding'] ? {} : { 'content-length': Buffer.byteLength(body) };
  const request = send(url, {
    method,
    headers: { ...headers, ...length },
    agent: false,
    signal: AbortSignal.timeout(options.timeoutMs ?? context.requestTimeoutMs),
  });
  request.on('error', reject);
  request.on('response', (response) => {
    const parts: Buffer[] = [];
    if (options.headAlone && (response.statusCode ?? 0) < 300) response.destroy();
    options.hangUp?.addEventListener('abort', () => response.destroy());
    options.onHead?.();
    response.on('data', (part: Buffer) => {
      parts.push(part);
      chunks.push({ at: Date.now() - start, text: part.toString('utf8') });
      if (options.until?.(Buffer.concat(parts).toString('utf8'))) response.destroy();
    });
    response.on('error', (error: NodeJS.ErrnoException) =>
      error.name === 'AbortError' || error.name === 'TimeoutError' ? reject(error) : undefined,
    );
    response.on('close', () => resolve({ response, bytes: Buffer.concat(parts), ended: response.complete }));
  });
  request.end(body);
  return promise;
}
