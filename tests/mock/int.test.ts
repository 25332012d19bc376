import { describe, expect, test } from 'vitest';
import { int } from '../../mock/python/int.ts';

describe('int() of Python', () => {
  // The results of CPython 3.11.
  test.each([
    ['7', 7n],
    ['007', 7n],
    [' \t7\n', 7n],
    ['+1', 1n],
    ['-5', -5n],
    ['1_000', 1000n],
    ['٣', 3n],
    ['１２', 12n],
    ['𝟗', 9n],
    ['\u00a07\u2003', 7n],
    ['\x1c٣', 3n],
    ['9'.repeat(4300), BigInt('9'.repeat(4300))],
  ])('reads %j', (text, number) => expect(int(text)).toBe(number));

  test.each([
    ['', "''"],
    ['new', "'new'"],
    ['1__0', "'1__0'"],
    ['_1', "'_1'"],
    ['1_', "'1_'"],
    ['1.0', "'1.0'"],
    ['0x1', "'0x1'"],
    ['+ 1', "'+ 1'"],
    ['²', "'²'"],
    ['1\x1c', "'1\\x1c'"],
    ['\u200b1', "'\\u200b1'"],
    ['\ufeff1', "'\\ufeff1'"],
    [`'a"`, `'\\'a"'`],
  ])('refuses %j', (text, shown) =>
    expect(() => int(text)).toThrow(`invalid literal for int() with base 10: ${shown}`),
  );

  test('counts digits, not their separators', () => {
    expect(int(`+${'1_'.repeat(4299)}1`)).toBe(BigInt('1'.repeat(4300)));
    expect(() => int('9'.repeat(4301))).toThrow(
      'Exceeds the limit (4300 digits) for integer string conversion: value has 4301 digits',
    );
  });
});
