import { setTimeout as delay } from 'node:timers/promises';
import type { Target } from '../../targets/index.ts';

/** Some ten seconds after its start a real one gives the users that it has then an MCP server and a key: those of a comparison are made later. */
const SETTLED_MS = 25_000;

/** Waits until a deployment that we started, and that was there at a time in milliseconds, has set itself up. */
export async function settle({ kind }: Target, since: number): Promise<void> {
  if (kind === 'package' || kind === 'image') await delay(Math.max(0, since + SETTLED_MS - Date.now()));
}
