import { describe, expect, test } from 'vitest';
import { restoreType, rewriteUrl } from '../../../mock/http/lenient.ts';

const rewritten = (url: string, headers: Record<string, string> = {}) =>
  rewriteUrl({ url, headers, headersDistinct: {} });

describe('rewriteUrl', () => {
  test.each([
    ['/flows/a%2Fb', '/flows/a/b'],
    ['/flows/a%2fb?q=%2F', '/flows/a/b?q=%2F'],
    ['/flows/%C3%A9', '/flows/%C3%A9'],
    // An encoding that is none stands for itself.
    ['/flows/100%', '/flows/100%25'],
    ['/flows/%zz', '/flows/%25zz'],
    // Bytes that are no UTF-8 become the replacement character.
    ['/flows/%ff', '/flows/%EF%BF%BD'],
  ])('%s becomes %s', (url, path) => {
    expect(rewritten(url)).toBe(path);
  });

  test('replaces an invalid media type while the body is parsed, and restores it afterwards', () => {
    const headers = { 'content-type': 'no media type' };
    rewritten('/', headers);
    expect(headers['content-type']).toBe('application/octet-stream');
    restoreType(headers);
    expect(headers['content-type']).toBe('no media type');
  });

  test('uses the first of several API keys', () => {
    const headers = { 'x-api-key': 'first, second' };
    rewriteUrl({ url: '/', headers, headersDistinct: { 'x-api-key': ['first', 'second'] } });
    expect(headers['x-api-key']).toBe('first');
  });
});
