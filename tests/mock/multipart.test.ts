import { expect, test } from 'vitest';
import { HttpError } from '../../mock/errors.ts';
import { multipartParts } from '../../mock/http/multipart.ts';

const TYPE = 'multipart/form-data; boundary=b';
const read = (body: string, type = TYPE) => multipartParts(type, Buffer.from(body));
const part = (disposition: string, content = 'x') => `--b\r\nContent-Disposition: ${disposition}\r\n\r\n${content}\r\n`;
const names = (disposition: string) => read(`${part(disposition)}--b--`).map(({ name, filename }) => [name, filename]);

test('parts have a name, and files a filename, even an empty one', () => {
  expect(names('form-data; name="a"')).toEqual([['a', undefined]]);
  expect(names('form-data; name="a"; filename=""')).toEqual([['a', '']]);
  expect(names('FORM-DATA; FILENAME=b.txt; NAME=a')).toEqual([['a', 'b.txt']]);
});

test('filenames are read as browsers and curl write them', () => {
  expect(names('form-data; name="a"; filename="grün 文;.txt"')).toEqual([['a', 'grün 文;.txt']]);
  expect(names('form-data; name="a"; filename="say \\"hi\\" \\\\.txt"')).toEqual([['a', 'say "hi" \\.txt']]);
  expect(names('form-data; name="a"; filename="e.txt"; filename*=UTF-8\'\'%e2%82%ac.txt')).toEqual([['a', '€.txt']]);
  expect(names('form-data; name="a"; filename="C:\\dir\\b.txt"')).toEqual([['a', 'b.txt']]);
  const latin1 = Buffer.from(`${part('form-data; name="a"; filename="ü"')}--b--`, 'latin1');
  expect(multipartParts(TYPE, latin1)[0]?.filename).toBe('ü');
});

test('content is kept byte by byte, with what only looks like a boundary', () => {
  const content = '\r\n--b\r\r\n--bb\r\n\r\n-- \0\r\n';
  expect(read(`${part('form-data; name="a"', content)}--b--\r\n`)[0]?.bytes.toString()).toBe(content);
  expect(read(`${part('form-data; name="a"', '')}${part('form-data; name="c"', 'd')}--b--`).map(({ bytes }) => bytes.toString())).toEqual(['', 'd']);
});

test('a part that does not end is passed over, and so is what follows the end', () => {
  expect(read('')).toEqual([]);
  expect(read('--b\r\nContent-Disposition: form-data')).toEqual([]);
  expect(read(`${part('form-data; name="a"')}--b\r\nContent-Disposition: form-data; name="c"\r\n\r\nx`)).toHaveLength(1);
  expect(read(`\r\n${part('form-data; name="a"')}--b--\r\nmore`)).toHaveLength(1);
});

test('what is no multipart body is refused with 400', () => {
  for (const [body, type, detail] of [
    ['garbage', TYPE, 'There was an error parsing the body'],
    ['--bx\r\n', TYPE, 'There was an error parsing the body'],
    ['--b\r\nno header\r\n\r\nx\r\n--b--', TYPE, 'There was an error parsing the body'],
    ['--b--', 'multipart/form-data', 'Missing boundary in multipart.'],
    [`${part('form-data')}--b--`, TYPE, 'The Content-Disposition header field "name" must be provided.'],
    ['--b\r\n\r\nx\r\n--b--', TYPE, 'The Content-Disposition header field "name" must be provided.'],
  ] as const) {
    expect(() => read(body, type)).toThrow(new HttpError(400, detail));
  }
});

test('a quoted boundary is read', () => {
  expect(read(`${part('form-data; name="a"').replace('--b', '--a b')}--a b--`, 'multipart/form-data; charset=utf-8; boundary="a b"')).toHaveLength(1);
});
