import { expect } from 'vitest';
import type { OperationId, Schema } from '../../spec/operations.ts';
import { type Answer, call, callById, type RequestOptions } from './call.ts';
import { componentOf } from './flow-lists.ts';
import { uniqueName } from './given.ts';
import { type Live, openById } from './live.ts';
import { givenFlow, jsonOf } from './runs.ts';

/** Messages of the Model Context Protocol, over both transports. */

export const VERSIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];

/** What clients of streamable HTTP accept. */
export const BOTH = { accept: 'application/json, text/event-stream' };

let count = 0;

/** A request with an id that no other has. */
export function request(method: string, params?: Record<string, unknown>, id: string | number = ++count) {
  return { jsonrpc: '2.0' as const, id, method, ...(params && { params }) };
}

export const notification = (method: string) => ({ jsonrpc: '2.0', method });

export const initialize = (protocolVersion = '2025-06-18') =>
  request('initialize', { protocolVersion, capabilities: {}, clientInfo: { name: 'flowpact', version: '1.0' } });

export const toolCall = (name: string, input?: unknown) => request('tools/call', { name, ...(input !== undefined && { arguments: { input_value: input } }) });

/** Sends a message over streamable HTTP. */
export const send = (operationId: OperationId, message: unknown, { headers, ...options }: RequestOptions = {}) =>
  callById(operationId, { ...options, headers: { ...BOTH, ...headers }, body: message });

/** The members of all results: which are there, the method of the request says. */
type RpcResult = Schema<'McpInitializeResult'> & Schema<'McpToolResult'> & Schema<'McpResources'> & Schema<'McpResourceContents'> & { tools: Tool[] };

export interface RpcAnswer {
  jsonrpc: string;
  id: unknown;
  result: RpcResult;
  error?: { code: number; message: string };
}

/** The one event of an answer: anything else is a finding. */
export function answerOf({ text }: Answer, id: unknown): RpcAnswer {
  const data = /^event: message\r?\ndata: ([^\n]+?)\r?\n\r?\n$/.exec(text)?.[1];
  const answer = jsonOf<RpcAnswer>(data ?? `no single event: ${text}`);
  expect(answer).toMatchObject({ jsonrpc: '2.0', id });
  return answer;
}

/** The result of a request, which must have one. */
export async function ask(operationId: OperationId, message: ReturnType<typeof request>, options: RequestOptions = {}): Promise<RpcResult> {
  const answer = answerOf(await send(operationId, message, options).expectStatus(200), message.id);
  expect(answer).toHaveProperty('result');
  return answer.result;
}

/** The code of the error that a request is answered with, which must be one. */
export async function errorOf(operationId: OperationId, message: ReturnType<typeof request>, options: RequestOptions = {}): Promise<number | undefined> {
  const { error } = answerOf(await send(operationId, message, options).expectStatus(200), message.id);
  expect(error?.message).toBeTypeOf('string');
  return error?.code;
}

/** A refusal of the transport, which has an id of its own. */
export const refusal = (code: number) => ({ jsonrpc: '2.0', id: 'server-error', error: { code, message: expect.any(String) } });

export interface Tool {
  name: string;
  description: string;
  inputSchema: { type: string; properties: Record<string, { type: string }>; required: string[] };
}

/** What the texts of a tool's result say. */
export const textsOf = (result: { content: { type: string; text: string }[] }): string[] => result.content.map(({ text }) => text);

/** A session of the older transport. */
export interface SseSession {
  live: Live;
  /** The path that messages are posted to, and its session_id. */
  endpoint: URL;
  post(message: unknown, options?: RequestOptions): Promise<Answer>;
  /** Posts a request, and waits for its answer on the stream. */
  ask(message: ReturnType<typeof request>): Promise<RpcAnswer>;
}

/** Opens a session; messages are posted by `sendId`. */
export async function openSession(openId: OperationId, sendId: OperationId, options: RequestOptions = {}): Promise<SseSession> {
  const live = await openById(openId, options);
  const first = await live.until((text) => /\r?\n\r?\n/.test(text));
  const [, path = ''] = /^event: endpoint\r?\ndata: (\S+)\r?\n\r?\n$/.exec(first) ?? expect.fail(`the first event is no endpoint: ${first}`);
  const endpoint = new URL(path, 'http://server');
  const session_id = endpoint.searchParams.get('session_id') ?? '';
  const { headers: _, ...place } = options;
  const post: SseSession['post'] = async (body, more = {}) => callById(sendId, { ...place, body, query: { session_id }, ...more });
  return {
    live,
    endpoint,
    post,
    async ask(message) {
      const { text } = await post(message);
      expect(text).toBe('Accepted');
      const said = await live.until((text) => messagesOf(text).some(({ id }) => id === message.id));
      const answer = messagesOf(said).find(({ id }) => id === message.id) ?? expect.fail('no answer has the id of the request');
      expect(answer).toMatchObject({ jsonrpc: '2.0' });
      return answer;
    },
  };
}

/** The messages on a stream so far. */
export function messagesOf(said: string): RpcAnswer[] {
  return [...said.matchAll(/event: message\r?\ndata: ([^\n]+?)\r?\n\r?\n/g)].map(([, data]) => jsonOf<RpcAnswer>(data));
}

/** Opens a session and initializes it. */
export async function initialized(openId: OperationId, sendId: OperationId, options: RequestOptions = {}): Promise<SseSession> {
  const session = await openSession(openId, sendId, options);
  expect(await session.ask(initialize())).toHaveProperty('result');
  return session;
}

/** A name that a tool is listed and called by as it is. */
export const toolName = (what = 'flow'): string => uniqueName(what).replaceAll(/[ -]/g, '_').toLowerCase();

/** A tool of the project that answers the value of a variable; a header of the request may give it. */
export async function givenToolOfVariable(project: { id: string }): Promise<{ name: string; variable: string; flow: { id: string } }> {
  const [name, variable] = [toolName(), uniqueName('FLOWPACT').replaceAll(/[ -]/g, '').toUpperCase()];
  const flow = await givenFlow('textToChat', { name, folder_id: project.id });
  Object.assign(componentOf(flow).template['input_value'] ?? {}, { value: variable, load_from_db: true });
  await call('updateFlow', { path: { flow_id: flow.id }, body: { data: flow.data } }).expectStatus(200);
  return { name, variable, flow };
}
