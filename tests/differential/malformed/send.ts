import { Agent, type ClientRequest, type IncomingMessage, request as open } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Exchange } from '../../../reports/run.ts';
import type { MalformedRequest } from './request.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
/** Without a response by then, the server counts as hung. */
const PATIENCE_MS = 30_000;
/** How long an endless stream is read. */
const QUIET_MS = 700;

/** Sends a request unchanged, and waits for the whole response, or for the first part of an endless one. */
export async function send(url: string, operationId: string, malformed: MalformedRequest): Promise<Exchange> {
  const startedAt = performance.now();
  const base = {
    id: 'x',
    operationId,
    credential: '',
    request: { method: malformed.method, url: malformed.path, headers: {} },
    violations: [],
  };
  const done = (rest: Pick<Exchange, 'response' | 'error'>): Exchange => ({
    ...base,
    at: 0,
    durationMs: performance.now() - startedAt,
    ...rest,
  });
  try {
    return done({ response: await ask(url, malformed) });
  } catch (error) {
    return done({ error: (error as Error).message });
  }
}

async function ask(url: string, malformed: MalformedRequest, again = true): Promise<NonNullable<Exchange['response']>> {
  const outgoing = start(url, malformed);
  try {
    return await responseTo(outgoing, malformed);
  } catch (error) {
    // The server closed a kept connection, which has nothing to do with this request.
    if (again && outgoing.reusedSocket && ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return ask(url, malformed, false);
    throw error;
  } finally {
    outgoing.destroy();
  }
}

function start(url: string, { method, path, headers, body, chunked }: MalformedRequest): ClientRequest {
  const { hostname, port } = new URL(url);
  const length = chunked ? { 'transfer-encoding': 'chunked' } : body ? { 'content-length': String(body.length) } : {};
  const outgoing = open({ agent, hostname, port, method, path, headers: { ...headers, ...length } });
  if (body && chunked) for (let at = 0; at < body.length; at += 7) outgoing.write(body.subarray(at, at + 7));
  outgoing.end(chunked ? undefined : body);
  return outgoing;
}

function responseTo(outgoing: ClientRequest, { method }: MalformedRequest): Promise<NonNullable<Exchange['response']>> {
  const { promise, resolve, reject } = Promise.withResolvers<NonNullable<Exchange['response']>>();
  const late = setTimeout(() => outgoing.destroy(new Error(`no response within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  outgoing.on('error', reject);
  outgoing.on('response', (incoming) => {
    const chunks: Buffer[] = [];
    const end = () => resolve(responseOf(incoming, Buffer.concat(chunks)));
    const endless = method === 'GET' && incoming.headers['content-type']?.startsWith('text/event-stream');
    const quiet = endless ? setTimeout(end, QUIET_MS) : undefined;
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', end);
    incoming.on('error', reject);
    incoming.on('close', () => clearTimeout(quiet));
  });
  return promise.finally(() => clearTimeout(late));
}

function responseOf({ statusCode = 0, headers }: IncomingMessage, bytes: Buffer): NonNullable<Exchange['response']> {
  const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
  const flat = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    Array.isArray(value) ? value.join('\n') : (value ?? ''),
  ]);
  return { status: statusCode, headers: Object.fromEntries(flat), body: plain.toString('utf8'), bytes: plain.length };
}
