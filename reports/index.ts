import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ctrf } from './ctrf.ts';
import { html } from './html/index.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Run } from './run.ts';
import { terminal } from './terminal.ts';

/** A reporter is a pure function of a finished run. */
export const reporters = { json, junit, ctrf, html, markdown, terminal } satisfies Record<string, (run: Run) => string>;

/** The files in the folder of a run. */
export const REPORT_FILES = {
  json: 'run.json',
  junit: 'junit.xml',
  ctrf: 'ctrf.json',
  html: 'report.html',
  markdown: 'summary.md',
} as const;

/** A report can't be written, so the run does not count as measured. */
export class ReportError extends Error {
  override name = 'ReportError';
}

/**
 * Writes every report into a folder, which is created if missing. Each file is complete or absent: it is written under
 * another name, then renamed.
 *
 * @returns the paths
 * @throws ReportError that names the file and the cause
 */
export function writeReports(run: Run, dir: string): string[] {
  return Object.entries(REPORT_FILES).map(([name, file]) => {
    const path = join(dir, file);
    writeWhole(path, dir, reporters[name as keyof typeof REPORT_FILES](run));
    return path;
  });
}

function writeWhole(path: string, dir: string, text: string): void {
  const partFile = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    mkdirSync(dir, { recursive: true });
    // Responses of a deployment may hold credentials.
    writeFileSync(partFile, text, { mode: 0o600 });
    renameSync(partFile, path);
  } catch (error) {
    if (existsSync(partFile)) rmSync(partFile);
    throw new ReportError(
      `The report ${path} can't be written: ${(error as Error).message}. Give a writable folder with --out`,
      { cause: error },
    );
  }
}
