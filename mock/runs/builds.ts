import type { Built } from '../engine/components.ts';
import type { FlowBuild } from '../engine/flow-build.ts';
import { Jobs } from './jobs.ts';
import { Recent } from './recent.ts';

/** What a mock knows of builds beside what it stores: it dies with the process, as on a real server. */
export class Builds {
  readonly jobs = new Jobs();
  /** The last build of each flow, whoever began it. */
  readonly last = new Recent<FlowBuild>();
  /** What each component came to when it was last built, in whatever flow. */
  readonly components = new Recent<Built>();

  clear(): void {
    this.jobs.clear();
    this.last.clear();
    this.components.clear();
  }
}
