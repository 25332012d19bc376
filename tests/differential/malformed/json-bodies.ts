import { gzipSync } from 'node:zlib';
import type { MalformedBody } from './request.ts';

/** Invalid JSON bodies for any operation: text, encoding, size, depth, top level, media type. */
export function jsonBodies(valid: unknown): MalformedBody[] {
  const text = JSON.stringify(valid);
  const texts = { ...brokenTexts(text), ...topLevels(text), ...deep(), ...huge(valid), ...twice(valid) };
  return [
    ...Object.entries(texts).map(([fault, body]) => ({ fault, type: 'application/json', bytes: Buffer.from(body) })),
    ...Object.entries(encodings(text, valid)).map(([fault, bytes]) => ({ fault, type: 'application/json', bytes })),
    ...mediaTypes(Buffer.from(text)),
    ...transfers(Buffer.from(text)),
  ];
}

const beside = (valid: unknown, json: string): string => {
  const text = JSON.stringify(valid);
  if (text.startsWith('{')) return `${text.slice(0, -1)}${text === '{}' ? '' : ','}"extra-property":${json}}`;
  return text.startsWith('[') ? `[${json}]` : json;
};

const brokenTexts = (text: string): Record<string, string> => ({
  'no bytes': '',
  'white space alone': ' \r\n\t ',
  'half of it': text.slice(0, Math.ceil(text.length / 2)),
  'all but the last sign': text.slice(0, -1),
  'a comma before the end': `${text.slice(0, -1)},${text.slice(-1)}`,
  'a comma at the start': `${text.slice(0, 1)},${text.slice(1)}`,
  'single quotes': text.replaceAll('"', "'"),
  'a bare word': 'hello',
  undefined: 'undefined',
  'a key without quotes': '{name: 1}',
  'no colon': '{"name" 1}',
  'no value': '{"name":}',
  'no comma': '{"name":1 "value":2}',
  'a key that is a number': '{1:1}',
  'an open text': '{"name":"x',
  'a line feed in a text': '{"name":"x\ny"}',
  'a null in a text': '{"name":"x\0y"}',
  'a tab in a key': '{"na\tme":1}',
  'an escape that is none': '{"name":"\\x41"}',
  'a short unicode escape': '{"name":"\\u12"}',
  'a unicode escape of other letters': '{"name":"\\u12G4"}',
  'a backslash at the end': '{"name":"\\',
  'a leading zero': '[01]',
  'a plus sign': '[+1]',
  'a point without digits': '[1.]',
  'digits after a point alone': '[.5]',
  'a minus alone': '[-]',
  'an exponent without digits': '[1e]',
  'a hexadecimal number': '[0x10]',
  'words of Python': '{"name":None,"value":True}',
  'a comment': `/* all of it */${text}`,
  'a comment behind': `${text} // all of it`,
  'two documents': `${text}\n${text}`,
  'trailing text': `${text} and more`,
  'a null behind': `${text}\0`,
  'white space around it': ` \n\t\r${text}\r\n `,
  'a no-break space before it': `\u00a0${text}`,
  'a form feed before it': `\f${text}`,
  'a list closed as an object': '[1}',
  'one bracket too many': `${text}]`,
  'letters of other languages without an end': '{"名前":"ärger 🦊", "x"',
});

const topLevels = (text: string): Record<string, string> => ({
  'null as a whole': 'null',
  'zero as a whole': '0',
  'a fraction as a whole': '1.5',
  'true as a whole': 'true',
  'false as a whole': 'false',
  'a text as a whole': '"hello"',
  'an empty text as a whole': '""',
  'JSON in a text': JSON.stringify(text),
  'an empty list': '[]',
  'it in a list': `[${text}]`,
  'a list of null': '[null]',
  'an empty object': '{}',
  'NaN as a whole': 'NaN',
  'minus infinity as a whole': '-Infinity',
  'a number of 5,000 digits': '9'.repeat(5000),
  'a number of 30 digits': '9'.repeat(30),
  'a number beyond all floats': '1e999',
  'half of a surrogate pair as a whole': '"\\ud800"',
});

