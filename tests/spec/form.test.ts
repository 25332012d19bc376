import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Node, parseDocument, visit } from 'yaml';
import { specFiles } from '../../spec/fingerprint.ts';
import { REQUIREMENT_KEYS, SPEC_DIR } from '../../spec/load.ts';

const LINE = 120;
const parts = specFiles(SPEC_DIR).map((name) => ({ name, text: readFileSync(join(SPEC_DIR, name), 'utf8') }));

test(`no part has a line of more than ${LINE} characters`, () => {
  const long = parts.flatMap(({ name, text }) =>
    text.split('\n').flatMap((line, index) => (line.length > LINE ? [`spec/${name}:${index + 1} has ${line.length} characters`] : [])),
  );
  expect(long).toEqual([]);
});

test('a requirement is a block map with its keys in one order', () => {
  const requirements = parts.flatMap(({ name, text }) => requirementsOf(parseDocument(text).contents).map((node) => ({ name, ...node })));
  expect(requirements.length).toBeGreaterThan(900);
  expect(requirements.filter(({ flow }) => flow).map(({ name, keys }) => `spec/${name}: ${keys}`)).toEqual([]);
  const inOrder = (keys: string[]) => REQUIREMENT_KEYS.filter((key) => keys.includes(key));
  expect(requirements.map(({ name, keys }) => ({ name, keys }))).toEqual(requirements.map(({ name, keys }) => ({ name, keys: inOrder(keys) })));
});

function requirementsOf(node: Node | null): { flow: boolean; keys: string[] }[] {
  const found: { flow: boolean; keys: string[] }[] = [];
  visit(node, {
    Map(_, map) {
      if (!map.has('level') || !map.has('text')) return;
      found.push({ flow: map.flow === true, keys: map.items.map(({ key }) => String(key)) });
    },
  });
  return found;
}
