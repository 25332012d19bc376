import type { Background } from '../background.ts';
import { Job } from './job.ts';

/** Those that failed or were cancelled are forgotten after this time, as a real server does it. */
const GRACE_MS = 5 * 60 * 1000;
/** Those that ended are kept, but not without limit. */
const MOST = 1000;

/** The builds of a mock that were started, in the order of their start. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();

  /** Starts work in the background. Where it fails, the stream of its events ends. */
  start(background: Background, id: string, work: (job: Job) => Promise<void>): Job {
    this.#forgetOld();
    const job = new Job(id);
    this.#jobs.set(id, job);
    background.run(`build ${id}`, (signal) => job.run(signal, work));
    return job;
  }

  get(id: string): Job | undefined {
    this.#forgetOld();
    return this.#jobs.get(id);
  }

  /** Stops them all; nothing of them is left. */
  clear(): void {
    for (const job of this.#jobs.values()) job.cancel();
    this.#jobs.clear();
  }

  #forgetOld(): void {
    const before = Date.now() - GRACE_MS;
    for (const [id, { state, endedAt }] of this.#jobs) {
      const over = endedAt !== undefined && (state === 'ended' ? this.#jobs.size >= MOST : endedAt < before);
      if (over) this.#jobs.delete(id);
    }
  }
}
