import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { REPORT_FILES, ReportError, reporters, writeReports } from '../../reports/index.ts';
import type { Run } from '../../reports/run.ts';
import { sampleRun } from './sample-run.ts';

const golden = (file: string): string => join(import.meta.dirname, 'golden', file);

describe('a reporter is a pure function of the run', () => {
  it.each(['junit', 'ctrf', 'markdown', 'terminal', 'html'] as const)('%s', async (name) => {
    const file = { ...REPORT_FILES, terminal: 'terminal.txt' }[name];
    await expect(reporters[name](sampleRun())).toMatchFileSnapshot(golden(file));
  });

  it('changes nothing in the run', () => {
    const run = sampleRun();
    for (const report of Object.values(reporters)) report(run);
    expect(run).toEqual(sampleRun());
  });

  it.each(Object.entries(reporters))('%s reports a run in which nothing ran', (_name, report) => {
    const run: Run = {
      ...sampleRun(),
      requirements: [],
      matrix: [],
      operations: [],
      extras: [],
      leftovers: [],
      verdict: 'not-measured',
      exitCode: 2,
      status: 'incomplete',
    };
    expect(report(run)).toBeTruthy();
  });
});

describe('JSON', () => {
  const ajv = addFormats.default(new Ajv2020.default({ allErrors: true }));
  const validate = ajv.compile(
    JSON.parse(readFileSync(new URL('../../reports/run.schema.json', import.meta.url), 'utf8')),
  );

  it('is valid for its schema', () => {
    expect(validate(JSON.parse(reporters.json(sampleRun()))), JSON.stringify(validate.errors)).toBe(true);
  });

  it('is refused by the schema with another version or an unknown verdict', () => {
    expect(validate({ ...sampleRun(), schemaVersion: 2 })).toBe(false);
    expect(validate({ ...sampleRun(), verdict: 'passed' })).toBe(false);
  });
});

describe('CTRF', () => {
  const report = JSON.parse(reporters.ctrf(sampleRun()));
  const { summary, tests } = report.results;

  it('has the fields that its specification asks for', () => {
    expect(report).toMatchObject({
      reportFormat: 'CTRF',
      specVersion: '0.1.0',
      results: { tool: { name: 'flowpact' } },
    });
    for (const test of tests)
      expect(test).toMatchObject({
        name: expect.any(String),
        status: expect.any(String),
        duration: expect.any(Number),
      });
    for (const number of [summary.start, summary.stop, ...tests.map(({ duration }: { duration: number }) => duration)])
      expect(Number.isInteger(number)).toBe(true);
  });

  it('counts every test once', () => {
    const { passed, failed, skipped, pending, other } = summary;
    expect(summary.tests).toBe(tests.length);
    expect(passed + failed + skipped + pending + other).toBe(tests.length);
  });
});

describe('JUnit', () => {
  it('never shows a blocked MUST as skipped', () => {
    const run = sampleRun();
    for (const result of run.requirements) if (result.verdict === 'blocked') result.level = 'MUST';
    expect(reporters.junit(run)).toContain('<failure type="blocked"');
  });

  it('has no character that XML forbids', () => {
    expect(reporters.junit(sampleRun())).not.toContain('\u0000');
  });
});

describe('HTML', () => {
  const page = reporters.html(sampleRun());

  it('loads nothing from outside', () => {
    expect(page).not.toMatch(/(?:src|href)="(?!#|data:)/);
    expect(page).not.toMatch(/@import|url\(/);
  });

  it('shows what came from a target as text, never as markup', () => {
    const run = sampleRun();
    run.requirements[0] = { ...(run.requirements[0] as Run['requirements'][0]), text: '<img src=x onerror=alert(1)>' };
    expect(reporters.html(run)).not.toContain('<img');
  });
});

describe('writeReports', () => {
  it('writes every report into a folder that it creates, and leaves no incomplete file', () => {
    const dir = mkdtempSync(join(tmpdir(), 'flowpact-reports-'));
    try {
      const paths = writeReports(sampleRun(), join(dir, 'deep', 'er'));
      expect(readdirSync(join(dir, 'deep', 'er')).toSorted()).toEqual(Object.values(REPORT_FILES).toSorted());
      expect(JSON.parse(readFileSync(paths[0] as string, 'utf8'))).toEqual(sampleRun());
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('says which report could not be written, and why', () => {
    const dir = mkdtempSync(join(tmpdir(), 'flowpact-reports-'));
    writeFileSync(join(dir, 'file'), '');
    try {
      expect(() => writeReports(sampleRun(), join(dir, 'file'))).toThrow(ReportError);
      expect(() => writeReports(sampleRun(), join(dir, 'file'))).toThrow(/run\.json can't be written: .*--out/s);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
