import type { LogLine } from '../logs.ts';
import type { Mock } from '../mock.ts';
import { type Handlers, respond } from '../operation.ts';

/** How many lines a request gets by default. */
const SOME = 10;
const KEEPALIVE_MS = 1000;

type Refuse = (status: 400 | 501, detail: string) => never;

function refuseWhenOff({ logs }: Mock, fail: (status: 501, detail: string) => never): void {
  if (!logs.enabled) fail(501, 'Log retrieval is disabled');
}

function selectLines({ logs }: Mock, before: number, after: number, timestamp: number, fail: Refuse): LogLine[] {
  if (before > 0 && after > 0) fail(400, 'Cannot request logs before and after the timestamp');
  if (timestamp <= 0 && after > 0) fail(400, 'Timestamp is required when requesting logs after the timestamp');
  if (after > 0) return logs.from(timestamp, after);
  const count = before > 0 ? before : SOME;
  return timestamp > 0 ? logs.before(timestamp, count) : logs.last(count);
}

/** Each new line of the log, with keep-alive events in between. */
async function* followLines({ logs }: Mock, signal: AbortSignal): AsyncGenerator<string> {
  const waiting: string[] = [];
  let wake = () => {};
  const leave = () => wake();
  signal.addEventListener('abort', leave, { once: true });
  const unfollow = logs.follow(({ at, text }) => {
    waiting.push(`{"${at}": ${JSON.stringify(text)}}\n\n`);
    // A slow reader misses the lines that the log itself has dropped.
    if (waiting.length > logs.size) waiting.shift();
    wake();
  });
  try {
    while (!signal.aborted) {
      const timer = await new Promise<NodeJS.Timeout>((resolve) => {
        const timeout = setTimeout(() => resolve(timeout), KEEPALIVE_MS);
        wake = () => resolve(timeout);
        if (waiting.length > 0 || signal.aborted) wake();
      });
      clearTimeout(timer);
      if (!signal.aborted) yield waiting.splice(0).join('') || 'keepalive\n\n';
    }
  } finally {
    unfollow();
    signal.removeEventListener('abort', leave);
  }
}

export const logRoutes = {
  readLogs({ query, fail }, mock) {
    refuseWhenOff(mock, fail);
    const { lines_before = 0, lines_after = 0, timestamp = 0 } = query;
    return Object.fromEntries(
      selectLines(mock, lines_before, lines_after, timestamp, fail).map(({ at, text }) => [at, text]),
    );
  },
  streamLogs(call, mock) {
    refuseWhenOff(mock, call.fail);
    return respond(
      200,
      { chunks: followLines(mock, call.signal) },
      { 'content-type': 'text/event-stream; charset=utf-8' },
    );
  },
} satisfies Handlers;
