import type { Exchange } from '../../reports/run.ts';
import type { Operation } from '../../spec/index.ts';
import { Contract, mediaTypeOf, type RequestParts } from './contract.ts';
import { currentTest } from './current-test.ts';
import { redacted } from './redaction.ts';
import { context, spec, workerNumber } from './run-context.ts';

const contract = new Contract(spec);
/** How much of a body a report keeps. */
const MOST_BODY = 16 * 1024;
let count = 0;

/** A WebSocket message; `at` is in milliseconds since the handshake was sent. */
export interface SocketMessage {
  from: 'client' | 'server';
  at: number;
  text: string;
}

/** One request with its response or error, as the transport received it. */
export interface RawExchange {
  operation?: Operation;
  credential: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: Buffer | string;
  startedAt: number;
  durationMs: number;
  response?: { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer };
  error?: string;
  chunks?: { at: number; text: string }[];
  /** The test means to send a valid request: it is checked against the contract too. */
  valid: boolean;
  /** The messages of a WebSocket. */
  messages?: SocketMessage[];
  /** The client closed the connection before the end: the body is incomplete. */
  partial?: boolean;
}

/** Checks an exchange against the contract and adds it to the running test. */
export function record(sent: RawExchange): Exchange {
  const headers = flatHeaders(sent.response?.headers ?? {});
  const text = sent.response ? bodyText(sent.response.body, headers['content-type']) : '';
  const body = sent.body === undefined ? undefined : bodyText(sent.body, sent.headers['content-type']);
  const exchange: Exchange = {
    id: `x-${workerNumber}-${++count}`,
    ...(sent.operation && { operationId: sent.operation.operationId }),
    credential: sent.credential,
    request: {
      method: sent.method,
      url: sent.url,
      headers: sent.headers,
      ...(body !== undefined && { body: clip(body) }),
    },
    ...(sent.response && {
      response: { status: sent.response.status, headers, body: clip(text), bytes: sent.response.body.length },
    }),
    ...(sent.error !== undefined && { error: sent.error }),
    at: Math.round(sent.startedAt - context.startedAt),
    durationMs: Math.round(sent.durationMs),
    ...(sent.chunks && { chunks: sent.chunks }),
    ...(sent.messages && {
      chunks: sent.messages.map(({ from, at, text: message }) => ({
        at,
        text: `${from === 'client' ? '>' : '<'} ${clip(message)}`,
      })),
    }),
    violations: violationsOf(sent, headers, text, body),
  };
  const clean = redacted(exchange);
  currentTest()?.exchanges.push(clean);
  return clean;
}

function violationsOf(
  sent: RawExchange,
  headers: Record<string, string>,
  text: string,
  body: string | undefined,
): Exchange['violations'] {
  if (!sent.operation || !sent.response || text === context.uiPage) return [];
  const seen = { status: sent.response.status, headers, text, bytes: sent.response.body.length };
  const found = contract.checkResponse(sent.operation, seen, sent.partial);
  const spoken = messageViolations(sent.operation, sent.messages ?? [], sent.valid);
  return sent.valid
    ? [...found, ...spoken, ...contract.checkRequest(sent.operation, requestParts(sent, body))]
    : [...found, ...spoken];
}

/** Violations in the messages of a WebSocket; those of the client only if they are meant to be valid. */
function messageViolations(operation: Operation, messages: SocketMessage[], valid: boolean): Exchange['violations'] {
  return messages
    .filter(({ from }) => valid || from === 'server')
    .flatMap(({ from, text }) => contract.checkMessage(operation, from, text));
}

function requestParts(sent: RawExchange, body: string | undefined): RequestParts {
  const mediaType = mediaTypeOf(sent.headers['content-type']);
  return {
    query: [...new URL(sent.url).searchParams],
    ...(mediaType && { mediaType }),
    ...(body !== undefined && { body }),
  };
}

/** One value for each name; several Set-Cookie lines are joined by line feeds. */
export function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join('\n') : value]],
    ),
  );
}

function bodyText(body: Buffer | string, type: string | undefined): string {
  if (typeof body === 'string') return body;
  const binary = /^(image|audio|video|font)\/|zip|octet-stream|pdf/.test(type ?? '');
  return binary ? `(${body.length} bytes of ${type})` : body.toString('utf8');
}

const clip = (text: string): string =>
  text.length > MOST_BODY && !context.wholeBodies ? `${text.slice(0, MOST_BODY)}… (${text.length} characters)` : text;
