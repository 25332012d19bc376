import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { faultHeader } from './call.ts';
import { record } from './recorder.ts';
import { context } from './run-context.ts';
import { NoAnswer } from './verdict.ts';

/** An answer as it stood on the wire. */
export interface WireAnswer {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  text: string;
}

export interface Wire {
  /** Those below 200 are in `interim`. */
  answers: WireAnswer[];
  interim: number[];
  /** Whether the server closed the connection. */
  closed: boolean;
}

export interface WireOptions {
  /** How many answers there will be. */
  answers?: number;
  /** Wait until the server closes the connection, too. */
  untilClosed?: boolean;
  /** Wait for an interim answer before the last piece. */
  untilContinue?: boolean;
}

const PIECE_MS = 15;

/** The text of a request, with Host; header lines as they are. */
export function requestText(method: string, target: string, lines: string[] = [], body = '', version = '1.1'): string {
  const fault = Object.entries(faultHeader()).map(([name, value]) => `${name}: ${value}`);
  const host = `Host: ${new URL(context.url).host}`;
  return `${method} ${target} HTTP/${version}\r\n${[host, ...fault, ...lines].join('\r\n')}\r\n\r\n${body}`;
}

/** Sends bytes as they are, each piece by itself, and reads what comes. */
export async function wire(pieces: string | string[], options: WireOptions = {}): Promise<Wire> {
  const startedAt = Date.now();
  const socket = open();
  const sent = { credential: 'as written', method: 'RAW', url: context.url, headers: {}, body: [pieces].flat().join(''), startedAt, valid: false };
  try {
    const read = await exchange(socket, [pieces].flat(), options);
    for (const { status, headers, text } of read.answers) {
      record({ ...sent, durationMs: Date.now() - startedAt, answer: { status, headers, body: Buffer.from(text) } });
    }
    return read;
  } catch (error) {
    record({ ...sent, durationMs: Date.now() - startedAt, error: (error as Error).message });
    throw new NoAnswer(`The bytes got no whole answer: ${(error as Error).message}`);
  } finally {
    socket.destroy();
  }
}

function open(): Socket {
  const { protocol, hostname, port } = new URL(context.url);
  if (protocol === 'https:') return connectTls({ host: hostname, port: Number(port || 443), servername: hostname });
  return connect(Number(port || 80), hostname);
}

async function exchange(socket: Socket, pieces: string[], { answers = 1, untilClosed = false, untilContinue = false }: WireOptions): Promise<Wire> {
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
  const until = async (enough: (read: Wire) => boolean): Promise<Wire> => {
    const late = AbortSignal.timeout(context.requestTimeoutMs);
    late.addEventListener('abort', change);
    for (;;) {
      const read = { ...parse(bytes), closed };
      if (enough(read)) return read;
      if (closed || late.aborted) throw new Error(`${read.answers.length} of ${answers} answers came${closed ? ', and the connection was closed' : ''}`);
      await wake.promise;
    }
  };
  for (const [index, piece] of pieces.entries()) {
    if (untilContinue && index === pieces.length - 1) await until(({ interim }) => interim.length > 0);
    socket.write(piece, 'utf8');
    if (index < pieces.length - 1) await new Promise((resolve) => setTimeout(resolve, PIECE_MS));
  }
  return until((read) => read.answers.length >= answers && (!untilClosed || read.closed));
}

/** The whole answers of what came. */
function parse(bytes: Buffer): Pick<Wire, 'answers' | 'interim'> {
  const answers: WireAnswer[] = [];
  const interim: number[] = [];
  for (let rest = bytes; ; ) {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) return { answers, interim };
    const [line = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const status = Number(line.split(' ')[1]);
    const headers = Object.fromEntries(lines.map((one) => [one.slice(0, one.indexOf(':')).toLowerCase(), one.slice(one.indexOf(':') + 1).trim()]));
    rest = rest.subarray(end + 4);
    if (status < 200) {
      interim.push(status);
      continue;
    }
    const body = bodyOf(rest, headers);
    if (!body) return { answers, interim };
    answers.push({ status, headers, text: body.text });
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
