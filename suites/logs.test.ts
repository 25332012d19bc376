import { call, expect, requirement, stream } from './support/index.ts';

type Lines = [at: number, text: string][];

const NOTHING = '00000000-0000-4000-8000-000000000000';
/** More lines than any deployment keeps. */
const ALL = 1_000_000;
const FAR = 99_999_999_999_999;

async function lines(query: Record<string, number> = {}): Promise<Lines> {
  const { body } = await call('readLogs', { query }).expectStatus(200);
  const found = Object.entries(body).map(([at, text]): [number, string] => [Number(at), text]);
  expect(found).toEqual(found.toSorted(([a], [b]) => a - b));
  return found;
}

const all = () => lines({ lines_before: ALL });
const times = (found: Lines): number[] => found.map(([at]) => at);

/** Sends a request that is refused, so that the deployment logs a line. @returns the line's time */
async function logLine(): Promise<number> {
  const before = times(await lines({ lines_before: 1 })).at(-1) ?? 0;
  await call('readFlow', { path: { flow_id: NOTHING } }).expectStatus(404);
  const newest = async () => times(await lines({ lines_before: 1 })).at(-1) ?? 0;
  await expect.poll(newest, { timeout: 5000, message: 'a refused request left no line' }).toBeGreaterThan(before);
  return newest();
}

/** Waits until the newest so many lines have different times: two of the same millisecond are one in a response. */
async function givenLines(count: number): Promise<void> {
  while ((await lines({ lines_before: count })).length < count) await logLine();
}

/** Other requests log too: the response must be a range of the lines before or after it. */
function within(found: Lines, whole: Lines): void {
  const start = times(whole).indexOf(found[0]?.[0] ?? -1);
  expect(whole.slice(start, start + found.length)).toEqual(found);
}

requirement('LOGS-001', async () => {
  for (const query of [
    {},
    { lines_before: 3 },
    { lines_before: 1, lines_after: 1 },
    { lines_after: 1 },
    { timestamp: 1, lines_after: 1 },
  ]) {
    const { body } = await call('readLogs', { query, valid: true }).expectStatus(501);
    expect(body.detail).toBeTypeOf('string');
  }
  await call('streamLogs').expectStatus(501);
});

requirement('LOGS-002', async () => {
  await givenLines(4);
  for (const count of [1, 3]) {
    const before = await all();
    const found = await lines({ lines_before: count });
    expect(found).toHaveLength(count);
    expect(found.at(-1)?.[0]).toBeGreaterThanOrEqual(before.at(-1)?.[0] ?? 0);
    within(found, await all());
  }
});

requirement('LOGS-003', async () => {
  await givenLines(12);
  const before = await all();
  const found = await lines();
  expect(found).toHaveLength(10);
  expect(found.at(-1)?.[0]).toBeGreaterThanOrEqual(before.at(-1)?.[0] ?? 0);
  within(found, await all());
});

requirement('LOGS-004', async () => {
  await givenLines(4);
  const [second, third, fourth] = (await all()).slice(-3) as [Lines[0], Lines[0], Lines[0]];
  expect(await lines({ timestamp: second[0], lines_after: 2 })).toEqual([second, third]);
  expect(await lines({ timestamp: second[0], lines_after: 3 })).toEqual([second, third, fourth]);
  // For a time between two lines, the later one is the first.
  if (third[0] - second[0] > 1) expect(await lines({ timestamp: second[0] + 1, lines_after: 1 })).toEqual([third]);
});

requirement('LOGS-005', async () => {
  await givenLines(4);
  const [first, second, third] = (await all()).slice(-3) as [Lines[0], Lines[0], Lines[0]];
  expect(await lines({ timestamp: third[0], lines_before: 2 })).toEqual([first, second]);
  expect(await lines({ timestamp: third[0], lines_before: 1 })).toEqual([second]);
  expect(await lines({ timestamp: 1, lines_before: 1 })).toEqual([]);
});

