import type { Background } from '../background.ts';
import { Job } from './job.ts';

/** Those that failed or were cancelled are forgotten after this time, as a real server does it. */
const GRACE_MS = 5 * 60 * 1000;
/** Those that ended are kept, but not without limit. */
const MOST = 1000;
/** Of the events that nobody has read yet, of all builds together. */
const MOST_BYTES = 128 * 1024 * 1024;

/** The builds of a mock that were started, in the order of their start. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #mostBytes: number;
  /** Of the events that nobody has read yet. */
  #bytes = 0;

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** Starts work in the background. Where it fails, the stream of its events ends. */
  start(background: Background, id: string, work: (job: Job) => Promise<void>): Job {
    this.#forgetOld();
    const job = new Job(id, (grown, bytes) => this.#count(grown, bytes));
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
    this.#bytes = 0;
  }

  #forgetOld(): void {
    const before = Date.now() - GRACE_MS;
    for (const job of this.#jobs.values()) {
      const { state, endedAt } = job;
      const over = endedAt !== undefined && (state === 'ended' ? this.#jobs.size >= MOST : endedAt < before);
      if (over) this.#forget(job);
    }
  }

  #forget(job: Job): void {
    job.cancel();
    this.#bytes -= job.unreadBytes;
    this.#jobs.delete(job.id);
  }

  #count(job: Job, bytes: number): void {
    if (this.#jobs.get(job.id) !== job) return;
    this.#bytes += bytes;
    if (bytes > 0 && this.#bytes > this.#mostBytes) this.#forgetUnread(job);
  }

  /** Forgets the oldest builds whose events nobody reads, those that are over first. The one that grows stays. */
  #forgetUnread(grown: Job): void {
    const others = [...this.#jobs.values()].filter((job) => job !== grown && job.unreadBytes > 0);
    const isRunning = ({ state }: Job) => state === 'running';
    for (const job of [...others.filter((one) => !isRunning(one)), ...others.filter(isRunning)]) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#forget(job);
    }
  }
}
