import type { IncomingHttpHeaders } from 'node:http';
import type { Mock } from '../mock.ts';

/** What may wait for a client that reads slowly, of a stream or a WebSocket whose events come by themselves. A client with more is cut off. */
export const MOST_UNREAD_BYTES = 16 * 1024 * 1024;

/** A WebSocket that a client has opened, as its handler sees it. */
export interface Socket {
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  send(event: object): void;
  /** Each text that the client sends; what it sends as bytes is passed over. */
  onText(listener: (text: string) => void): void;
  onClose(listener: () => void): void;
  /** Ends the connection without a closing frame, as a real server does whose handler has returned (the client sees 1006). */
  drop(): void;
}

export type SocketHandler = (socket: Socket, mock: Mock) => Promise<void>;
