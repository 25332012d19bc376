import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RunningMock } from '../../mock/index.ts';
import type { FaultContext, Mutant, ProxiedRequest, ProxiedResponse, SocketFault } from './mutant.ts';
import { passSocket } from './socket-proxy.ts';

/** How long a stream is read before its first part is passed on. */
const STREAM_MS = 100;
const STREAMED = /^(text\/event-stream|application\/x-ndjson)\b/;

export interface FaultProxy extends AsyncDisposable {
  url: string;
  /** How often each mutant's fault was applied. */
  applied: Map<string, number>;
  /** Applies these faults to requests with their id. */
  serve(mutants: Mutant[]): void;
}

/** A reverse proxy for the mock that applies the fault named by the request's header `x-flowpact-fault`. */
export async function startProxy(
  mock: RunningMock,
  admin: Record<string, string>,
  operationOf: (method: string, path: string) => string | undefined,
): Promise<FaultProxy> {
  const mutants = new Map<string, Mutant>();
  const applied = new Map<string, number>();
  const credentials: FaultContext['credentials'] = new Map();
  const send = (request: ProxiedRequest) => forward(mock.url, request);
  const behind = (mutant: Mutant): FaultContext => ({
    send,
    forgetting: (action) => forgetting(mock, action),
    applied: () => applied.set(mutant.id, (applied.get(mutant.id) ?? 0) + 1),
    admin,
    credentials,
  });
  const server = createServer(
    { shouldUpgradeCallback: ({ headers }) => headers.upgrade === 'websocket' },
    async (incoming, outgoing) => {
      try {
        const { fault, ...request } = await readRequest(incoming);
        const mutant = fault === undefined ? undefined : mutants.get(fault);
        const concerned = mutant && operationOf(request.method, request.path) === mutant.operationId;
        const serve = async (through: FaultContext['send']) =>
          concerned ? mutant.fault(request, { ...behind(mutant), send: through }) : through(request);
        const response = await serve(send);
        if (response.status < 300) remember(credentials, request);
        await write(outgoing, response, async (body) => (await serve(async () => ({ ...response, body }))).body);
      } catch (error) {
        outgoing.destroy(error as Error);
      }
    },
  );
  server.on('upgrade', (request, stream, head) => {
    const mutant = mutants.get(String(request.headers['x-flowpact-fault']));
    const concerned =
      mutant?.socket && operationOf('GET', (request.url ?? '').split('?', 1)[0] ?? '') === mutant.operationId;
    const spoiling = concerned ? { fault: mutant.socket as SocketFault, applied: behind(mutant).applied } : undefined;
    passSocket(mock.url, request, stream, head, spoiling);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    applied,
    serve(list) {
      mutants.clear();
      for (const mutant of list) mutants.set(mutant.id, mutant);
    },
    [Symbol.asyncDispose]: () => close(server),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<ProxiedRequest & { fault: string | undefined }> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?', 2);
  const {
    'x-flowpact-fault': fault,
    'transfer-encoding': _,
    connection: __,
    ...headers
  } = incoming.headers as Record<string, string>;
  return {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers,
    body: Buffer.concat(chunks),
    fault,
  };
}

function forward(base: string, { method, path, query, headers, body }: ProxiedRequest): Promise<ProxiedResponse> {
  const search = query.toString();
  const { 'content-length': _, ...rest } = headers;
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      base + path + (search ? `?${search}` : ''),
      { method, headers: { ...rest, ...(body.length > 0 && { 'content-length': body.length }) } },
      (response) => {
        const chunks: Buffer[] = [];
        const keep = (chunk: Buffer) => chunks.push(chunk);
        const got = () => ({
          status: response.statusCode ?? 0,
          headers: response.headers as ProxiedResponse['headers'],
          body: Buffer.concat(chunks),
        });
        response.on('data', keep).on('error', reject);
        response.on('end', () => resolve(plain(got())));
        if (!STREAMED.test(String(response.headers['content-type']))) return;
        // A stream may not end: passes on what was received in this time, and the rest as it comes.
        const timer = setTimeout(() => {
          response.pause().off('data', keep);
          resolve({ ...got(), rest: response });
        }, STREAM_MS);
        response.on('end', () => clearTimeout(timer));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function plain(response: ProxiedResponse): ProxiedResponse {
  return response.headers['content-encoding'] === 'gzip' ? { ...response, body: gunzipSync(response.body) } : response;
}

async function write(
  outgoing: ServerResponse,
  { status, headers, body, rest }: ProxiedResponse,
  part: (chunk: Buffer) => Promise<Buffer>,
): Promise<void> {
  const { 'content-length': length, 'transfer-encoding': __, connection: ___, ...kept } = headers;
  const whole = kept['content-encoding'] === 'gzip' ? gzipSync(body) : body;
  outgoing.writeHead(status, {
    ...(kept as Record<string, string>),
    ...(length !== undefined && { 'content-length': whole.length }),
  });
  if (!rest) return void outgoing.end(whole);
  // This sends the head, even with an empty body.
  outgoing.write(whole);
  outgoing.on('close', () => rest.destroy());
  try {
    for await (const chunk of rest) outgoing.write(await part(chunk));
  } catch {
    // The client closed the connection, or the mock did.
  }
  outgoing.end();
}

/** Stores accepted credentials: faults.foreignDataServed serves other users' data with them. */
function remember(credentials: FaultContext['credentials'], { headers, query }: ProxiedRequest): void {
  const key = query.get('x-api-key') ?? headers['x-api-key'];
  if (headers['authorization']?.startsWith('Bearer ')) credentials.set(headers['authorization'], 'authorization');
  if (key) credentials.set(key, 'x-api-key');
}

async function forgetting<T>(mock: RunningMock, action: () => Promise<T>): Promise<T> {
  const before = mock.snapshot();
  try {
    return await action();
  } finally {
    await mock.restore(before);
  }
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
