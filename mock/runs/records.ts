import type { Mock } from '../mock.ts';
import type { VertexBuildRecord } from '../store/run-records.ts';

/** How many builds a real server keeps: of a vertex, and of all. */
const BUILDS_PER_VERTEX = 2;
const MOST_BUILDS = 3000;

/** Keeps the build of a vertex, and forgets the oldest ones. */
export function keepBuild({ store: { vertexBuilds } }: Mock, row: VertexBuildRecord): void {
  const builds = vertexBuilds.all({ flow_id: row.flow_id, id: row.id });
  for (const old of builds.slice(0, 1 - BUILDS_PER_VERTEX)) vertexBuilds.remove(old.build_id);
  const oldest = vertexBuilds.size >= MOST_BUILDS ? vertexBuilds.oldest() : undefined;
  if (oldest) vertexBuilds.remove(oldest.build_id);
  vertexBuilds.insert(row);
}
