import type { MalformedBody } from './request.ts';

const FORM = 'application/x-www-form-urlencoded';

/** Invalid URL-encoded forms; `fields` are those of a valid one. */
export function formBodies(fields: Record<string, string>): MalformedBody[] {
  const valid = new URLSearchParams(fields).toString();
  const [first = 'field'] = Object.keys(fields);
  const without = Object.keys(fields).map((name): [string, string] => {
    const { [name]: _, ...rest } = fields;
    return [`${name}: missing`, new URLSearchParams(rest).toString()];
  });
  const texts: Record<string, string> = {
    'no bytes': '',
    'an equals sign alone': '=',
    'ampersands alone': '&&&',
    'no equals sign': first,
    'a name without a value': `${first}=`,
    'the first field twice': `${valid}&${first}=another`,
    'the first field twice, empty behind': `${valid}&${first}=`,
    'a field that nobody knows': `${valid}&another=1`,
    semicolons: valid.replaceAll('&', ';'),
    'an encoding of other letters': `${valid}&${first}=%zz`,
    'an encoding cut short': `${valid}&${first}=%`,
    'an encoding that is no UTF-8': `${valid}&${first}=%ff%fe`,
    'an encoded null': `${valid}&${first}=%00`,
    'plus signs': `${valid}&${first}=a+b`,
    'a comma': `${valid}&${first}=a,b`,
    '2,000 fields': `${Array.from({ length: 2000 }, (_, index) => `f${index}=1`).join('&')}&${valid}`,
    'a value of 2 MB': `${valid}&${first}=${'x'.repeat(2_000_000)}`,
    'JSON in its place': JSON.stringify(fields),
    'a question mark before it': `?${valid}`,
    'a line feed behind it': `${valid}\r\n`,
    ...Object.fromEntries(without),
    ...Object.fromEntries(
      Object.keys(fields).map((name) => [`${name}: empty`, new URLSearchParams({ ...fields, [name]: '' }).toString()]),
    ),
  };
  const bytes = Buffer.from(valid);
  return [
    ...Object.entries(texts).map(([fault, text]) => ({
      fault: `form, ${fault}`,
      type: FORM,
      bytes: Buffer.from(text),
    })),
    { fault: 'form, a byte that is none of UTF-8', type: FORM, bytes: Buffer.concat([bytes, Buffer.from([0xff])]) },
    ...[
      undefined,
      'text/plain',
      'application/json',
      `${FORM}; charset=latin1`,
      'APPLICATION/X-WWW-FORM-URLENCODED',
      'multipart/form-data',
      'x-www-form',
    ].map((type) => ({ fault: `form, the media type ${type ?? 'left out'}`, type, bytes })),
    { fault: 'form, in chunks', type: FORM, bytes, chunked: true },
  ];
}

const BOUNDARY = 'boundary';
const part = (head: string, content = 'hello', boundary = BOUNDARY): string =>
  `--${boundary}\r\n${head}\r\n\r\n${content}\r\n`;
const ended = (...parts: string[]): string => `${parts.join('')}--${BOUNDARY}--\r\n`;

/** Invalid multipart forms; `field` takes a file (or a text), `name` is the file's. */
export function multipartBodies(field: string, name: string | undefined, content: string): MalformedBody[] {
  const of = name === undefined ? '' : `; filename="${name}"`;
  const head = `Content-Disposition: form-data; name="${field}"${of}`;
  const typed = `${head}\r\nContent-Type: text/plain`;
  const good = ended(part(typed, content));
  const texts = {
    ...brokenEnds(typed, content, good),
    ...brokenHeads(field, name ?? 'note.txt', content),
    ...parts(field, head, typed, content),
  };
  return [
    ...Object.entries(texts).map(([fault, text]) => ({
      fault: `multipart, ${fault}`,
      type: `multipart/form-data; boundary=${BOUNDARY}`,
      bytes: Buffer.from(text, 'latin1'),
    })),
    ...types(Buffer.from(good)),
    {
      fault: 'multipart, in chunks',
      type: `multipart/form-data; boundary=${BOUNDARY}`,
      bytes: Buffer.from(good),
      chunked: true,
    },
  ];
}

const brokenEnds = (typed: string, content: string, good: string): Record<string, string> => ({
  'no bytes': '',
  'the end alone': `--${BOUNDARY}--\r\n`,
  'another boundary': good.replaceAll(BOUNDARY, 'another'),
  'no end': part(typed, content),
  'an end without a line feed': good.slice(0, -2),
  'an end cut short': good.slice(0, -3),
  'content cut short': good.slice(0, good.indexOf(content) + 3),
  'a head cut short': good.slice(0, good.indexOf('name=') + 3),
  'a boundary cut short': good.slice(0, 4),
  'line feeds alone': good.replaceAll('\r\n', '\n'),
  'a preamble': `This is a form.\r\n${good}`,
  'an empty line before it': `\r\n${good}`,
  'an epilogue': `${good}And more.`,
  'two forms': good + good,
  'white space behind the boundary': good.replace(`--${BOUNDARY}\r\n`, `--${BOUNDARY} \t\r\n`),
  'JSON in its place': '{"file":1}',
});

