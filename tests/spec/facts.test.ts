import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadSpec } from '../../spec/index.ts';
import { isObject } from '../../spec/json.ts';
import { profileVersions } from '../../spec/versions.ts';

const root = join(import.meta.dirname, '../..');
const sources = globSync('{mock,suites}/**/*.ts', { cwd: root })
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .filter((text) => /\bfacts\b|Facts\b/.test(text));

const facts = (await Promise.all(profileVersions().map((version) => loadSpec(version)))).map((spec) => spec.facts);
/** The keys of facts, and of what they hold. */
const keysOf = (value: object): string[] =>
  Object.entries(value).flatMap(([key, inner]) => [key, ...(isObject(inner) ? keysOf(inner) : [])]);
const keys = [...new Set(facts.flatMap(keysOf))];

test('every fact of a profile is read by the mock or by a suite', () => {
  const isRead = (key: string) => sources.some((text) => new RegExp(`\\b${key}\\b`).test(text));
  expect(keys.filter((key) => !isRead(key)).map((key) => `spec/profiles: nothing reads the fact ${key}`)).toEqual([]);
});

test('every fact that is read is in a profile', () => {
  const read = sources.flatMap((text) => [...text.matchAll(/spec\.facts\['(\w+)'\]/g)].map(([, key = '']) => key));
  expect(read.length).toBeGreaterThan(5);
  expect(read.filter((key) => !keys.includes(key))).toEqual([]);
});
