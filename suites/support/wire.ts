import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { faultHeader } from './call.ts';
import { record } from './recorder.ts';
import { context } from './run-context.ts';
import { NoResponse } from './verdict.ts';

/** A response as read from the socket. */
export interface WireResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  text: string;
}

export interface WireExchange {
  /** Responses with a status of 200 or more. */
  responses: WireResponse[];
  interim: number[];
  /** Whether the server closed the connection. */
  closed: boolean;
}

export interface WireOptions {
  /** How many responses to wait for. */
  responses?: number;
  /** Also wait until the server closes the connection. */
  untilClosed?: boolean;
  /** Wait for an interim response before the last piece. */
  untilContinue?: boolean;
}

const PIECE_MS = 15;

/** The text of a request with Host and these header lines, unchanged. */
export function requestText(method: string, target: string, lines: string[] = [], body = '', version = '1.1'): string {
  const fault = Object.entries(faultHeader()).map(([name, value]) => `${name}: ${value}`);
  const host = `Host: ${new URL(context.url).host}`;
  return `${method} ${target} HTTP/${version}\r\n${[host, ...fault, ...lines].join('\r\n')}\r\n\r\n${body}`;
}

/** Sends bytes unchanged, each piece in its own write, and reads the responses. */
export async function wire(pieces: string | string[], options: WireOptions = {}): Promise<WireExchange> {
  const startedAt = Date.now();
  const socket = open();
  const sent = {
    credential: 'as written',
    method: 'RAW',
    url: context.url,
    headers: {},
    body: [pieces].flat().join(''),
    startedAt,
    valid: false,
  };
  try {
    const read = await exchange(socket, [pieces].flat(), options);
    for (const { status, headers, text } of read.responses) {
      record({ ...sent, durationMs: Date.now() - startedAt, response: { status, headers, body: Buffer.from(text) } });
    }
    return read;
  } catch (error) {
    record({ ...sent, durationMs: Date.now() - startedAt, error: (error as Error).message });
    throw new NoResponse(`No complete response to the bytes: ${(error as Error).message}`);
  } finally {
    socket.destroy();
  }
}

function open(): Socket {
  const { protocol, hostname, port } = new URL(context.url);
  if (protocol === 'https:') return connectTls({ host: hostname, port: Number(port || 443), servername: hostname });
  return connect(Number(port || 80), hostname);
}

async function exchange(
  socket: Socket,
  pieces: string[],
  { responses: wanted = 1, untilClosed = false, untilContinue = false }: WireOptions,
): Promise<WireExchange> {
  let bytes = Buffer.alloc(0);
  let closed = false;
  let wake = Promise.withResolvers<void>();
  const change = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  socket.on('data', (more) => {
    bytes = Buffer.concat([bytes, more]);
    change();
  });
  socket.on('close', () => {
    closed = true;
    change();
  });
  socket.on('error', change);
  const until = async (enough: (read: WireExchange) => boolean): Promise<WireExchange> => {
    const late = AbortSignal.timeout(context.requestTimeoutMs);
    late.addEventListener('abort', change);
    for (;;) {
      const read = { ...parse(bytes), closed };
      if (enough(read)) return read;
      if (closed || late.aborted)
        throw new Error(
          `${read.responses.length} of ${wanted} responses were received${closed ? ', and the connection was closed' : ''}`,
        );
      await wake.promise;
    }
  };
  for (const [index, piece] of pieces.entries()) {
    if (untilContinue && index === pieces.length - 1) await until(({ interim }) => interim.length > 0);
    socket.write(piece, 'utf8');
    if (index < pieces.length - 1) await new Promise((resolve) => setTimeout(resolve, PIECE_MS));
  }
  return until((read) => read.responses.length >= wanted && (!untilClosed || read.closed));
}

/** The complete responses in the received bytes. */
function parse(bytes: Buffer): Pick<WireExchange, 'responses' | 'interim'> {
  const responses: WireResponse[] = [];
  const interim: number[] = [];
  for (let rest = bytes; ; ) {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) return { responses: responses, interim };
    const [line = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const status = Number(line.split(' ')[1]);
    const headers = Object.fromEntries(
      lines.map((one) => [one.slice(0, one.indexOf(':')).toLowerCase(), one.slice(one.indexOf(':') + 1).trim()]),
    );
    rest = rest.subarray(end + 4);
    if (status < 200) {
      interim.push(status);
      continue;
    }
    const body = bodyOf(rest, headers);
    if (!body) return { responses: responses, interim };
    responses.push({ status, headers, text: body.text });
    rest = rest.subarray(body.length);
  }
}

function bodyOf(bytes: Buffer, headers: Record<string, string>): { text: string; length: number } | undefined {
  if (headers['transfer-encoding'] !== 'chunked') {
    const length = Number(headers['content-length'] ?? 0);
    return bytes.length < length ? undefined : { text: bytes.subarray(0, length).toString('utf8'), length };
  }
  const end = bytes.indexOf('0\r\n\r\n');
  return end === -1 ? undefined : { text: bytes.subarray(0, end).toString('utf8'), length: end + 5 };
}
