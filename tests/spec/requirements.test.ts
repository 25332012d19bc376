import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { handlers, socketHandlers } from '../../mock/routes/index.ts';
import { loadSpec } from '../../spec/index.ts';
import { profileVersions } from '../../spec/versions.ts';

const suites = join(import.meta.dirname, '../../suites');
const ids = readdirSync(suites)
  .filter((name) => name.endsWith('.test.ts'))
  .flatMap((name) =>
    [
      ...readFileSync(join(suites, name), 'utf8').matchAll(/\b(?:requirement|requirement\.\w+)\(\s*'([A-Z]+-\d{3})'/g),
    ].map((match) => match[1] as string),
  );

/** The requirements of all profiles: one may exist in a single profile. */
const specs = await Promise.all(profileVersions().map((version) => loadSpec(version)));
const requirements = new Map(
  specs.flatMap((spec) => spec.requirements.map((requirement) => [requirement.id, requirement])),
);
/** Checked by the recorder for every request, not by a test. */
const recorded = [...requirements.keys()].filter((id) => id.startsWith('SCHEMA-'));

describe('spec and suites match', () => {
  test('each test names a requirement of the contract', () => {
    expect(ids.filter((id) => !requirements.has(id))).toEqual([]);
  });

  test('each testable requirement has a test', () => {
    const untested = [...requirements.values()].filter(
      ({ id, untestable }) => !untestable && !ids.includes(id) && !recorded.includes(id),
    );
    expect(untested.map(({ id, area }) => `${id}: suites/${area}.test.ts has no test for it`)).toEqual([]);
  });

  test('ids and texts do not change', async () => {
    const lines = [...requirements.values()]
      .sort((a, b) => a.id.localeCompare(b.id))
      .map(({ id, level, text }) => `${id} ${level} ${text}`);
    await expect(lines.join('\n')).toMatchFileSnapshot('requirements.snap.txt');
  });
});

describe('spec and mock match', () => {
  test('each handler answers an operation of the contract', () => {
    const known = new Set(specs.flatMap(({ operations }) => operations.map(({ operationId }) => operationId)));
    expect(Object.keys(handlers).filter((id) => !known.has(id))).toEqual([]);
  });

  test('each operation has a handler', () => {
    const missing = specs
      .flatMap(({ operations }) => operations)
      .filter(({ operationId, twinOf, websocket }) => !(websocket ? socketHandlers : handlers)[twinOf ?? operationId]);
    expect(
      missing.map(({ operationId, slug }) => `${operationId}: mock/routes/${slug}.ts has no handler for it`),
    ).toEqual([]);
  });
});
