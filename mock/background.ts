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

  /**
   * Starts work, which ends soon after its signal is aborted; a rejection is logged. It begins when the unit of work
   * that starts it has ended.
   */
  run(name: string, work: (signal: AbortSignal) => Promise<void>): void {
    const running = this.#guarded(name, work, this.signal).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Logs a fault that no response shows. */
  report(name: string, error: unknown): void {
    this.#logs.write(`An error occurred in the background: ${name}.`);
    process.stderr.write(`${name}: ${(error as Error).stack ?? error}\n`);
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
      await undefined;
      await work(signal);
    } catch (error) {
      const isStopped = signal.aborted && (error as Error).name === 'AbortError';
      if (!isStopped) this.report(name, error);
    }
  }
}
