import { expect, test } from 'vitest';
import { HttpError } from '../../mock/errors.ts';
import { MultipartReader } from '../../mock/http/multipart.ts';

const TYPE = 'multipart/form-data; boundary=b';

/** The parts of a body that comes in chunks of so many bytes. */
function partsOf(type: string, body: Buffer, size = Math.max(body.length, 1)) {
  const reader = new MultipartReader(type, () => {
    const chunks: Buffer[] = [];
    return { chunks, write: (bytes: Buffer) => void chunks.push(Buffer.from(bytes)) };
  });
  for (let at = 0; at < body.length; at += size) reader.write(body.subarray(at, at + size));
  return reader.end().map((part) => ('sink' in part ? { ...part, bytes: Buffer.concat(part.sink.chunks) } : part));
}

/** Reads a body whole and in chunks of every size: the result must be the same. */
function read(body: string | Buffer, type = TYPE) {
  const bytes = Buffer.from(body as string);
  const whole = outcome(() => partsOf(type, bytes));
  for (let size = 1; size <= Math.min(bytes.length, 40); size++)
    expect(outcome(() => partsOf(type, bytes, size))).toEqual(whole);
  if ('error' in whole) throw whole.error;
  return whole.parts;
}

function outcome(run: () => ReturnType<typeof partsOf>) {
  try {
    return {
      parts: run().map(({ name, filename, mediaType, headers, bytes }) => ({
        name,
        filename,
        mediaType,
        headers,
        bytes,
      })),
    };
  } catch (error) {
    return { error };
  }
}

const part = (disposition: string, content = 'x') => `--b\r\nContent-Disposition: ${disposition}\r\n\r\n${content}\r\n`;
const names = (disposition: string) => read(`${part(disposition)}--b--`).map(({ name, filename }) => [name, filename]);

test('parts have a name, and files a filename, even an empty one', () => {
  expect(names('form-data; name="a"')).toEqual([['a', undefined]]);
  expect(names('form-data; name="a"; filename=""')).toEqual([['a', '']]);
  expect(names('FORM-DATA; FILENAME=b.txt; NAME=a')).toEqual([['a', 'b.txt']]);
});

test('filenames are parsed as browsers and curl write them', () => {
  expect(names('form-data; name="a"; filename="grün 文;.txt"')).toEqual([['a', 'grün 文;.txt']]);
  expect(names('form-data; name="a"; filename="say \\"hi\\" \\\\.txt"')).toEqual([['a', 'say "hi" \\.txt']]);
  expect(names('form-data; name="a"; filename="e.txt"; filename*=UTF-8\'\'%e2%82%ac.txt')).toEqual([['a', '€.txt']]);
  expect(names('form-data; name="a"; filename="C:\\dir\\b.txt"')).toEqual([['a', 'b.txt']]);
  const latin1 = Buffer.from(`${part('form-data; name="a"; filename="ü"')}--b--`, 'latin1');
  expect(read(latin1)[0]?.filename).toBe('ü');
});

test('content is kept byte by byte, with what only looks like a boundary', () => {
  const content = '\r\n--b\r\r\n--bb\r\n\r\n-- \0\r\n';
  expect(read(`${part('form-data; name="a"', content)}--b--\r\n`)[0]?.bytes.toString()).toBe(content);
  expect(
    read(`${part('form-data; name="a"', '')}${part('form-data; name="c"', 'd')}--b--`).map(({ bytes }) =>
      bytes.toString(),
    ),
  ).toEqual(['', 'd']);
});

test('a part without an end is ignored, and so is what follows the last boundary', () => {
  expect(read('')).toEqual([]);
  expect(read('--b\r\nContent-Disposition: form-data')).toEqual([]);
  expect(read(`${part('form-data; name="a"')}--b\r\nContent-Disposition: form-data; name="c"\r\n\r\nx`)).toHaveLength(
    1,
  );
  expect(read(`\r\n${part('form-data; name="a"')}--b--\r\nmore`)).toHaveLength(1);
});

test('a body that is not multipart is answered with 400', () => {
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

test('a quoted boundary is accepted', () => {
  expect(
    read(
      `${part('form-data; name="a"').replace('--b', '--a b')}--a b--`,
      'multipart/form-data; charset=utf-8; boundary="a b"',
    ),
  ).toHaveLength(1);
});

test('too many parts, or a field that is too long, are refused while the body is read', () => {
  const many = part('form-data; name="a"').repeat(1001);
  expect(() => partsOf(TYPE, Buffer.from(many))).toThrow(
    new HttpError(400, 'Too many fields. Maximum number of fields is 1000.'),
  );
  const files = part('form-data; name="a"; filename="b"').repeat(1001);
  expect(() => partsOf(TYPE, Buffer.from(files))).toThrow(
    new HttpError(400, 'Too many files. Maximum number of files is 1000.'),
  );
  const long = Buffer.from(part('form-data; name="a"', 'x'.repeat(1024 * 1024 + 1)).slice(0, -2));
  expect(() => partsOf(TYPE, long, 1000)).toThrow(new HttpError(400, 'Part exceeded maximum size of 1024KB.'));
});

test('for a file in chunks, no more than a delimiter is buffered', () => {
  let written = 0;
  const reader = new MultipartReader(TYPE, () => ({ write: ({ length }) => void (written += length) }));
  reader.write(Buffer.from('--b\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n'));
  for (let count = 1; count <= 100; count++) {
    reader.write(Buffer.alloc(1000, '\r\n--'));
    expect(count * 1000 - written).toBeLessThan('\r\n--b'.length + 2);
  }
});

test.each([
  ['a header', '--b\r\nX-Long: '],
  ['many headers', `--b\r\n${'X: y\r\n'.repeat(1000)}`],
])('%s without an end is refused before it fills the memory', (_, start) => {
  const reader = new MultipartReader(TYPE, () => ({ write: () => undefined }));
  const piece = Buffer.from(start.endsWith('\r\n') ? 'X: yyyyyyyy\r\n'.repeat(100_000) : 'y'.repeat(1_200_000));
  reader.write(Buffer.from(start));
  const write = () => {
    for (let count = 0; count < 100; count++) reader.write(piece);
  };
  expect(write).toThrow(new HttpError(413, 'The mock takes no form whose fields and headers are so large.'));
});

test('a header is one line, however much white space it has', () => {
  const long = ' '.repeat(300_000);
  expect(() => partsOf(TYPE, Buffer.from(`--b\r\nX:${long}\nY\r\n\r\nx\r\n--b--`))).toThrow(
    new HttpError(400, 'There was an error parsing the body'),
  );
  const [part] = partsOf(
    TYPE,
    Buffer.from(`--b\r\nX:${long}y z \r\nContent-Disposition: form-data; name="a"\r\nZ:\r\n\r\nx\r\n--b--`),
  );
  expect(part?.headers).toMatchObject({ x: 'y z ', z: '' });
});
