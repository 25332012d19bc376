import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentTest } from './current-test.ts';
import { context } from './run-context.ts';

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

const journal = join(context.shared, 'journal.jsonl');
const write = (line: JournalLine): void => appendFileSync(journal, `${JSON.stringify(line)}\n`, { mode: 0o600 });

/**
 * Registers the removal of something at the moment it is made: it runs at the end of the test (or of the run),
 * and the runner does it where the worker can't.
 */
export function registerCleanup(removal: Removal, until: 'test' | 'run' = 'test'): void {
  const made = randomUUID();
  write({ made, removal });
  const test = currentTest();
  if (until === 'run' || !test) return;
  test.cleanups.push(async () => {
    if (await remove(context.url, removal)) write({ removed: made });
  });
}

/** Newest first; never throws: what stays is left to the runner, which reports it. */
export async function cleanUp(cleanups: (() => Promise<void>)[]): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup().catch(() => undefined);
}

/** @returns whether the thing is gone. */
export async function remove(url: string, removal: Removal): Promise<boolean> {
  const answer = await fetch(url + removal.path, { method: removal.method, headers: removal.headers, signal: AbortSignal.timeout(10_000) });
  await answer.arrayBuffer();
  // 401 and 403: the user whose thing it was is gone, and the thing with them.
  return answer.ok || [401, 403, 404].includes(answer.status);
}
