import { describe, expect, test } from 'vitest';
import { pyYaml } from '../../mock/engine/pyyaml.ts';
import { repr } from '../../mock/python/repr.ts';
import { whyNotUtf8 } from '../../mock/python/utf8.ts';
import { pydanticText } from '../../mock/validation/pydantic-text.ts';
// Written by Python 3.11 with PyYAML 6.0: yaml.dump(value, default_flow_style=False, allow_unicode=True), and
// repr(value).
import golden from './python-text.golden.json' with { type: 'json' };

describe('text as Python writes it', () => {
  test('YAML', () => {
    for (const { value, text } of golden.yaml) expect(pyYaml(value)).toBe(text);
  });

  test('repr', () => {
    for (const { value, text } of golden.repr) expect(repr(value)).toBe(text);
  });

  test('faults of pydantic, with a long value shortened between characters', () => {
    const fault = {
      loc: ['JSONRPCError', 'id'],
      type: 'missing',
      msg: 'Field required',
      input: { method: 'é ü ö ß € 😀 and more and more and more text so it is long' },
    };
    expect(pydanticText('JSONRPCMessage', [fault])).toBe(
      [
        '1 validation error for JSONRPCMessage',
        'JSONRPCError.id',
        "  Field required [type=missing, input_value={'method': 'é ü ö ß ...ore text so it is long'}, input_type=dict]",
        '    For further information visit https://errors.pydantic.dev/2.11/v/missing',
      ].join('\n'),
    );
  });

  test('why bytes are no UTF-8', () => {
    for (const [bytes, why] of [
      [[0x7b, 0xff], 'byte 0xff in position 1: invalid start byte'],
      [[0x22, 0xe2, 0x82, 0x22], 'bytes in position 1-2: invalid continuation byte'],
      [[0x22, 0xf0, 0x9f, 0x98], 'bytes in position 1-3: unexpected end of data'],
      [[0x22, 0xc0, 0x80], 'byte 0xc0 in position 1: invalid start byte'],
      [[0xc3, 0xa9, 0xe0, 0x80, 0x80], 'byte 0xe0 in position 2: invalid continuation byte'],
    ] as const) {
      expect(whyNotUtf8(Uint8Array.from(bytes))).toBe(`'utf-8' codec can't decode ${why}`);
    }
  });
});
