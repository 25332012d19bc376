import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compileSpec } from '../../spec/load.ts';

let dir: string;
const part = (name: string, text: string) => {
  mkdirSync(join(dir, name, '..'), { recursive: true });
  writeFileSync(join(dir, name), text);
};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flowpact-spec-'));
  part('openapi.yaml', 'openapi: 3.1.0\ninfo: { title: T, version: x }\npaths: {}\ncomponents: {}\n');
  part(
    'paths/a.yaml',
    '/a:\n  get: { operationId: readA, x-requirements: [{ id: A-001, level: MUST, text: t, source: s }] }\n',
  );
  part('profiles/1.7.yaml', "version: '1.7'\nreleases: [1.7.3]\nfacts: { word: old, kept: 1 }\n");
  part(
    'profiles/1.8.yaml',
    "version: '1.8'\nextends: '1.7'\nreleases: [1.8.4]\nfacts: { word: new }\noverlay:\n  - { at: /paths/~1a/get/summary, set: changed, why: seen }\n",
  );
});
afterEach(() => rmSync(dir, { recursive: true }));

test('a profile applies its overlay and facts on top of the one it extends', () => {
  const compiled = compileSpec('1.8', dir);
  expect(compiled.document.paths['/a']?.get?.summary).toBe('changed');
  expect(compiled.facts).toEqual({ word: 'new', kept: 1 });
  expect(compiled.requirements).toMatchObject([{ id: 'A-001', operations: ['readA'], area: 'a' }]);
  expect(compileSpec('1.7', dir).document.paths['/a']?.get?.summary).toBeUndefined();
});

test('a name declared twice is an error that names both files', () => {
  part('paths/b.yaml', '/a: {}\n');
  expect(() => compileSpec('1.7', dir)).toThrow(
    'spec/paths/b.yaml declares /a, which spec/paths/a.yaml already declares',
  );
});

test('a path that is the twin of another has its operations, under names of their own and without requirements', () => {
  part('paths/b.yaml', '/a/:\n  x-twin: { of: /a, suffix: Slash }\n');
  const { document, requirements } = compileSpec('1.7', dir);
  expect(document.paths['/a/']).toMatchObject({ get: { operationId: 'readASlash', 'x-twin-of': 'readA' } });
  expect(requirements).toMatchObject([{ id: 'A-001', operations: ['readA'] }]);
  part('paths/b.yaml', '/a/:\n  x-twin: { of: /c, suffix: Slash }\n');
  expect(() => compileSpec('1.7', dir)).toThrow(
    'spec/paths/b.yaml: /a/ is the twin of /c, which has no operations of its own',
  );
});

test('a twin may have some of the methods alone, and more of its own', () => {
  part('paths/a.yaml', '/a:\n  get: { operationId: readA }\n  head: { operationId: checkA }\n');
  part('paths/b.yaml', '/a/:\n  x-twin: { of: /a, suffix: Slash, methods: [get] }\n  post: { operationId: createA }\n');
  const { document } = compileSpec('1.7', dir);
  expect(document.paths['/a/']).toMatchObject({ get: { operationId: 'readASlash' }, post: { operationId: 'createA' } });
  expect(document.paths['/a/']).not.toHaveProperty('head');
});

test('a requirement id that is used twice is an error', () => {
  part('requirements/more.yaml', '- { id: A-001, level: MUST, text: t, source: s }\n');
  expect(() => compileSpec('1.7', dir)).toThrow('The requirement A-001 is declared twice');
});

test('an unknown key is an error that names it, such as when a comma splits a text', () => {
  part('requirements/more.yaml', '- { id: A-002, level: MUST, text: One half, the other half., source: s }\n');
  expect(() => compileSpec('1.7', dir)).toThrow(
    'spec/requirements/more.yaml: the requirement A-002 has the unknown key "the other half."',
  );
});

test('an unknown key of a profile or of an overlay is an error that names the file', () => {
  part('profiles/1.9.yaml', "version: '1.9'\nreleases: []\nfact: {}\n");
  expect(() => compileSpec('1.9', dir)).toThrow('spec/profiles/1.9.yaml has the unknown key "fact"');
  part(
    'profiles/1.9.yaml',
    "version: '1.9'\nextends: '1.7'\nreleases: []\noverlay: [{ at: /info/title, set: T, why: a, b }]\n",
  );
  expect(() => compileSpec('1.9', dir)).toThrow(
    'spec/profiles/1.9.yaml: the overlay at /info/title has the unknown key "b"',
  );
});

test('broken YAML is an error that names the file', () => {
  part('paths/c.yaml', '/c: [\n');
  expect(() => compileSpec('1.7', dir)).toThrow(/spec\/paths\/c\.yaml/);
});

test('an overlay of a missing place is an error that names the profile and the place', () => {
  part(
    'profiles/1.9.yaml',
    "version: '1.9'\nextends: '1.7'\nreleases: []\noverlay:\n  - { at: /paths/~1zzz/get/summary, set: 1, why: w }\n",
  );
  expect(() => compileSpec('1.9', dir)).toThrow('spec/profiles/1.9.yaml: there is nothing at /paths/~1zzz/get/summary');
});

test('an unknown version is an error that lists the known ones', () => {
  expect(() => compileSpec('9.9', dir)).toThrow('There is no profile for Langflow 9.9; there is one for 1.7, 1.8');
});
