import type { Case, RequirementResult, Run } from './run.ts';
import { groupBy, selectedOf } from './tally.ts';

/** JUnit XML: one suite for each area, one test case for each case. Requirements that are not selected are omitted. */
export function junit(run: Run): string {
  const suites = [...groupBy(selectedOf(run), (result) => result.area)].map(([area, results]) =>
    suite(area, results, run),
  );
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="flowpact" ${totals(all)} time="${seconds(run.durationMs)}" timestamp="${attribute(run.startedAt)}">`,
    ...suites.map(({ text }) => text),
    '</testsuites>',
    '',
  ].join('\n');
}

interface TestCase {
  kind: 'pass' | 'failure' | 'error' | 'skipped';
  text: string;
  durationMs: number;
}

function suite(area: string, results: RequirementResult[], run: Run): { text: string; cases: TestCase[] } {
  const cases = results.flatMap(testCases);
  const time = seconds(cases.reduce((sum, one) => sum + one.durationMs, 0));
  const lines = [
    `  <testsuite name="${attribute(area)}" ${totals(cases)} time="${time}" timestamp="${attribute(run.startedAt)}" hostname="${attribute(run.target.url)}">`,
    ...cases.map(({ text }) => text),
    '  </testsuite>',
  ];
  return { text: lines.join('\n'), cases };
}

/** The test cases of a requirement; one without cases is a test case itself, so that no requirement is missing. */
function testCases(result: RequirementResult): TestCase[] {
  if (result.cases.length > 0) return result.cases.map((one) => testCase(result, one));
  return [
    testCase(result, {
      name: result.text,
      verdict: result.verdict,
      durationMs: 0,
      exchanges: [],
      ...(result.reason && { message: result.reason }),
    }),
  ];
}

function testCase(result: RequirementResult, one: Case): TestCase {
  const kind = kindOf(result, one);
  const name = one.name.startsWith(result.id) ? one.name : `${result.id} ${one.name}`;
  const open = `    <testcase classname="flowpact.${attribute(result.area)}" name="${attribute(name)}" time="${seconds(one.durationMs)}"`;
  const text = kind === 'pass' ? `${open}/>` : `${open}>\n      ${outcomeElement(kind, result, one)}\n    </testcase>`;
  return { kind, text, durationMs: one.durationMs };
}

/** A MUST that is blocked counts against the target, so it must not read as skipped. */
function kindOf({ level }: RequirementResult, { verdict }: Case): TestCase['kind'] {
  if (verdict === 'pass') return 'pass';
  if (verdict === 'fail') return 'failure';
  if (verdict === 'error') return 'error';
  return verdict === 'blocked' && level === 'MUST' ? 'failure' : 'skipped';
}

function outcomeElement(kind: TestCase['kind'], result: RequirementResult, one: Case): string {
  const message = attribute(one.message ?? result.reason ?? one.verdict);
  if (kind === 'skipped') return `<skipped message="${attribute(`${one.verdict}: `)}${message}"/>`;
  return `<${kind} type="${one.verdict}" message="${message}">${content(details(result, one))}</${kind}>`;
}

function details(result: RequirementResult, one: Case): string {
  return [
    `${result.id} (${result.level}): ${result.text}`,
    `Source: ${result.source}`,
    ...(one.pointer === undefined ? [] : [`At: ${one.pointer || 'the whole body'}`]),
    ...(one.expected === undefined ? [] : [`Expected: ${one.expected}`]),
    ...(one.actual === undefined ? [] : [`Actual: ${one.actual}`]),
    ...(result.waiver
      ? [`Waived by ${result.waiver.owner} until ${result.waiver.expires}: ${result.waiver.reason}`]
      : []),
    `Rerun: ${result.rerun}`,
  ].join('\n');
}

function totals(cases: TestCase[]): string {
  const count = (kind: TestCase['kind']): number => cases.filter((one) => one.kind === kind).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

/** Characters that XML 1.0 does not allow, not even escaped. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function content(text: string): string {
  return text.replaceAll(FORBIDDEN, '\ufffd').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function attribute(text: string): string {
  return content(text)
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;');
}
