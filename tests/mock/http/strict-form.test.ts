import { describe, expect, test } from 'vitest';
import { StrictForm, wantsStrictForm } from '../../../mock/http/strict-form.ts';
import { loadSpec } from '../../../spec/index.ts';

describe('wantsStrictForm', () => {
  test.each([
    ['/api/v1/files/upload/some-flow', true],
    ['/api/v1/files/upload', true],
    ['/prefix/api/v1/files/upload/a/b', true],
    ['/api/v2/files', false],
  ])('of %s is %s', async (path, wanted) => {
    expect(wantsStrictForm(await loadSpec(), path)).toBe(wanted);
  });
});

describe('StrictForm', () => {
  /** Checks a body that comes byte by byte. */
  const check = (type: string, text: string) => {
    const form = new StrictForm({ 'content-type': type });
    for (const byte of Buffer.from(text)) form.addChunk(Buffer.from([byte]));
    form.refuseIncomplete();
  };
  const typed = 'multipart/form-data; boundary=b';

  test.each(['--b\r\n…\r\n--b--', '--b\r\n…\r\n--b--\r\n'])(
    'takes a form that begins and ends with its boundary',
    (text) => {
      expect(() => check(typed, text)).not.toThrow();
    },
  );

  test.each([
    ['application/json', '{}', /must be 'multipart\/form-data'/],
    ['multipart/form-data', '--b--', /with a boundary/],
    ['multipart/form-data; boundary=a b', '--a b--', /Invalid boundary/],
    [typed, '\r\n--b--', /Invalid multipart/],
    [typed, '--b\r\n…', /Invalid multipart/],
  ])('refuses %s with %j', (type, text, words) => {
    expect(() => check(type, text)).toThrow(words);
  });
});
