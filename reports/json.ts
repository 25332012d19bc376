import type { Run } from './run.ts';

/** The run as JSON, with a `schemaVersion`; run.schema.json describes it. */
export const json = (run: Run): string => `${JSON.stringify(run, null, 1)}\n`;
