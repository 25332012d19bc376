import type { FlowBuild } from '../engine/flow-build.ts';
import { Jobs } from './jobs.ts';

/** More would be a leak: the oldest is forgotten. */
const MOST_REMEMBERED = 1000;

/** What a mock knows of builds beside what it stores: it dies with the process, as on a real server. */
export class Builds {
  readonly jobs = new Jobs();
  readonly #last = new Map<string, FlowBuild>();

  /** The last build of a flow, whoever began it. */
  last(flowId: string): FlowBuild | undefined {
    return this.#last.get(flowId);
  }

  remember(flowId: string, build: FlowBuild): void {
    this.#last.delete(flowId);
    this.#last.set(flowId, build);
    const [oldest] = this.#last.keys();
    if (this.#last.size > MOST_REMEMBERED && oldest !== undefined) this.#last.delete(oldest);
  }

  clear(): void {
    this.jobs.clear();
    this.#last.clear();
  }
}
