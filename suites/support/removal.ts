/** A request that removes something that the run created. */
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
  const response = await fetch(url + removal.path, {
    method: removal.method,
    headers: removal.headers,
    signal: AbortSignal.timeout(10_000),
  });
  await response.arrayBuffer();
  // 401 and 403: its user was deleted, and the thing with them.
  return response.ok || [401, 403, 404].includes(response.status);
}