requirement('LOGS-006', async () => {
  await givenLines(13);
  const newest = (await all()).slice(-13);
  expect(await lines({ timestamp: newest.at(-2)?.[0] ?? 0 })).toEqual(newest.slice(1, 11));
});

requirement('LOGS-007', async () => {
  await givenLines(3);
  expect(await lines({ timestamp: FAR, lines_after: 3 })).toEqual([]);
  const before = await all();
  const found = await lines({ timestamp: FAR, lines_before: 2 });
  expect(found).toHaveLength(2);
  expect(found.at(-1)?.[0]).toBeGreaterThanOrEqual(before.at(-1)?.[0] ?? 0);
});

requirement('LOGS-008', async () => {
  for (const timestamp of [undefined, 1])
    await call('readLogs', { query: { lines_before: 1, lines_after: 1, timestamp } }).expectStatus(400);
});

requirement('LOGS-009', async () => {
  for (const timestamp of [undefined, 0, -1])
    await call('readLogs', { query: { lines_after: 1, timestamp } }).expectStatus(400);
});

requirement('LOGS-010', async () => {
  const before = times(await all()).at(-1) ?? 0;
  expect(await logLine()).toBeGreaterThan(before);
});

requirement('LOGS-011', async () => {
  await givenLines(12);
  expect(await lines({ lines_before: -3 })).toHaveLength(10);
  const [last] = (await all()).slice(-1) as [Lines[0]];
  expect((await lines({ timestamp: last[0], lines_after: -1 })).every(([at]) => at < last[0])).toBe(true);
});

/** The events of a log stream: lines and keep-alives. */
function linesAndKeepAlives(frames: string[]): { lines: Lines; alive: number } {
  const objects = frames
    .filter((frame) => frame !== 'keepalive')
    .map((frame) => JSON.parse(frame) as Record<string, string>);
  for (const one of objects) expect(Object.keys(one)).toHaveLength(1);
  return {
    lines: objects.flatMap((one) => Object.entries(one).map(([at, text]): [number, string] => [Number(at), text])),
    alive: frames.length - objects.length,
  };
}

const whole = (text: string): string[] =>
  text
    .split('\n\n')
    .slice(0, -1)
    .filter((frame) => frame !== '');

/** Reads the log stream while lines are written, until it has sent three of them. */
async function follow(): Promise<{ frames: string[]; made: number[] }> {
  const made: number[] = [];
  const lineFrames = (text: string) => whole(text).filter((frame) => frame !== 'keepalive').length;
  const streaming = stream('streamLogs', { until: (text) => lineFrames(text) >= 3 });
  let done = false;
  const making = (async () => {
    // The stream reads the log once a second: earlier lines are not sent.
    while (!done && made.length < 100) {
      made.push(await logLine());
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  const ended = streaming.finally(() => {
    done = true;
  });
  const [{ text, status, headers }] = await Promise.all([ended, making]);
  expect(status).toBe(200);
  expect(headers['content-type']).toMatch(/^text\/event-stream/);
  return { frames: whole(text), made };
}

requirement('LOGS-020', async () => {
  const { frames, made } = await follow();
  const { lines: found } = linesAndKeepAlives(frames);
  expect(found.length).toBeGreaterThanOrEqual(3);
  for (const [at, text] of found) {
    expect(at).toBeGreaterThanOrEqual((made[0] ?? 0) - 60_000);
    expect(text).toBeTypeOf('string');
  }
  expect(times(found)).toEqual(times(found).toSorted((a, b) => a - b));
  expect(times(found).some((at) => made.includes(at))).toBe(true);
});

requirement('LOGS-021', async () => {
  const { frames } = await follow();
  const there = new Map(await all());
  // Only the last of several lines with the same time can be read.
  for (const [at, text] of new Map(linesAndKeepAlives(frames).lines)) expect(there.get(at)).toBe(text);
});

requirement('LOGS-022', { timeoutMs: 60_000 }, async () => {
  const { text } = await stream('streamLogs', { until: (so) => whole(so).includes('keepalive'), timeoutMs: 60_000 });
  expect(linesAndKeepAlives(whole(text)).alive).toBeGreaterThan(0);
});
