import { describe, expect, test } from 'vitest';
import { jsonLatin1 } from '../../mock/json.ts';
import { toLatin1 } from '../../mock/latin1.ts';

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');

describe('latin1', () => {
  test.each(['', 'plain', 'Zoë', 'œ and 😀', 'é'.repeat(100_000), '😀'.repeat(40_000)])(
    'are the UTF-8 of a text (%#)',
    (text) => {
      const latin1 = toLatin1(text);
      expect(latin1.length).toBe(Buffer.byteLength(text));
      expect(utf8(latin1)).toBe(text);
    },
  );

  test('of JSON are those of its parts', () => {
    const row = Object.freeze({ name: 'œuvre', tags: ['ü', null] });
    const value = [row, { plain: [row] }, null, undefined, 1.5, 'ß'];
    expect(utf8(jsonLatin1(value))).toBe(JSON.stringify(value));
  });

  test('of a frozen row stay the same, asked for as often as one likes, and are those of no other row', () => {
    const rows = ['één', 'twee'].map((name) => Object.freeze({ name }));
    for (let time = 0; time < 4; time++)
      expect(rows.map((row) => utf8(jsonLatin1(row)))).toEqual(['{"name":"één"}', '{"name":"twee"}']);
  });

  test('of more rows than are kept are right too', () => {
    const rows = Array.from({ length: 80 }, (_, index) => Object.freeze({ index, text: 'x'.repeat(1_000_000) }));
    for (let time = 0; time < 3; time++)
      for (const row of rows) expect(jsonLatin1(row).slice(0, 12)).toBe(JSON.stringify(row).slice(0, 12));
  });
});
