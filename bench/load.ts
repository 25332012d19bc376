import { connect, type Socket } from 'node:net';

/** A request to send. */
export interface BenchRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** This text in a request is replaced by a unique one of the same length. */
export const UNIQUE = '[<unique>]';

const CONNECTIONS = 10;
let made = 0;

/**
 * Requests a second that are answered with 2xx, over ten connections; each sends its next request after the response.
 *
 * Uses sockets directly: a general client is slower than the servers, and would hide their differences.
 */
export async function requestsPerSecond(url: string, one: BenchRequest, seconds: number): Promise<number> {
  let ok = 0;
  let running = true;
  const from = performance.now();
  const sockets = Array.from({ length: CONNECTIONS }, () => {
    const { bytes, at } = requestBytes(new URL(url), one);
    const next = () => {
      if (at >= 0) bytes.write(String(made++).padStart(UNIQUE.length, '0'), at, 'latin1');
      return running ? bytes : undefined;
    };
    return client(new URL(url), next, (status) => {
      if (running && isGood(status)) ok += 1;
    });
  });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  running = false;
  const taken = (performance.now() - from) / 1000;
  for (const socket of sockets) socket.destroy();
  return ok / taken;
}

/**
 * Milliseconds until all requests have their response, over ten connections.
 *
 * @throws Error if one is not answered with 2xx
 */
export async function burst(url: string, requests: BenchRequest[]): Promise<number> {
  const waiting = requests.map((one) => requestBytes(new URL(url), one).bytes);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let open = waiting.length;
  const answered = (status: number) => {
    if (!isGood(status))
      reject(
        new Error(`${requests[0]?.method} ${requests[0]?.path}: one of ${requests.length} was answered with ${status}`),
      );
    if (--open === 0) resolve();
  };
  const from = performance.now();
  const sockets = Array.from({ length: CONNECTIONS }, () => client(new URL(url), () => waiting.shift(), answered));
  try {
    await promise;
    return performance.now() - from;
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

const isGood = (status: number): boolean => status >= 200 && status < 300;

/** A connection that sends one request after the other, until `next` returns undefined. */
function client(url: URL, next: () => Buffer | undefined, answered: (status: number) => void): Socket {
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
  const send = () => {
    const bytes = next();
    if (bytes) socket.write(bytes);
  };
  const read = responseReader((status) => {
    answered(status);
    send();
  });
  socket.on('connect', send);
  socket.on('data', read);
  socket.on('error', () => {});
  return socket;
}

function requestBytes(url: URL, { method, path, headers, body = '' }: BenchRequest): { bytes: Buffer; at: number } {
  const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) };
  const lines = Object.entries({ host: url.host, ...headers, ...length }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const bytes = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  return { bytes, at: bytes.indexOf(UNIQUE) };
}

const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = '0\r\n\r\n';

/** Finds the end and the status of each response on a connection. */
function responseReader(answered: (status: number) => void): (data: Buffer) => void {
  let head = '';
  let status = 0;
  /** Bytes of the body still to come; undefined for a chunked one. */
  let left: number | undefined;
  let tail = '';
  return (data) => {
    let body = data.length;
    if (status === 0) {
      head += data.toString('latin1');
      const end = head.indexOf(HEAD_END);
      if (end < 0) return;
      status = Number(head.slice(9, 12));
      const length = /\r\ncontent-length: *(\d+)/i.exec(head.slice(0, end))?.[1];
      left = length === undefined ? undefined : Number(length);
      body = head.length - end - HEAD_END.length;
      head = '';
    }
    if (left === undefined)
      tail = (tail + data.toString('latin1', Math.max(0, data.length - LAST_CHUNK.length))).slice(-LAST_CHUNK.length);
    else left -= body;
    if (left === undefined ? tail !== LAST_CHUNK : left > 0) return;
    const finished = status;
    status = 0;
    tail = '';
    answered(finished);
  };
}
