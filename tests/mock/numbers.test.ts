import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonText } from '../../mock/json-text.ts';
import { parseExact, pythonFloat, withPlainNumbers } from '../../mock/numbers.ts';
import { parseJson } from '../../mock/validation/json.ts';

/** What Python's `json.dumps(json.loads(text))` writes: seen on CPython 3.11. */
const WRITTEN: [string, string][] = [
  ['0', '0'],
  ['-0', '0'],
  ['9007199254740993', '9007199254740993'],
  ['-12345678901234567890', '-12345678901234567890'],
  ['123456789012345678901234567890123', '123456789012345678901234567890123'],
  ['1.0', '1.0'],
  ['-0.0', '-0.0'],
  ['-0e0', '-0.0'],
  ['1.10', '1.1'],
  ['3.00e0', '3.0'],
  ['1e5', '100000.0'],
  ['1E+5', '100000.0'],
  ['0.0001', '0.0001'],
  ['0.00001', '1e-05'],
  ['1e-7', '1e-07'],
  ['1.5e-10', '1.5e-10'],
  ['5e-324', '5e-324'],
  ['1e-400', '0.0'],
  ['1e15', '1000000000000000.0'],
  ['1e16', '1e+16'],
  ['12345678901234567.0', '1.2345678901234568e+16'],
  ['1.7976931348623157e308', '1.7976931348623157e+308'],
  ['123456789.12345678901', '123456789.12345679'],
];

const python = (text: string): string => JSON.stringify(parseJson(Buffer.from(text)));

describe('a number of JSON', () => {
  test.each(WRITTEN)('%s is written as %s', (sent, written) => {
    expect(python(`[${sent}]`)).toBe(`[${written}]`);
    expect(python(`{"data": {"long enough to be kept": "${'x'.repeat(300)}", "n": [${sent},0]}}`)).toContain(
      `"n":[${written},0]`,
    );
  });

  test.each(['1e400', '-1e400', 'NaN', '[Infinity]'])('%s, which is not finite, is written as null', (sent) => {
    expect(python(`{"data":{"n":[${sent}],"long":"${'x'.repeat(300)}"}}`)).toContain('null');
  });

  test('any whole number comes back to the digit', () => {
    fc.assert(fc.property(fc.bigInt(), (number) => void expect(python(`[${number}]`)).toBe(`[${number}]`)));
  });

  test('any float comes back as the same float, and not as a whole number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), (value, exponent) => {
        const sent = `${Object.is(value, -0) ? '-' : ''}${exponent ? value.toExponential() : String(value).replace(/^-?\d+$/, '$&.0')}`;
        const written = python(`[${sent}]`).slice(1, -1);
        expect(written).toBe(pythonFloat(value));
        expect(Object.is(Number(written), value)).toBe(true);
        expect(written).toMatch(/[.e]/);
        expect(python(`[${written}]`)).toBe(`[${written}]`);
      }),
    );
  });

  test('is a plain one to whoever calculates', () => {
    expect(withPlainNumbers(parseExact('{"a":[1.0,-0.0,2],"b":{"c":9007199254740993},"d":null}'))).toEqual({
      a: [1, -0, 2],
      b: { c: 9007199254740992 },
      d: null,
    });
  });
});

describe('a JSON text', () => {
  // Numbers that both languages write alike.
  const value = fc
    .jsonValue({ maxDepth: 6 })
    .map((made) =>
      JSON.parse(JSON.stringify(made), (_key, part) => (typeof part === 'number' ? Math.trunc(part % 1e6) : part)),
    );

  test('is that of its value, however it was sent', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (sent, indent) => {
        const { data } = parseJson(
          Buffer.from(JSON.stringify({ name: 'x', data: { sent, long: 'x'.repeat(300) }, after: [] }, null, indent)),
        ) as {
          data: object;
        };
        const kept = JsonText.of(data);
        expect(Buffer.from(kept.latin1, 'latin1').toString()).toBe(JSON.stringify({ sent, long: 'x'.repeat(300) }));
        expect(kept.value).toEqual(JSON.parse(JSON.stringify({ sent, long: 'x'.repeat(300) })));
      }),
    );
  });

  test('of a member that is sent twice is that of the last', () => {
    const long = 'x'.repeat(300);
    const { data } = parseJson(Buffer.from(`{"data":{"a":"${long}"},"data": {"b" : "${long}"}}`)) as { data: object };
    expect(JsonText.of(data).latin1).toBe(`{"b":"${long}"}`);
  });
});
