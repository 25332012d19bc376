import type { LogBuffer } from './logs.ts';

/** What a mock does when no request waits for it: webhooks, builds, voice, messages over streams. */
export class Background {
  readonly #logs: LogBuffer;
  readonly #running = new Set<Promise<void>>();
  #stop = new AbortController();

  constructor(logs: LogBuffer) {
    this.#logs = logs;
  }

  /** Aborted when the mock is reset, restored or closed: what began before must not write afterwards. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Starts work, which ends soon after its signal is aborted. A rejection is logged; the promise that is given back is never rejected. */
  run(name: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this;
    const running = this.#guarded(name, work, signal).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return running;
  }

  /** Ends all that goes on, and waits for its end. */
  async stop(): Promise<void> {
    do {
      this.#stop.abort();
      this.#stop = new AbortController();
      await Promise.all(this.#running);
      // Requests that came meanwhile may have begun something.
    } while (this.#running.size > 0);
  }

  async #guarded(name: string, work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      // Not in the unit of work of whoever starts it.
      await undefined;
      await work(signal);
    } catch (error) {
      if (signal.aborted && (error as Error).name === 'AbortError') return;
      this.#logs.write(`An error occurred in the background: ${name}.`);
      process.stderr.write(`${name}: ${(error as Error).stack ?? error}\n`);
    }
  }
}
