import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Background } from '../../mock/background.ts';
import { LogBuffer } from '../../mock/logs.ts';
import { Jobs } from '../../mock/runs/jobs.ts';

const open = () => {
  const logs = new LogBuffer(10, () => new Date());
  return { logs, background: new Background(logs) };
};
const silence = () => vi.spyOn(process.stderr, 'write').mockReturnValue(true);
afterEach(() => vi.restoreAllMocks());

describe('work in the background', () => {
  test('starts after the code that starts it', async () => {
    const { background } = open();
    const order: string[] = [];
    background.run('work', async () => void order.push('work'));
    order.push('start');
    await background.stop();
    expect(order).toEqual(['start', 'work']);
  });

  test('that fails is logged, and has no other effect', async () => {
    const stderr = silence();
    const { background, logs } = open();
    background.run('webhook of f1', async () => {
      throw new Error('no such thing');
    });
    await background.stop();
    expect(String(stderr.mock.calls[0]?.[0])).toMatch(/^webhook of f1: Error: no such thing\n/);
    expect(logs.last(1)[0]?.text).toBe('An error occurred in the background: webhook of f1.');
  });

  test('is aborted by a stop, which waits for its end and logs nothing', async () => {
    const stderr = silence();
    const { background } = open();
    let ended = false;
    background.run('long', async (signal) => {
      try {
        await delay(60_000, undefined, { signal });
      } finally {
        await delay(10);
        ended = true;
      }
    });
    await background.stop();
    expect(ended).toBe(true);
    expect(stderr).not.toHaveBeenCalled();
  });

  test('that is started during a stop ends with it, and after it goes on', async () => {
    const { background } = open();
    const states: boolean[] = [];
    background.run('first', async (signal) => {
      await delay(60_000, undefined, { signal }).catch(() => undefined);
      background.run('second', async (later) => {
        await delay(60_000, undefined, { signal: later }).catch(() => undefined);
        states.push(later.aborted);
      });
    });
    await background.stop();
    expect(states).toEqual([true]);
    expect(background.signal.aborted).toBe(false);
  });
});

describe('a build', () => {
  test('that throws ends the stream of its events', async () => {
    silence();
    const { background } = open();
    const job = new Jobs().start(background, 'b1', async (started) => {
      started.put('first');
      await undefined;
      throw new Error('a fault');
    });
    expect([await job.next(), await job.next()]).toEqual(['first', null]);
    expect(job.state).toBe('failed');
  });

  test('that is stopped ends the stream of its events', async () => {
    const { background } = open();
    const job = new Jobs().start(background, 'b2', async (started) => void (await started.pause(60_000)));
    const next = job.next();
    await Promise.resolve();
    await background.stop();
    expect(await next).toBeNull();
    expect(job.state).toBe('cancelled');
  });
});
