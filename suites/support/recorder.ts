import type { Exchange } from '../../reports/run.ts';
import type { Operation } from '../../spec/index.ts';
import { type Asked, Contract, mediaTypeOf } from './contract.ts';
import { currentTest } from './current-test.ts';
import { redacted } from './redaction.ts';
import { context, spec, workerNumber } from './run-context.ts';

const contract = new Contract(spec);
/** What a report keeps of a body. */
const MOST_BODY = 16 * 1024;
let count = 0;

/** A message of a WebSocket, `at` so many milliseconds since it was asked for. */
export interface SocketMessage {
  from: 'client' | 'server';
  at: number;
  text: string;
}

/** One request and what came of it, as the transport saw it. */
export interface Sent {
  operation?: Operation;
  credential: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: Buffer | string;
  startedAt: number;
  durationMs: number;
  answer?: { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer };
  error?: string;
  chunks?: { at: number; text: string }[];
  /** The test sends a valid request on purpose: it is held against the contract too. */
  valid: boolean;
  /** What went to and fro over a WebSocket. */
  messages?: SocketMessage[];
  /** The client hung up before the end: the body is no whole. */
  partial?: boolean;
}

/** Keeps an exchange, held against the contract, in the record of the running test. */
export function record(sent: Sent): Exchange {
  const headers = flatHeaders(sent.answer?.headers ?? {});
  const text = sent.answer ? textOf(sent.answer.body, headers['content-type']) : '';
  const body = sent.body === undefined ? undefined : textOf(sent.body, sent.headers['content-type']);
  const exchange: Exchange = {
    id: `x-${workerNumber}-${++count}`,
    ...(sent.operation && { operationId: sent.operation.operationId }),
    credential: sent.credential,
    request: { method: sent.method, url: sent.url, headers: sent.headers, ...(body !== undefined && { body: clip(body) }) },
    ...(sent.answer && { response: { status: sent.answer.status, headers, body: clip(text), bytes: sent.answer.body.length } }),
    ...(sent.error !== undefined && { error: sent.error }),
    at: Math.round(sent.startedAt - context.startedAt),
    durationMs: Math.round(sent.durationMs),
    ...(sent.chunks && { chunks: sent.chunks }),
    ...(sent.messages && { chunks: sent.messages.map(({ from, at, text: told }) => ({ at, text: `${from === 'client' ? '>' : '<'} ${clip(told)}` })) }),
    violations: violationsOf(sent, headers, text, body),
  };
  const clean = redacted(exchange);
  currentTest()?.exchanges.push(clean);
  return clean;
}

function violationsOf(sent: Sent, headers: Record<string, string>, text: string, body: string | undefined): Exchange['violations'] {
  if (!sent.operation || !sent.answer || text === context.uiPage) return [];
  const seen = { status: sent.answer.status, headers, text, bytes: sent.answer.body.length };
  const found = contract.checkAnswer(sent.operation, seen, sent.partial);
  const spoken = spokenViolations(sent.operation, sent.messages ?? [], sent.valid);
  return sent.valid ? [...found, ...spoken, ...contract.checkRequest(sent.operation, asked(sent, body))] : [...found, ...spoken];
}

/** What departs from the contract of what went over a WebSocket: of the client's side only where it means to keep to it. */
function spokenViolations(operation: Operation, messages: SocketMessage[], valid: boolean): Exchange['violations'] {
  return messages.filter(({ from }) => valid || from === 'server').flatMap(({ from, text }) => contract.checkMessage(operation, from, text));
}

function asked(sent: Sent, body: string | undefined): Asked {
  const mediaType = mediaTypeOf(sent.headers['content-type']);
  return { query: [...new URL(sent.url).searchParams], ...(mediaType && { mediaType }), ...(body !== undefined && { body }) };
}

/** One value a name; several Set-Cookie lines are parted by line feeds. */
export function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join('\n') : value]])),
  );
}

function textOf(body: Buffer | string, type: string | undefined): string {
  if (typeof body === 'string') return body;
  const binary = /^(image|audio|video|font)\/|zip|octet-stream|pdf/.test(type ?? '');
  return binary ? `(${body.length} bytes of ${type})` : body.toString('utf8');
}

const clip = (text: string): string => (text.length > MOST_BODY && !context.wholeBodies ? `${text.slice(0, MOST_BODY)}… (${text.length} characters)` : text);
