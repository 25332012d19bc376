import { setTimeout as delay } from 'node:timers/promises';

/** An event as it goes over the wire; null is the end of the stream, which no reader sees. */
type Queued = string | null;

/** A build that goes on by itself. Its events wait in one queue: each is given to one reader, once. */
export class Job {
  readonly id: string;
  state: 'running' | 'ended' | 'failed' | 'cancelled' = 'running';
  /** When it came to an end, in milliseconds. */
  endedAt: number | undefined;
  readonly #events: Queued[] = [];
  readonly #readers: ((event: Queued) => void)[] = [];
  readonly #stop = new AbortController();
  readonly #takers: (() => void)[] = [];
  readonly #counted: (job: Job, bytes: number) => void;
  /** Of the events that wait. */
  #bytes = 0;

  /** @param counted called with the bytes by which the events that wait become more, or less */
  constructor(id: string, counted: (job: Job, bytes: number) => void = () => {}) {
    this.id = id;
    this.#counted = counted;
  }

  /** Of the events that nobody has read yet. */
  get unreadBytes(): number {
    return this.#bytes;
  }

  /**
   * Does its work until it ends. Where the signal or a fault ends it, the stream of its events ends too; a fault is
   * thrown.
   */
  async run(signal: AbortSignal, work: (job: Job) => Promise<void>): Promise<void> {
    const cancel = () => {
      this.cancel();
      this.put(null);
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      await work(this);
    } catch (error) {
      this.finish('failed');
      this.put(null);
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  put(event: Queued): void {
    const reader = this.#readers.shift();
    if (reader) {
      reader(event);
      return;
    }
    this.#events.push(event);
    this.#count(event?.length ?? 0);
  }

  /** What is there now. */
  takeAll(): Queued[] {
    this.#taken();
    this.#count(-this.#bytes);
    return this.#events.splice(0);
  }

  /** Waits until somebody has begun to take what is there, at most so long. */
  async isFollowed(milliseconds: number): Promise<void> {
    if (this.#events.length === 0) return;
    const over = new AbortController();
    this.#takers.push(() => over.abort());
    await delay(milliseconds, undefined, { signal: AbortSignal.any([over.signal, this.#stop.signal]) }).catch(
      () => undefined,
    );
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#counted(this, bytes);
  }

  #taken(): void {
    for (const taker of this.#takers.splice(0)) taker();
  }

  /** The next event, whenever it comes; undefined when the reader goes away before. */
  next(signal?: AbortSignal): Promise<Queued | undefined> {
    this.#taken();
    const [first] = this.#events.splice(0, 1);
    this.#count(-(first?.length ?? 0));
    if (first !== undefined) return Promise.resolve(first);
    return new Promise((resolve) => {
      const reader = (event: Queued) => {
        signal?.removeEventListener('abort', leave);
        resolve(event);
      };
      const leave = () => {
        this.#readers.splice(this.#readers.indexOf(reader), 1);
        resolve(undefined);
      };
      if (signal?.aborted) return resolve(undefined);
      signal?.addEventListener('abort', leave, { once: true });
      this.#readers.push(reader);
    });
  }

  /** Lets others have their turn; false when the build is to stop. */
  async pause(milliseconds: number): Promise<boolean> {
    await delay(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    return this.state === 'running';
  }

  /** The build stops before its next vertex. What it told is still there for readers, and no end comes after it. */
  cancel(): void {
    if (this.state !== 'running') return;
    this.finish('cancelled');
    this.#stop.abort();
  }

  finish(state: 'ended' | 'failed' | 'cancelled'): void {
    this.state = state;
    this.endedAt = Date.now();
  }
}
