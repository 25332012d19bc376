import { globSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'tsdown';
import { asciiOnly } from './build/ascii.ts';
import { lazyBuiltins } from './build/builtins.ts';
import { writeContracts } from './build/contract.ts';
import { thirdPartyLicences } from './build/licences.ts';
import { moduleThis } from './build/module-this.ts';
import { sourceFolders } from './build/source-folders.ts';
import { staticPrefix } from './build/static-prefix.ts';

const root = import.meta.dirname;
const UNUSED = join(root, 'build', 'unused.cjs');

/** Output has the paths of the sources: `mock/index.ts` becomes `dist/mock/index.js`. */
const entries = (files: string[]) => Object.fromEntries(files.map((file) => [file.replace(/\.ts$/, ''), file]));

const outputOptions = {
  chunkFileNames: 'chunks/[name]-[hash].js',
  codeSplitting: {
    groups: [
      // One file each for what is loaded together: a start that reads thirty files takes half as long again.
      {
        name: 'spec',
        test: /\/spec\/(compiled|index|json|lazily|path-template|spec-error|versions)\.ts$/,
        priority: 3,
      },
      { name: 'start', test: /\/(mock\/index|cli\/run)\.ts$/, priority: 1 },
    ],
  },
};
const shared = { root, outDir: 'dist', format: 'esm', platform: 'node', fixedExtension: false, outputOptions } as const;

export default defineConfig([
  {
    ...shared,
    entry: entries([
      'cli/index.ts',
      'mock/index.ts',
      'spec/index.ts',
      'mock/python/worker.ts',
      'targets/container-guard.ts',
      ...globSync('suites/*.test.ts'),
    ]),
    // The oldest Node that `engines` names.
    target: 'node22.13',
    dts: false,
    // Names stay, for stack traces.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    alias: {
      // Its CommonJS files ask for others in a way that no bundler sees.
      'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
      // Node's own is deprecated, and says so.
      punycode: 'punycode/punycode.js',
      '@fastify/ajv-compiler': UNUSED,
      '@fastify/fast-json-stringify-compiler': UNUSED,
      'light-my-request': UNUSED,
    },
    deps: { onlyBundle: false },
    plugins: [
      asciiOnly(),
      lazyBuiltins(),
      staticPrefix(),
      moduleThis(/\/uri-template-lite\//),
      sourceFolders(root),
      thirdPartyLicences(join(root, 'dist', 'THIRD-PARTY-LICENCES.txt')),
    ],
    copy: [
      { from: 'mock/python/*.py', to: 'dist/mock/python' },
      { from: 'fixtures/*.json', to: 'dist/fixtures' },
      { from: 'fixtures/examples/*.json', to: 'dist/fixtures/examples' },
      { from: 'spec/surface/*', to: 'dist/spec/surface' },
      { from: 'spec/observed/*', to: 'dist/spec/observed' },
    ],
    hooks: { 'build:done': () => writeContracts(join(root, 'dist', 'spec', 'compiled')) },
  },
  {
    ...shared,
    entry: entries(['mock/index.ts', 'spec/index.ts']),
    clean: false,
    dts: { emitDtsOnly: true },
  },
]);
