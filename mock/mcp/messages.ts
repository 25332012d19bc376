import { withPlainNumbers } from '../numbers.ts';
import type { ErrorDetail } from '../validation/index.ts';
import { kindOf } from './message-errors.ts';

/**
 * A JSON-RPC 2.0 message, as Langflow's MCP server classifies it. A request with an invalid id may still be a
 * notification.
 */
export type RpcMessage =
  | { kind: 'request'; id: string | number; method: string; params: Record<string, unknown> | undefined }
  | { kind: 'notification'; method: string }
  | { kind: 'response' };

export type RpcError = { code: number; message: string; data?: unknown };

/** Reads a message from a JSON value. Returns the errors of a value that is none, such as a batch. */
export function messageOf(value: unknown): RpcMessage | { errors: ErrorDetail[] } {
  const kind = kindOf(value);
  if (typeof kind !== 'string') return { errors: kind };
  const { id, method, params } = value as { id: string | number; method: string; params?: Record<string, unknown> };
  if (kind === 'JSONRPCRequest') return { kind: 'request', id, method, params: withPlainNumbers(params ?? undefined) };
  return kind === 'JSONRPCNotification' ? { kind: 'notification', method } : { kind: 'response' };
}

/** The body of a transport error. It has a fixed id, since the message is not read. */
export const errorMessage = (code: number, message: string) => ({
  jsonrpc: '2.0',
  id: 'server-error',
  error: { code, message },
});

export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;
export const PARSE_ERROR = -32700;

/** A message as an event of a stream. */
export const messageEvent = (message: object): string => event('message', JSON.stringify(message));

export const event = (name: string, data: string): string => `event: ${name}\r\ndata: ${data}\r\n\r\n`;
