import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

/**
 * The folders of mock/, lowest first: a folder imports itself, the files at the root of mock/ and the folders before
 * it. So there is no circle, and
 * a reader of one folder needs to know only those above this line of the list.
 */
const LAYERS = [
  'python',
  'validation',
  'store',
  'auth',
  'files',
  'engine',
  'components',
  'flows',
  'runs',
  'http',
  'mcp',
  'voice',
  'routes',
];

/** They put the parts together: what a mock is made of, and its start. */
const ASSEMBLY = new Set(['mock/mock.ts', 'mock/index.ts', 'mock/operation.ts']);

const IMPORT = /(?:from|import\() ?'(\.[^']+)'/g;
const layerOf = (file: string): string | undefined => /^mock\/([^/]+)\//.exec(file)?.[1];

test('a folder of the mock imports only the folders below it', () => {
  const upward = globSync('mock/**/*.ts')
    .filter((file) => !ASSEMBLY.has(file))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(
        ([, path = '']) => [file, join(dirname(file), path)] as const,
      ),
    )
    .filter(([, imported]) => layerOf(imported) !== undefined)
    .filter(([file, imported]) => LAYERS.indexOf(layerOf(imported) ?? '') > LAYERS.indexOf(layerOf(file) ?? ''))
    .map(([file, imported]) => `${file} imports ${imported}`);
  expect(upward).toEqual([]);
});

test('each folder of the mock has its place among the layers', () => {
  const folders = new Set(globSync('mock/*/*.ts').map(layerOf));
  expect([...folders].sort()).toEqual([...LAYERS].sort());
});