const deep = (): Record<string, string> => ({
  '500 lists deep': '['.repeat(500) + ']'.repeat(500),
  '5,000 lists deep': '['.repeat(5000) + ']'.repeat(5000),
  '100,000 lists deep': '['.repeat(100_000) + ']'.repeat(100_000),
  '100,000 lists without an end': '['.repeat(100_000),
  '500 objects deep': `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`,
  '100,000 objects deep': `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
});

const huge = (valid: unknown): Record<string, string> => ({
  'a text of 5 MB as a whole': JSON.stringify('x'.repeat(5_000_000)),
  'a text of 5 MB beside the rest': beside(valid, JSON.stringify('x'.repeat(5_000_000))),
  'a list of 20,000 items': JSON.stringify(Array.from({ length: 20_000 }, (_, index) => index)),
  'an object of 20,000 properties': JSON.stringify(
    Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`p${index}`, index])),
  ),
  'a property that nobody knows': beside(valid, '1'),
  'NaN beside the rest': beside(valid, 'NaN'),
  'a number of 30 digits beside the rest': beside(valid, '9'.repeat(30)),
  'a number beyond all floats beside the rest': beside(valid, '-1e999'),
  'half of a surrogate pair beside the rest': beside(valid, '"\\udc00x"'),
  'a null escape beside the rest': beside(valid, '"\\u0000"'),
  'a property __proto__': '{"__proto__":{"name":1}}',
  'a key that is empty': '{"":1}',
});

/** Bodies with a duplicate key. */
function twice(valid: unknown): Record<string, string> {
  const text = JSON.stringify(valid);
  const [key] = text.startsWith('{') ? Object.keys(valid as object) : [];
  if (key === undefined) return {};
  return {
    'the first key twice, wrong before': `{${JSON.stringify(key)}:[7],${text.slice(1)}`,
    'the first key twice, wrong behind': `${text.slice(0, -1)},${JSON.stringify(key)}:[7]}`,
  };
}

function encodings(text: string, valid: unknown): Record<string, Buffer> {
  const mark = Buffer.from([0xef, 0xbb, 0xbf]);
  const odd = (...bytes: number[]) =>
    Buffer.from(beside(valid, '"?"').replaceAll('?', String.fromCharCode(...bytes)), 'latin1');
  const utf16 = Buffer.from(text, 'utf16le');
  return {
    'a byte order mark': Buffer.concat([mark, Buffer.from(text)]),
    'two byte order marks': Buffer.concat([mark, mark, Buffer.from(text)]),
    'half a byte order mark': Buffer.concat([mark.subarray(0, 2), Buffer.from(text)]),
    'a byte that is none of UTF-8': odd(0xff),
    'a sign cut short': odd(0xe2, 0x82),
    'an overlong sign': odd(0xc0, 0xaf),
    'half of a surrogate pair as UTF-8': odd(0xed, 0xa0, 0x80),
    'a sign beyond Unicode': odd(0xf4, 0x90, 0x80, 0x80),
    'Latin-1': odd(0xe4),
    'UTF-16': utf16,
    'UTF-16 with a mark': Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
    'UTF-16, big end first': Buffer.from(utf16).swap16(),
    'UTF-16, big end first, with a mark': Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]),
    'UTF-16 cut short': utf16.subarray(0, -1),
    'UTF-32': Buffer.from(Uint32Array.from([...text], (sign) => sign.codePointAt(0) ?? 0).buffer),
    'a broken text in UTF-16': Buffer.from(text.slice(0, -1), 'utf16le'),
    'bytes that are no text': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  };
}

const TYPES = [
  'text/plain',
  'application/xml',
  'text/json',
  'application/json; charset=utf-16',
  'application/json; charset="nonsense',
  'APPLICATION/JSON',
  'application/json ; a=b',
  'application/vnd.api+json',
  'application/json+xml',
  'application/problem+JSON',
  'application/jsonp',
  'application/json, text/plain',
  'application/',
  'application',
  '/json',
  'json; application/json',
  '*/*',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=b',
  'multipart/form-data',
];

const mediaTypes = (bytes: Buffer): MalformedBody[] =>
  [undefined, ...TYPES].map((type) => ({ fault: `the media type ${type ?? 'left out'}`, type, bytes }));

const transfers = (bytes: Buffer): MalformedBody[] => [
  { fault: 'chunks without a length', type: 'application/json', bytes, chunked: true },
  { fault: 'broken JSON in chunks', type: 'application/json', bytes: bytes.subarray(0, -1), chunked: true },
  { fault: 'no bytes in chunks', type: 'application/json', bytes: Buffer.alloc(0), chunked: true },
  { fault: 'gzip', type: 'application/json', bytes: gzipSync(bytes), headers: { 'content-encoding': 'gzip' } },
  { fault: 'gzip in name alone', type: 'application/json', bytes, headers: { 'content-encoding': 'gzip' } },
  { fault: 'a coding that nobody knows', type: 'application/json', bytes, headers: { 'content-encoding': 'nonsense' } },
];
