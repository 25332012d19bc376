import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { OperationId } from '../../spec/operations.ts';
import { type Answer, type CallOptions, contentType, faultHeader, type Needed, type RequestOptions, refuseWrites, type SendOptions, urlFor } from './call.ts';
import { credentialFor } from './credentials.ts';
import { flatHeaders, record } from './recorder.ts';
import { context, spec } from './run-context.ts';
import { NoAnswer } from './verdict.ts';

/** How much of a stream is read. */
export interface StreamControl {
  /** Hang up when this says so: it gets all of the text so far. */
  until?: (text: string) => boolean;
  /** Hang up when status and headers are there: the answer may have no end. */
  headAlone?: boolean;
  /** Told when status and headers are there. */
  onHead?: () => void;
  /** Hang up when this is aborted. */
  hangUp?: AbortSignal;
}

/** A stream of an operation, in the form that the contract declares. */
export type StreamOptions<Id extends OperationId> = CallOptions<Id, SendOptions & StreamControl>;

export interface Streamed extends Answer<string> {
  /** What came when, in milliseconds since the request; a chunk is what one read gave. */
  chunks: { at: number; text: string }[];
  /** The text parted at blank lines, as event streams are. */
  frames: string[];
  /** Whether the server ended the answer as HTTP says; false when it was cut or the test hung up. */
  ended: boolean;
}

/** Calls an operation and keeps what came when. An answer of any status resolves; a server that goes silent fails the test. */
export function stream<Id extends OperationId>(operationId: Id, ...[options]: Needed<StreamOptions<Id>>): Promise<Streamed> {
  return streamById(operationId, options as (RequestOptions & StreamControl) | undefined);
}

/** The same of an operation that the test takes from the contract as it runs. */
export async function streamById(operationId: string, options: RequestOptions & StreamControl = {}): Promise<Streamed> {
  const operation = spec.operation(operationId);
  refuseWrites(operation.method, operation);
  const credential = await credentialFor(operation, options.as, options.via);
  const url = urlFor(operation.path, options.path ?? {}, { ...options.query, ...credential.query });
  const body = options.body === undefined ? options.rawBody : JSON.stringify(options.body);
  const headers = { ...faultHeader(), ...contentType(options), ...credential.headers, ...options.headers };
  const startedAt = Date.now();
  const sent = { operation, credential: credential.label, method: operation.method, url, headers, ...(body !== undefined && { body }), startedAt };
  const chunks: { at: number; text: string }[] = [];
  try {
    const { response, bytes, ended } = await read(operation.method, url, headers, body, options, chunks);
    const answer = { status: response.statusCode ?? 0, headers: response.headers, body: bytes };
    const valid = options.valid ?? answer.status < 300;
    const exchange = record({ ...sent, durationMs: Date.now() - startedAt, answer, chunks, valid, partial: !ended });
    const text = bytes.toString('utf8');
    const frames = text.split(/\r?\n\r?\n/).filter((frame) => frame.trim() !== '');
    return { status: answer.status, headers: flatHeaders(response.headers), body: text, text, bytes, exchange, chunks, frames, ended };
  } catch (error) {
    record({ ...sent, durationMs: Date.now() - startedAt, error: (error as Error).message, chunks, valid: false });
    throw new NoAnswer(`${operation.method} ${operation.path} got no whole answer: ${(error as Error).message}`);
  }
}

/** Milliseconds from the first read that has a text of this form to the last one. */
export function spread({ chunks }: Pick<Streamed, 'chunks'>, form: RegExp): number {
  const times = chunks.filter(({ text }) => form.test(text)).map(({ at }) => at);
  return (times.at(-1) ?? 0) - (times[0] ?? 0);
}

interface Read {
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
): Promise<Read> {
  const { promise, resolve, reject } = Promise.withResolvers<Read>();
  const start = Date.now();
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  // In chunks where the test asks for them.
  const length = body === undefined || headers['transfer-encoding'] ? {} : { 'content-length': Buffer.byteLength(body) };
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
    response.on('error', (error: NodeJS.ErrnoException) => (error.name === 'AbortError' || error.name === 'TimeoutError' ? reject(error) : undefined));
    response.on('close', () => resolve({ response, bytes: Buffer.concat(parts), ended: response.complete }));
  });
  request.end(body);
  return promise;
}
