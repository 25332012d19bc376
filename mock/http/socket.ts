import type { IncomingHttpHeaders } from 'node:http';
import type { Mock } from '../mock.ts';

/**
 * Most unread bytes of a stream or WebSocket whose events come by themselves. A client with more unread bytes is
 * disconnected.
 */
export const MOST_UNREAD_BYTES = 16 * 1024 * 1024;

/** A WebSocket that a client has opened, as its handler uses it. */
export interface Socket {
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  send(event: object): void;
  /** Called with each text message; binary messages are ignored. */
  onText(listener: (text: string) => void): void;
  onClose(listener: () => void): void;
  /**
   * Ends the connection without a close frame, as a real server does when its handler returns (the client sees 1006).
   */
  drop(): void;
}

export type SocketHandler = (socket: Socket, mock: Mock) => Promise<void>;
