import { expect } from 'vitest';
import type { OperationId, Schema } from '../../spec/operations.ts';
import { type ApiResponse, call, callById, type RequestOptions } from './call.ts';
import { componentOf } from './flow-lists.ts';
import { uniqueName } from './given.ts';
import { type OpenStream, openById } from './open-stream.ts';
import { givenFlow, jsonOf } from './runs.ts';

/** Messages of the Model Context Protocol, over both transports. */

export const VERSIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];

/** What clients of streamable HTTP accept. */
export const BOTH = { accept: 'application/json, text/event-stream' };

let count = 0;

/** A request with a new id. */
export function request(method: string, params?: Record<string, unknown>, id: string | number = ++count) {
  return { jsonrpc: '2.0' as const, id, method, ...(params && { params }) };
}

export const notification = (method: string) => ({ jsonrpc: '2.0', method });

export const initialize = (protocolVersion = '2025-06-18') =>
  request('initialize', { protocolVersion, capabilities: {}, clientInfo: { name: 'flowpact', version: '1.0' } });

export const toolCall = (name: string, input?: unknown) =>
  request('tools/call', { name, ...(input !== undefined && { arguments: { input_value: input } }) });

/** Sends a message over streamable HTTP. */
export const send = (operationId: OperationId, message: unknown, { headers, ...options }: RequestOptions = {}) =>
  callById(operationId, { ...options, headers: { ...BOTH, ...headers }, body: message });

/** The fields of all results; which ones are present depends on the request's method. */
type RpcResult = Schema<'McpInitializeResult'> &
  Schema<'McpToolResult'> &
  Schema<'McpResources'> &
  Schema<'McpResourceContents'> & { tools: Tool[] };

export interface RpcResponse {
  jsonrpc: string;
  id: unknown;
  result: RpcResult;
  error?: { code: number; message: string };
}

/** The only event of a response; fails the test if there is none or more. */
export function rpcResponse({ text }: ApiResponse, id: unknown): RpcResponse {
  const data = /^event: message\r?\ndata: ([^\n]+?)\r?\n\r?\n$/.exec(text)?.[1];
  const response = jsonOf<RpcResponse>(data ?? `no single event: ${text}`);
  expect(response).toMatchObject({ jsonrpc: '2.0', id });
  return response;
}

/** Sends a request. @returns its result; fails the test if there is none */
export async function ask(
  operationId: OperationId,
  message: ReturnType<typeof request>,
  options: RequestOptions = {},
): Promise<RpcResult> {
  const response = rpcResponse(await send(operationId, message, options).expectStatus(200), message.id);
  expect(response).toHaveProperty('result');
  return response.result;
}

/** Sends a request that must fail. @returns the error's code */
export async function errorOf(
  operationId: OperationId,
  message: ReturnType<typeof request>,
  options: RequestOptions = {},
): Promise<number | undefined> {
  const { error } = rpcResponse(await send(operationId, message, options).expectStatus(200), message.id);
  expect(error?.message).toBeTypeOf('string');
  return error?.code;
}

/** An error of the transport, whose id is `server-error`. */
export const refusal = (code: number) => ({
  jsonrpc: '2.0',
  id: 'server-error',
  error: { code, message: expect.any(String) },
});

export interface Tool {
  name: string;
  description: string;
  inputSchema: { type: string; properties: Record<string, { type: string }>; required: string[] };
}

/** The texts of a tool's result. */
export const textsOf = (result: { content: { type: string; text: string }[] }): string[] =>
  result.content.map(({ text }) => text);

/** A session of the older transport. */
export interface SseSession {
  live: OpenStream;
  /** The path that messages are posted to, and its session_id. */
  endpoint: URL;
  post(message: unknown, options?: RequestOptions): Promise<ApiResponse>;
  /** Posts a request and waits for its response on the stream. */
  ask(message: ReturnType<typeof request>): Promise<RpcResponse>;
}

/** Opens a session; `sendId` is the operation that messages are posted to. */
export async function openSession(
  openId: OperationId,
  sendId: OperationId,
  options: RequestOptions = {},
): Promise<SseSession> {
  const live = await openById(openId, options);
  const first = await live.until((text) => /\r?\n\r?\n/.test(text));
  const [, path = ''] =
    /^event: endpoint\r?\ndata: (\S+)\r?\n\r?\n$/.exec(first) ??
    expect.fail(`the first event is no endpoint: ${first}`);
  const endpoint = new URL(path, 'http://server');
  const session_id = endpoint.searchParams.get('session_id') ?? '';
  const { headers: _, ...place } = options;
  const post: SseSession['post'] = async (body, more = {}) =>
    callById(sendId, { ...place, body, query: { session_id }, ...more });
  return {
    live,
    endpoint,
    post,
    async ask(message) {
      const { text } = await post(message);
      expect(text).toBe('Accepted');
      const said = await live.until((text) => messagesOf(text).some(({ id }) => id === message.id));
      const response =
        messagesOf(said).find(({ id }) => id === message.id) ?? expect.fail('no response has the id of the request');
      expect(response).toMatchObject({ jsonrpc: '2.0' });
      return response;
    },
  };
}

/** The messages on a stream so far. */
export function messagesOf(said: string): RpcResponse[] {
  return [...said.matchAll(/event: message\r?\ndata: ([^\n]+?)\r?\n\r?\n/g)].map(([, data]) =>
    jsonOf<RpcResponse>(data),
  );
}

/** Opens a session and initializes it. */
export async function openInitializedSession(
  openId: OperationId,
  sendId: OperationId,
  options: RequestOptions = {},
): Promise<SseSession> {
  const session = await openSession(openId, sendId, options);
  expect(await session.ask(initialize())).toHaveProperty('result');
  return session;
}

/** A name that is a valid tool name without changes. */
export const toolName = (what = 'flow'): string => uniqueName(what).replaceAll(/[ -]/g, '_').toLowerCase();

/** Creates a tool that returns the value of a variable; a header of the request may set it. */
export async function givenToolOfVariable(project: {
  id: string;
}): Promise<{ name: string; variable: string; flow: { id: string } }> {
  const [name, variable] = [toolName(), uniqueName('FLOWPACT').replaceAll(/[ -]/g, '').toUpperCase()];
  const flow = await givenFlow('textToChat', { name, folder_id: project.id });
  Object.assign(componentOf(flow).template['input_value'] ?? {}, { value: variable, load_from_db: true });
  await call('updateFlow', { path: { flow_id: flow.id }, body: { data: flow.data } }).expectStatus(200);
  return { name, variable, flow };
}
