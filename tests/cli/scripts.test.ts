import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const ours = Object.entries(scripts).flatMap(([name, command]) => {
  const file = /^node cli\/bootstrap\.mjs (?!node_modules)(\S+)/.exec(command)?.[1];
  return file === undefined ? [] : [[name, file] as const];
});

// The bootstrap imports the file where its own Node is the pinned one: then it is not the main module.
test.each(ours)('npm run %s does its work however the bootstrap runs %s', (_, file) => {
  expect(readFileSync(join(root, file), 'utf8')).not.toContain('import.meta.main');
});
