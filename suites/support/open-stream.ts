import { setTimeout as delay } from 'node:timers/promises';
import type { OperationId } from '../../spec/operations.ts';
import type { CallOptions, OptionsArgument, RequestOptions } from './call.ts';
import { currentTest } from './current-test.ts';
import { context } from './run-context.ts';
import { type StreamResponse, streamById } from './stream.ts';
import { NoResponse } from './verdict.ts';

/** A stream that stays open while the test does other things. */
export interface OpenStream {
  /** Waits until the text so far fits, and returns it. Fails the test if the stream ends or stays silent before. */
  until(wanted: (text: string) => boolean): Promise<string>;
  /** Closes the connection. @returns the response so far */
  close(): Promise<StreamResponse>;
  readonly ended: boolean;
}

/** An open stream must send its next event sooner than a whole request may take. */
const PATIENCE_MS = context.requestTimeoutMs / 6;

/** Opens a stream; resolves when status and headers are received. It is closed at the end of the test. */
export function open<Id extends OperationId>(
  operationId: Id,
  ...[options]: OptionsArgument<CallOptions<Id>>
): Promise<OpenStream> {
  return openById(operationId, options as RequestOptions | undefined);
}

/** The same for an operation that the test finds in the contract at run time. */
export async function openById(operationId: string, options: RequestOptions = {}): Promise<OpenStream> {
  const hangUp = new AbortController();
  const head = Promise.withResolvers<void>();
  const seen = { text: '', ended: false };
  const until = (text: string) => {
    seen.text = text;
    return false;
  };
  const response = streamById(operationId, { ...options, until, onHead: head.resolve, hangUp: hangUp.signal }).finally(
    () => {
      seen.ended = true;
    },
  );
  const close = () => {
    hangUp.abort();
    return response;
  };
  currentTest()?.cleanups.push(async () => void (await close()));
  await Promise.race([head.promise, response]);
  return {
    close,
    async until(wanted) {
      for (const deadline = Date.now() + PATIENCE_MS; !wanted(seen.text); await delay(5)) {
        if (seen.ended || Date.now() > deadline)
          throw new NoResponse(`The stream did not send the expected text, but: ${seen.text.slice(-500)}`);
      }
      return seen.text;
    },
    get ended() {
      return seen.ended;
    },
  };
}
