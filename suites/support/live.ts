import { setTimeout as delay } from 'node:timers/promises';
import type { OperationId } from '../../spec/operations.ts';
import type { CallOptions, Needed, RequestOptions } from './call.ts';
import { currentTest } from './current-test.ts';
import { context } from './run-context.ts';
import { type Streamed, streamById } from './stream.ts';
import { NoAnswer } from './verdict.ts';

/** A stream that stays open while the test does other things. */
export interface Live {
  /** Waits until what came so far is as the test wants it, and returns it. A stream that ends or falls silent before is a finding. */
  until(wanted: (text: string) => boolean): Promise<string>;
  /** Hangs up: the answer as far as it came. */
  close(): Promise<Streamed>;
  readonly ended: boolean;
}

/** A stream that is open says what it has to say sooner than a request may take as a whole. */
const PATIENCE_MS = context.requestTimeoutMs / 6;

/** Opens a stream, and resolves when its status and headers are there; it is closed with the test. */
export function open<Id extends OperationId>(operationId: Id, ...[options]: Needed<CallOptions<Id>>): Promise<Live> {
  return openById(operationId, options as RequestOptions | undefined);
}

/** The same of an operation that the test takes from the contract as it runs. */
export async function openById(operationId: string, options: RequestOptions = {}): Promise<Live> {
  const hangUp = new AbortController();
  const head = Promise.withResolvers<void>();
  const seen = { text: '', ended: false };
  const until = (text: string) => {
    seen.text = text;
    return false;
  };
  const answer = streamById(operationId, { ...options, until, onHead: head.resolve, hangUp: hangUp.signal }).finally(() => {
    seen.ended = true;
  });
  const close = () => {
    hangUp.abort();
    return answer;
  };
  currentTest()?.cleanups.push(async () => void (await close()));
  await Promise.race([head.promise, answer]);
  return {
    close,
    async until(wanted) {
      for (const deadline = Date.now() + PATIENCE_MS; !wanted(seen.text); await delay(5)) {
        if (seen.ended || Date.now() > deadline) throw new NoAnswer(`The stream did not say what was waited for, but: ${seen.text.slice(-500)}`);
      }
      return seen.text;
    },
    get ended() {
      return seen.ended;
    },
  };
}
