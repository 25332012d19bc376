import type { Case, RequirementResult, Run, Verdict } from './run.ts';
import { plural, selectedOf, targetName } from './tally.ts';

type Status = 'passed' | 'failed' | 'skipped' | 'pending' | 'other';

const STATUS: Record<Verdict, Status> = {
  pass: 'passed',
  fail: 'failed',
  'not-applicable': 'skipped',
  'not-run': 'pending',
  blocked: 'other',
  error: 'other',
};

/** Common Test Report Format (ctrf.io) 0.1.0: one test for each case, with our verdict in `rawStatus`. */
export function ctrf(run: Run): string {
  const tests = selectedOf(run).flatMap((result) => testsOf(result, run));
  const count = (status: Status): number => tests.filter((test) => test.status === status).length;
  const start = Date.parse(run.startedAt);
  const report = {
    reportFormat: 'CTRF',
    specVersion: '0.1.0',
    timestamp: new Date(start + run.durationMs).toISOString(),
    generatedBy: `${run.tool.name} ${run.tool.version}`,
    results: {
      tool: { name: run.tool.name, version: run.tool.version },
      summary: {
        tests: tests.length,
        ...{
          passed: count('passed'),
          failed: count('failed'),
          skipped: count('skipped'),
          pending: count('pending'),
          other: count('other'),
        },
        suites: new Set(tests.map((test) => test.suite[0])).size,
        start,
        stop: Math.round(start + run.durationMs),
        duration: Math.round(run.durationMs),
        extra: { verdict: run.verdict, exitCode: run.exitCode, status: run.status },
      },
      tests,
      environment: {
        reportName: `${targetName(run)} against contract ${run.profile}`,
        appName: run.target.package ?? run.target.name,
        ...(run.target.version && { appVersion: run.target.version }),
        healthy: run.verdict === 'conformant',
        extra: {
          runId: run.id,
          target: run.target,
          profile: run.profile,
          selection: run.selection,
          notes: run.notes,
          leftovers: run.leftovers,
        },
      },
    },
  };
  return `${JSON.stringify(report, null, 1)}\n`;
}

function testsOf(result: RequirementResult, run: Run) {
  const cases: Case[] =
    result.cases.length > 0
      ? result.cases
      : [{ name: result.text, verdict: result.verdict, durationMs: 0, exchanges: [] }];
  return cases.map((one) => testOf(result, one, run));
}

function testOf(result: RequirementResult, one: Case, run: Run) {
  const message = one.message ?? (one.verdict === 'pass' ? undefined : result.reason);
  const at = one.exchanges[0]?.at;
  const start = at === undefined ? undefined : Math.round(Date.parse(run.startedAt) + at);
  return {
    name: one.name.startsWith(result.id) ? one.name : `${result.id} ${one.name}`,
    status: STATUS[one.verdict],
    rawStatus: one.verdict,
    duration: Math.round(one.durationMs),
    ...(start !== undefined && { start, stop: Math.round(start + one.durationMs) }),
    suite: [result.area, result.id],
    ...(message && { message }),
    ...(one.verdict === 'fail' && { trace: traceOf(result, one) }),
    tags: [result.level, result.area, ...(result.tier ? [result.tier] : []), ...(result.waiver ? ['waived'] : [])],
    labels: {
      requirement: result.id,
      level: result.level,
      ...(one.operationId && { operation: one.operationId }),
      ...(result.capability && { capability: result.capability }),
    },
    type: 'contract',
    extra: {
      requirement: result.text,
      source: result.source,
      rerun: result.rerun,
      ...(result.waiver && { waiver: result.waiver }),
    },
  };
}

function traceOf(result: RequirementResult, { pointer, expected, actual, exchanges }: Case): string {
  const last = exchanges.at(-1);
  return [
    ...(pointer === undefined ? [] : [`at ${pointer || 'the whole body'}`]),
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(actual === undefined ? [] : [`actual ${actual}`]),
    ...(last
      ? [
          `${last.request.method} ${last.request.url} -> ${last.response?.status ?? last.error ?? 'no response'} (${plural(exchanges.length, 'request')})`,
        ]
      : []),
    `rerun: ${result.rerun}`,
  ].join('\n');
}
