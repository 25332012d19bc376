import { expect, test } from 'vitest';
import { matchesStart, PatternError, UnsupportedPattern } from '../../mock/python/regex.ts';
import { rstrip, strip } from '../../mock/python/strip.ts';
import { uuidDigits } from '../../mock/python/uuid.ts';
import golden from './regex.golden.json' with { type: 'json' };

/** The result of CPython 3.11 for each: true, false, or that it refuses the pattern. */
test.each(golden as [pattern: string, text: string, found: boolean | null][])(
  '%j on %j is %j',
  (pattern, text, found) => {
    if (found === null) expect(() => matchesStart(pattern, text)).toThrow(PatternError);
    else expect(matchesStart(pattern, text)).toBe(found);
  },
);

test.each([
  ['(a+)+$', `${'a'.repeat(5000)}b`],
  ['(a|a)*$', `${'a'.repeat(5000)}b`],
  ['(.*a){12}b', 'a'.repeat(5000)],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(5000)],
  ['(a?){30}a{30}$', 'a'.repeat(29)],
])('%s, which backtracks without end, is settled in a bounded number of steps', (pattern, text) => {
  expect(matchesStart(pattern, text)).toBe(false);
});

test.each([
  ['what looks around', '(?=a)a', 'a'],
  ['what refers back', '(a)\\1', 'aa'],
  ['what takes a group whole', '(?>a*)a', 'aa'],
  ['possessive quantifiers', 'a*+a', 'aa'],
  ['patterns that are too long', '(a{1000}){1000}', 'a'],
  ['nothing, repeated without end', '((((){4000}){4000}){4000}){4000}', 'a'],
  ['what is nested too deeply', '('.repeat(10_000), 'a'],
  ['too much work', '(.*a){500}b', 'a'.repeat(10_000)],
])('%s is not matched', (_, pattern, text) => {
  expect(() => matchesStart(pattern, text)).toThrow(UnsupportedPattern);
});

test('characters at the ends of a long text are read once', () => {
  const long = '/'.repeat(500_000);
  expect(rstrip(`${long}a${long}`, '/').length).toBe(500_001);
  expect(strip(`{}${long}{`, '{}')).toBe(long);
  expect(rstrip('', '/') + strip('{}', '{}')).toBe('');
  expect(uuidDigits(`${'{'.repeat(500_000)}a${'{'.repeat(500_000)}b`)).toMatch(/^a\{+b$/);
});
