import { setTimeout as delay } from 'node:timers/promises';
import type { Target } from '../../targets/index.ts';

/**
 * About ten seconds after its start, Langflow gives the existing users an MCP server and a key: a comparison starts
 * later.
 */
const SETTLED_MS = 25_000;

/** Waits until a deployment that we started, and that was ready at `since` (milliseconds), has finished its set-up. */
export async function settle({ kind }: Target, since: number): Promise<void> {
  if (kind === 'package' || kind === 'image') await delay(Math.max(0, since + SETTLED_MS - Date.now()));
}
