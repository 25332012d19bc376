import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** Headers that hold a credential. */
const CREDENTIALS = ['x-api-key', 'authorization'] as const;

/** Node's own parser, which holds the bytes of the current read. */
type ParsingSocket = Socket & { parser?: { getCurrentBuffer(): Buffer } | null };

/** The bytes that a connection has read if each header was sent as `name: value`. NaN when unknown. */
const expectedBytes = new WeakMap<Socket, number>();

/**
 * Restores the white space after a credential, which Node removes: to a real server it is part of the key or token
 * (AUTH-050). The bytes are searched (8 microseconds) only when more bytes came than the headers need. Must be called
 * while Node reads the head.
 */
export function restoreSpaces(request: IncomingMessage): void {
  const socket: ParsingSocket = request.socket;
  const bytes = headBytes(request) + (expectedBytes.get(socket) ?? 0);
  const body =
    request.headers['transfer-encoding'] === undefined ? Number(request.headers['content-length'] ?? 0) : Number.NaN;
  const asExpected = socket.bytesRead === bytes || socket.bytesRead === bytes + body;
  expectedBytes.set(socket, asExpected ? bytes + body : Number.NaN);
  if (asExpected || !CREDENTIALS.some((name) => request.headers[name])) return;
  const lines = socket.parser?.getCurrentBuffer().toString('latin1').split('\r\n') ?? [];
  for (const name of CREDENTIALS) {
    const value = request.headers[name] as string | undefined;
    const sent = value && lines.map((line) => rawValue(line, name, value)).find((found) => found !== undefined);
    if (sent) request.headers[name] = sent;
  }
}

/** The value with the white space after it; undefined for the line of another header. */
function rawValue(line: string, name: string, value: string): string | undefined {
  if (line.slice(0, name.length + 1).toLowerCase() !== `${name}:`) return undefined;
  const at = line.indexOf(value, name.length + 1);
  return at !== -1 && isSpace(line.slice(name.length + 1, at)) && isSpace(line.slice(at + value.length))
    ? line.slice(at)
    : undefined;
}

const isSpace = (text: string): boolean => /^[ \t]*$/.test(text);

/** The size of a head: `GET /path HTTP/1.1`, the headers, an empty line. */
function headBytes({ method = '', url = '', rawHeaders }: IncomingMessage): number {
  let bytes = method.length + url.length + '  HTTP/1.1\r\n\r\n'.length;
  for (const text of rawHeaders) bytes += text.length + 2;
  return bytes;
}
