import type { components } from '../../spec/generated/api.d.ts';
import { cutForDisplay } from '../display.ts';
import { artifactsText } from '../engine/results.ts';
import { pageOf, paramsError } from '../flows/page.ts';
import { viewOf } from '../json.ts';
import { type Handlers, respond } from '../operation.ts';
import type { VertexBuildRecord } from '../store/run-records.ts';

type VertexBuild = components['schemas']['VertexBuild'];

/** A build in a response. Slow parts are made when it is read, once. */
const toWireBuild = viewOf(({ params, data, artifacts, ...build }: VertexBuildRecord) => {
  const text = params ?? artifactsText(artifacts ?? {});
  return { ...build, ...cutForDisplay({ params: text, data, artifacts }) } as VertexBuild;
});

/** The owner of the flow is not checked, as on 1.7.3 (MON-007, MON-011). */
export const monitorRoutes = {
  listBuilds: ({ query }, { store }) => {
    const newest = new Map<string, VertexBuildRecord>();
    for (const build of store.vertexBuilds.all({ flow_id: query.flow_id })) {
      newest.delete(build.id);
      newest.set(build.id, build);
    }
    return { vertex_builds: Object.fromEntries([...newest].map(([id, build]) => [id, [toWireBuild(build)]])) };
  },
  deleteBuilds: ({ query }, { store }) => {
    for (const { build_id } of store.vertexBuilds.all({ flow_id: query.flow_id })) store.vertexBuilds.remove(build_id);
    return undefined;
  },
  listTransactions: ({ query, fail }, { store }) => {
    const { page = null, size = null } = query;
    // A real server first builds the paging itself, without catching pydantic's errors: 500 for -1. The declared limits
    // come second: 422 for 0.
    const uncaught = paramsError(page, size);
    if (uncaught) return respond(500, { json: { message: uncaught } });
    const zeros = Object.entries({ page, size }).filter(([, value]) => value === 0);
    if (zeros.length > 0)
      return fail(
        422,
        zeros.map(([name]) => belowOne(name)),
      );
    return pageOf(
      store.transactions,
      { flow_id: query.flow_id },
      { page: page ?? 1, size: size ?? 50 },
      (row) => row,
    ) as never;
  },
} satisfies Handlers;

const belowOne = (name: string) => ({
  type: 'greater_than_equal',
  loc: ['query', name],
  msg: 'Input should be greater than or equal to 1',
  input: '0',
  ctx: { ge: 1 },
});
