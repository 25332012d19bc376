import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isScalar, type Node, parseDocument, visit } from 'yaml';
import { specFiles } from '../../spec/fingerprint.ts';
import { REQUIREMENT_KEYS, SPEC_DIR } from '../../spec/load.ts';

const LINE = 120;
const parts = specFiles(SPEC_DIR).map((name) => ({ name, text: readFileSync(join(SPEC_DIR, name), 'utf8') }));

test(`no part has a line of more than ${LINE} characters`, () => {
  const long = parts.flatMap(({ name, text }) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        line.length > LINE ? [`spec/${name}:${index + 1} has ${line.length} characters`] : [],
      ),
  );
  expect(long).toEqual([]);
});

test('a requirement is a block map with its keys in one order', () => {
  const requirements = parts.flatMap(({ name, text }) =>
    requirementsOf(parseDocument(text).contents).map((node) => ({ name, ...node })),
  );
  expect(requirements.length).toBeGreaterThan(900);
  expect(requirements.filter(({ flow }) => flow).map(({ name, keys }) => `spec/${name}: ${keys}`)).toEqual([]);
  const inOrder = (keys: string[]) => REQUIREMENT_KEYS.filter((key) => keys.includes(key));
  expect(requirements.map(({ name, keys }) => ({ name, keys }))).toEqual(
    requirements.map(({ name, keys }) => ({ name, keys: inOrder(keys) })),
  );
});

/** Words that the glossary of ARCHITECTURE.md replaces by others. */
const AVOIDED =
  /\b(octets?(?!-stream)|tells?|told|whoever|nobody|everybody|came to|can not|(an?|the|its|no|each) answers?|is no more)\b/i;

test('the prose of the contract uses the words of the glossary', () => {
  const prose = parts.flatMap(({ name, text }) =>
    proseOf(parseDocument(text).contents).map((sentence) => `spec/${name}: ${sentence}`),
  );
  expect(prose.length).toBeGreaterThan(1500);
  expect(prose.filter((sentence) => AVOIDED.test(sentence))).toEqual([]);
});

const PROSE = new Set(['text', 'summary', 'description', 'untestable', 'why']);

/** The sentences of a part, without those of its examples. */
function proseOf(node: Node | null): string[] {
  const found: string[] = [];
  visit(node, {
    Pair(_, { key, value }) {
      const name = String(key);
      if (name === 'example' || name === 'examples') return visit.SKIP;
      if (PROSE.has(name) && isScalar(value) && typeof value.value === 'string') found.push(value.value);
      return undefined;
    },
  });
  return found;
}

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
