import { describe, expect, test } from 'vitest';
import { freeEndpointName, freeProjectName, nextCopy } from '../../mock/flows/names.ts';
import { copyOf } from '../../mock/store/copies.ts';
import { startsLike } from '../../mock/store/sql-like.ts';

// The results of Langflow 1.7.3.
describe('a name that is taken', () => {
  test.each([
    ['f (1)', [], 'f (1) (1)'],
    ['g', ['g (٣)'], 'g (4)'],
    ['h', ['h (3)\n'], 'h (4)'],
    ['i', ['i (0x)', 'i (²)'], 'i (1)'],
    ['j', ['J (9)'], 'j (1)'],
    ['l', ['l (99999999999999999999)'], 'l (100000000000000000000)'],
  ])('of a flow: %j beside %j', (name, others, free) => {
    const numbers = others.map(copyOf).filter((copy) => copy?.of === name);
    expect(nextCopy(name, numbers[0]?.number ?? 0n)).toBe(free);
  });

  test.each([
    ['e', [], 'e-1'],
    ['e', ['e-1_0'], 'e-11'],
    ['e', ['E-4'], 'e-5'],
    ['e_i', ['exi-5'], 'e_i-6'],
    ['e', ['e--7'], 'e-8'],
    ['e', ['e-2\n'], 'e-3'],
    ['e', ['e-3-x-9'], 'e-10'],
  ])('of an endpoint: %j beside %j', (name, others, free) =>
    expect(freeEndpointName(name, new Set([name, ...others]))).toBe(free),
  );

  test.each([
    ['p', [], 'p (1)'],
    ['abc', ['ABCd (4)'], 'abc (5)'],
    ['x_y%', ['xzyK (6)'], 'x_y% (7)'],
    ['D(-5)', [], 'D(-5) (-4)'],
    ['I (x) (4)', [], 'I (x) (4) (5)'],
    ['H (3) x', [], 'H (3) x (4)'],
  ])('of a project: %j beside %j', (name, others, free) =>
    expect(freeProjectName(name, new Set([name, ...others]))).toBe(free),
  );

  test('of a flow is refused where a copy has a number that Python does not write', () => {
    const longest = copyOf(`x (${'9'.repeat(4300)})`)?.number ?? 0n;
    expect(nextCopy('x', longest)).toBe(`x (1${'0'.repeat(4300)})`);
    expect(() => nextCopy('x', copyOf(`x (${'9'.repeat(4301)})`)?.number ?? 0n)).toThrow(
      'Exceeds the limit (4300 digits)',
    );
  });

  test('is refused where a number is expected and missing', () => {
    expect(() => freeProjectName('Gamma (new)', new Set(['Gamma (new)']))).toThrow(
      "invalid literal for int() with base 10: 'new'",
    );
    expect(() => freeProjectName('V()(', new Set(['V()(']))).toThrow("invalid literal for int() with base 10: ''");
    expect(() => freeEndpointName('e', new Set(['e', 'e-3-']))).toThrow("invalid literal for int() with base 10: ''");
  });
});

describe('LIKE', () => {
  test.each([
    ['a', 'ABC', true],
    ['a', 'ba', false],
    ['ä', 'Ä', false],
    ['a_c', 'axcd', true],
    ['a_c', 'a😀c', true],
    ['a_c', 'ac', false],
    ['a%c', 'abbbcd', true],
    ['%%b', 'ab', true],
    ['%ab', 'aab', true],
    ['', '', true],
  ])('%j is how %s begins: %s', (prefix, name, begins) => expect(startsLike(prefix)(name)).toBe(begins));

  test('with many wildcards takes time linear in the length of the name', { timeout: 1000 }, () => {
    expect(startsLike(`${'%'.repeat(50)}${'%a'.repeat(50)}z`)('a'.repeat(5000))).toBe(false);
  });
});
