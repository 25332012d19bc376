import type { IncomingMessage } from 'node:http';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import type { Operation } from '../../spec/index.ts';
import type { OperationId, Schema } from '../../spec/operations.ts';
import { faultHeader, type RequestOptions, urlFor } from './call.ts';
import { type As, credentialFor, type Via } from './credentials.ts';
import { record, type SocketMessage } from './recorder.ts';
import { context, spec } from './run-context.ts';
import { NoResponse } from './verdict.ts';

export interface SocketOptions {
  path?: Record<string, string>;
  query?: RequestOptions['query'];
  headers?: Record<string, string>;
  as?: As;
  via?: Via;
  /** Check sent messages against the contract too. */
  valid?: boolean;
}

/** How a connection ended; the code is 1006 without a closing frame. */
export interface CloseEvent {
  code: number;
  reason: string;
}

/** The fields of all events of a voice session; which ones are present depends on the type. */
export interface SocketEvent {
  type: string;
  session: Required<Schema<'RealtimeSession'>>;
  item: Omit<Required<Schema<'VoiceItem'>>, 'content'> & { content: { type: string; transcript: string }[] };
  response: { id: string };
  response_id: string;
  item_id: string;
  call_id: string;
  arguments: string;
  delta: string;
  transcript: string;
  data: Schema<'VoiceBuildEvent'>;
  error: Schema<'RealtimeError'>['error'];
}

/** An open WebSocket in a test. */
export interface SocketConversation {
  /** The status of the handshake: 101 if it was accepted. */
  status: number;
  headers: IncomingMessage['headers'];
  /** Every event so far. */
  received: SocketEvent[];
  /** Sends events; an object is sent as JSON. */
  send(...events: (object | string)[]): void;
  /** The next event of this type, or that matches; other events before it are skipped. */
  next(which: string | ((event: SocketEvent) => boolean)): Promise<SocketEvent>;
  /** How the server ended it. */
  ended(): Promise<CloseEvent>;
}

/**
 * Opens a WebSocket of the contract, calls `conversation`, and closes it; all is recorded as one exchange. A refused
 * handshake throws no error: check `status`.
 */
export async function openSocket<T>(
  operationId: OperationId,
  options: SocketOptions,
  conversation: (socket: SocketConversation) => Promise<T> | T,
): Promise<T> {
  const operation = spec.operation(operationId);
  return open(operation.path, options, operation, conversation);
}

/** The same for a path that is no WebSocket of the contract. */
export const openRawSocket = <T>(
  path: string,
  options: SocketOptions,
  conversation: (socket: SocketConversation) => Promise<T> | T,
): Promise<T> => open(path, { as: null, ...options }, undefined, conversation);

async function open<T>(
  path: string,
  options: SocketOptions,
  operation: Operation | undefined,
  conversation: (socket: SocketConversation) => Promise<T> | T,
): Promise<T> {
  const credential = await credentialFor(operation, options.as, options.via);
  const url = urlFor(path, options.path ?? {}, { ...options.query, ...credential.query }).replace(/^http/, 'ws');
  const headers = { ...faultHeader(), ...credential.headers, ...options.headers };
  const startedAt = Date.now();
  const connection = new Connection(new WebSocket(url, { headers, handshakeTimeout: context.requestTimeoutMs }));
  const sent = {
    ...(operation && { operation }),
    credential: credential.label,
    method: 'GET',
    url,
    headers,
    startedAt,
  };
  try {
    await connection.opened;
    return await conversation(connection);
  } finally {
    connection.close();
    const { status, error, messages } = connection;
    const response = status === 0 ? {} : { response: { status, headers: connection.headers, body: Buffer.alloc(0) } };
    record({
      ...sent,
      durationMs: Date.now() - startedAt,
      ...response,
      ...(error && { error }),
      valid: options.valid ?? true,
      messages,
    });
  }
}

class Connection implements SocketConversation {
  status = 0;
  headers: IncomingMessage['headers'] = {};
  error: string | undefined;
  readonly received: SocketEvent[] = [];
  readonly messages: SocketMessage[] = [];
  readonly opened: Promise<void>;
  readonly #socket: WebSocket;
  readonly #startedAt = Date.now();
  #read = 0;
  #ending: CloseEvent | undefined;
  #wake = Promise.withResolvers<void>();

  constructor(socket: WebSocket) {
    this.#socket = socket;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.opened = promise;
    const answered = (response: IncomingMessage) => {
      this.status = response.statusCode ?? 0;
      this.headers = response.headers;
    };
    socket.on('upgrade', answered);
    socket.on('unexpected-response', (_request, response) => {
      answered(response);
      response.resume();
      this.#end({ code: 1006, reason: '' });
      resolve();
    });
    socket.on('open', resolve);
    socket.on('message', (data, isBinary) =>
      this.#take(isBinary ? `(${(data as Buffer).length} bytes)` : data.toString()),
    );
    socket.on('close', (code, reason) => this.#end({ code, reason: reason.toString() }));
    socket.on('error', (error) => {
      this.error = error.message;
      reject(new NoResponse(`The handshake got no response: ${error.message}`));
    });
  }

  send(...events: (object | string)[]): void {
    for (const event of events) {
      const text = typeof event === 'string' ? event : JSON.stringify(event);
      this.messages.push({ from: 'client', at: this.#at(), text });
      this.#socket.send(text);
    }
  }

  async next(which: string | ((event: SocketEvent) => boolean)): Promise<SocketEvent> {
    const fits = typeof which === 'string' ? (event: SocketEvent) => event.type === which : which;
    const what = typeof which === 'string' ? which : 'the expected event';
    for (;;) {
      while (this.#read < this.received.length) {
        const event = this.received[this.#read++] as SocketEvent;
        if (fits(event)) return event;
      }
      if (this.#ending)
        expect.fail(`${what} was not received: the connection ended with ${this.#ending.code} after ${this.#types()}`);
      await this.#change(what);
    }
  }

  async ended(): Promise<CloseEvent> {
    while (!this.#ending) await this.#change('the end of the connection');
    return this.#ending;
  }

  close(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close();
    // Without waiting for the other side's closing frame.
    this.#socket.terminate();
  }

  #take(text: string): void {
    this.messages.push({ from: 'server', at: this.#at(), text });
    try {
      this.received.push(JSON.parse(text));
    } catch {
      // Text that is not JSON is kept for the failing test's message.
      this.received.push(text as unknown as SocketEvent);
    }
    this.#changed();
  }

  #end(ending: CloseEvent): void {
    this.#ending ??= ending;
    this.#changed();
  }

  #changed(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async #change(what: string): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      try {
        expect.fail(`${what} was not received within ${context.requestTimeoutMs / 1000} s, after ${this.#types()}`);
      } catch (error) {
        late.reject(error);
      }
    }, context.requestTimeoutMs);
    await Promise.race([this.#wake.promise, late.promise]).finally(() => clearTimeout(timer));
  }

  #types = (): string => this.received.map((event) => event?.type ?? JSON.stringify(event)).join(', ') || 'nothing';

  #at = (): number => Date.now() - this.#startedAt;
}
