import { performance } from 'node:perf_hooks';
import { cutForDisplay } from '../display.ts';
import type { Effects } from '../engine/effects.ts';
import type { VertexEvent } from '../engine/events.ts';
import type { BuildInputs, BuiltVertex, FlowBuild } from '../engine/flow-build.ts';
import type { Vertex } from '../engine/graph.ts';
import { buildTime } from '../engine/results.ts';
import type { VertexBuildRecord } from '../store/run-records.ts';

/** A vertex that was built, as the editor receives it. */
export interface VertexResponse {
  id: string;
  inactivated_vertices: string[];
  next_vertices_ids: string[];
  top_level_vertices: string[];
  valid: boolean;
  params: string | null;
  data: ReturnType<typeof displayData>;
  timestamp: string;
}

/** Builds a vertex and measures it, from the moment that the client names where it does. */
export function* buildVertex(
  build: FlowBuild,
  vertex: Vertex,
  inputs: BuildInputs,
  effects: Effects,
  clientTime?: number | null,
): Generator<VertexEvent, VertexResponse> {
  const startedAt = performance.now();
  const built = yield* build.build(vertex, inputs, effects);
  const now = effects.now();
  const seconds = clientTime ? now.getTime() / 1000 - clientTime / 1000 : (performance.now() - startedAt) / 1000;
  return {
    id: vertex.id,
    inactivated_vertices: built.inactivated,
    next_vertices_ids: built.next,
    top_level_vertices: built.next,
    valid: built.valid,
    params: built.params,
    data: displayData(built, seconds),
    timestamp: buildTime(now),
  };
}

function displayData({ data }: BuiltVertex, seconds: number) {
  const { results, outputs, logs, artifacts, used_frozen_result } = cutForDisplay(data);
  return {
    results,
    outputs,
    logs,
    message: artifacts,
    artifacts,
    timedelta: seconds,
    duration: elapsed(seconds),
    used_frozen_result,
  };
}

/** The row that the monitor keeps of a vertex that was built. */
export function recordOfResponse(
  flowId: string,
  { id, valid, params, data }: VertexResponse,
  effects: Effects,
): VertexBuildRecord {
  return {
    build_id: effects.uuid(),
    flow_id: flowId,
    id,
    timestamp: buildTime(effects.now()),
    valid,
    params,
    data: data as unknown as Record<string, unknown>,
    artifacts: data.artifacts,
  };
}

/** `12 ms`, `1.5 seconds`, `2 minutes, 3.25 seconds` */
export function elapsed(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  const plural = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;
  const rounded = (value: number) => Math.round(value * 100) / 100;
  const minutes = Math.floor(seconds / 60);
  const rest = plural(rounded(seconds - minutes * 60), 'second');
  return minutes === 0 ? rest : `${plural(minutes, 'minute')}, ${rest}`;
}
