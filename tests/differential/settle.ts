import { setTimeout as delay } from 'node:timers/promises';

/** Some ten seconds after its start a real one gives the users that it has then an MCP server and a key: those of a comparison are made later. */
const SETTLED_MS = 25_000;

/** Waits until a deployment that was there at a time, in milliseconds, has set itself up. */
export const settle = (since: number): Promise<void> => delay(Math.max(0, since + SETTLED_MS - Date.now()));
