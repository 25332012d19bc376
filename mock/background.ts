import type { LogBuffer } from './logs.ts';

/** Work that no request waits for: webhooks, builds, voice sessions, messages over streams. */
export class Background {
  readonly #logs: LogBuffer;
  readonly #running = new Set<Promise<void>>();
  #stop = new AbortController();

  constructor(logs: LogBuffer) {
    this.#logs = logs;
  }

  /** Aborted when the mock is reset, restored or closed. Work that began earlier must not write afterwards. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /**
   * Starts work after the current unit of work. The work must end soon after its signal is aborted. A rejection is
   * logged.
   */
  run(name: string, work: (signal: AbortSignal) => Promise<void>): void {
    const running = this.#guarded(name, work, this.signal).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Logs an error that no response reports. */
  report(name: string, error: unknown): void {
    this.#logs.write(`An error occurred in the background: ${name}.`);
    process.stderr.write(`${name}: ${(error as Error).stack ?? error}\n`);
  }

  /** Aborts all work and waits for its end. */
  async stop(): Promise<void> {
    do {
      this.#stop.abort();
      this.#stop = new AbortController();
      await Promise.all(this.#running);
      // Requests may have started more work in the meantime.
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
