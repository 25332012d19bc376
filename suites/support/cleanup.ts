import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentTest } from './current-test.ts';
import { type JournalLine, type Removal, remove } from './removal.ts';
import { context } from './run-context.ts';

const journal = join(context.shared, 'journal.jsonl');
const write = (line: JournalLine): void => appendFileSync(journal, `${JSON.stringify(line)}\n`, { mode: 0o600 });

/**
 * Registers the removal of something when it is created. It runs at the end of the test (or of the run);
 * the runner does it if the worker can't.
 */
export function registerCleanup(removal: Removal, until: 'test' | 'run' = 'test'): void {
  const made = randomUUID();
  write({ made, removal });
  if (until === 'run') return;
  currentTest()?.cleanups.push(async () => {
    if (await remove(context.url, removal)) write({ removed: made });
  });
}

/** Runs the clean-ups, newest first. Never throws: the runner removes and reports what is left. */
export async function cleanUp(cleanups: (() => Promise<void>)[]): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup().catch(() => undefined);
}
