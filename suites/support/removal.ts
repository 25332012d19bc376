/** A request that removes something the run made. */
export interface Removal {
  /** What is removed, for the report: `flow "…"`. */
  what: string;
  method: string;
  path: string;
  headers: Record<string, string>;
}

/** A line of the journal: the runner removes what has no `removed` line, however the worker ended. */
export type JournalLine = { made: string; removal: Removal } | { removed: string };

/** @returns whether the thing is gone. */
export async function remove(url: string, removal: Removal): Promise<boolean> {
  const answer = await fetch(url + removal.path, { method: removal.method, headers: removal.headers, signal: AbortSignal.timeout(10_000) });
  await answer.arrayBuffer();
  // 401 and 403: the user whose thing it was is gone, and the thing with them.
  return answer.ok || [401, 403, 404].includes(answer.status);
}