const brokenHeads = (field: string, name: string, content: string): Record<string, string> => {
  const one = (disposition: string, rest = '') => ended(part(`${disposition}${rest}`, content));
  const file = (parameters: string) => one(`Content-Disposition: form-data; name="${field}"${parameters}`);
  return {
    'no head': ended(part('', content)),
    'no Content-Disposition': one('Content-Type: text/plain'),
    'no name': one(`Content-Disposition: form-data; filename="${name}"`),
    'an empty name': one(`Content-Disposition: form-data; name=""; filename="${name}"`),
    'no form-data': one(`Content-Disposition: attachment; name="${field}"; filename="${name}"`),
    'an empty Content-Disposition': one('Content-Disposition:'),
    'no filename': file(''),
    'an empty filename': file('; filename=""'),
    'a filename without quotes': file(`; filename=${name}`),
    'single quotes': one(`Content-Disposition: form-data; name='${field}'; filename='${name}'`),
    'quotes in quotes': file('; filename="a\\"b\\"c.txt"'),
    'a quote without an end': file('; filename="a.txt'),
    'a backslash in a filename': file('; filename="C:\\folder\\note.txt"'),
    'a semicolon in a filename': file('; filename="a;b.txt"'),
    'a filename*': file("; filename*=UTF-8''%e2%82%ac%20note.txt"),
    'a filename* beside a filename': file(`; filename="${name}"; filename*=UTF-8''other.txt`),
    'a filename* that is none': file('; filename*=nonsense'),
    'a filename of other letters': file('; filename="\xc3\xa4rger.txt"'),
    'a filename in Latin-1': file('; filename="\xe4rger.txt"'),
    'a filename that leads out': file('; filename="../../note.txt"'),
    'a filename of dots': file('; filename=".."'),
    'a filename with a null': file('; filename="a\0b.txt"'),
    'a filename with an encoded line feed': file('; filename="a%0D%0Ab.txt"'),
    'a line feed in a filename': file('; filename="a\r\nb.txt"'),
    'a folded line': one(`Content-Disposition: form-data;\r\n name="${field}"; filename="${name}"`),
    'a filename of 5,000 letters': file(`; filename="${'x'.repeat(5000)}.txt"`),
    'a head without a colon': one('Content-Disposition form-data', ''),
    'a head with an empty name': one(`: value\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"`),
    'a head with a space in its name': one(`Content Disposition: form-data; name="${field}"; filename="${name}"`),
    'a head in capitals': one(`CONTENT-DISPOSITION: FORM-DATA; NAME="${field}"; FILENAME="${name}"`),
    'two Content-Dispositions': one(
      `Content-Disposition: form-data; name="another"\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"`,
    ),
    'a head of 20,000 letters': one(
      `Content-Disposition: form-data; name="${field}"; filename="${name}"\r\nX-Long: ${'x'.repeat(20_000)}`,
    ),
    'a hundred heads': one(
      `Content-Disposition: form-data; name="${field}"; filename="${name}"\r\n${Array.from({ length: 100 }, (_, index) => `X-${index}: 1`).join('\r\n')}`,
    ),
    'a transfer encoding': one(
      `Content-Disposition: form-data; name="${field}"; filename="${name}"`,
      '\r\nContent-Transfer-Encoding: base64',
    ),
    'a content type that is none': one(
      `Content-Disposition: form-data; name="${field}"; filename="${name}"`,
      '\r\nContent-Type: nonsense',
    ),
  };
};

const parts = (field: string, head: string, typed: string, content: string): Record<string, string> => ({
  'no content': ended(part(typed, '')),
  'no line before the boundary': `--${BOUNDARY}\r\n${typed}\r\n\r\n--${BOUNDARY}--\r\n`,
  'two files': ended(part(typed, content), part(typed.replace('filename="', 'filename="other-'), 'another')),
  'a text of the same name behind': ended(
    part(typed, content),
    part(`Content-Disposition: form-data; name="${field}"`, 'a text'),
  ),
  'a text of the same name before': ended(
    part(`Content-Disposition: form-data; name="${field}"`, 'a text'),
    part(typed, content),
  ),
  'a field of another name': ended(part(`Content-Disposition: form-data; name="another"`, 'a text')),
  'a file of another name': ended(part(`Content-Disposition: form-data; name="another"; filename="a.txt"`, 'a text')),
  'a field more': ended(part(`Content-Disposition: form-data; name="another"`, 'a text'), part(typed, content)),
  'content that begins like a boundary': ended(part(head, `--${BOUNDARY.slice(0, -1)}\r\n--${BOUNDARY}x`)),
  'a boundary in the middle of a line': ended(part(head, `a--${BOUNDARY}`)),
  '1,100 fields': ended(
    ...Array.from({ length: 1100 }, (_, index) => part(`Content-Disposition: form-data; name="f${index}"`, '1')),
    part(typed, content),
  ),
  'a text of 2 MB': ended(
    part(`Content-Disposition: form-data; name="another"`, 'x'.repeat(2_000_000)),
    part(typed, content),
  ),
  'bytes that are no text': ended(part(`Content-Disposition: form-data; name="${field}"`, '\xff\xfe\x00')),
});

const types = (bytes: Buffer): MalformedBody[] =>
  [
    undefined,
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    `multipart/form-data; boundary="${BOUNDARY}"`,
    `multipart/form-data;boundary=${BOUNDARY};charset=utf-8`,
    `multipart/form-data; charset=nonsense; boundary=${BOUNDARY}`,
    `multipart/form-data; BOUNDARY=${BOUNDARY}`,
    `Multipart/Form-Data; boundary=${BOUNDARY}`,
    `multipart/mixed; boundary=${BOUNDARY}`,
    `multipart/form-data; boundary=${'b'.repeat(300)}`,
    `multipart/form-data; boundary=${BOUNDARY}; boundary=other`,
    `multipart/form-data, boundary=${BOUNDARY}`,
    'multipart/form-data; boundary=\xe4',
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
  ].map((type) => ({
    fault: `multipart, the media type ${type === undefined ? 'left out' : type.slice(0, 80)}`,
    type,
    bytes,
  }));
