import type { Operation } from '../../../spec/index.ts';
import { fillPath } from '../../../spec/path-template.ts';

/** Replacements for one segment of a path, made from the valid one; encoded. */
const SEGMENTS: [fault: string, make: (valid: string) => string][] = [
  ['upper case', (valid) => valid.toUpperCase()],
  ['braces', (valid) => `%7B${valid}%7D`],
  ['bare braces', (valid) => `{${valid}}`],
  ['no hyphens', (valid) => valid.replaceAll('-', '')],
  ['urn:uuid: before it', (valid) => `urn:uuid:${valid}`],
  ['urn:uuid: before no hyphens', (valid) => `urn:uuid:${valid.replaceAll('-', '')}`],
  ['one sign more', (valid) => `${valid}0`],
  ['one sign less', (valid) => valid.slice(0, -1)],
  ['a sign that is none', (valid) => `g${valid.slice(1)}`],
  [
    'hyphens at other places',
    (valid) => `${valid.replaceAll('-', '').slice(0, 4)}-${valid.replaceAll('-', '').slice(4)}`,
  ],
  ['a space before it', (valid) => `%20${valid}`],
  ['a space behind it', (valid) => `${valid}%20`],
  ['a line feed behind it', (valid) => `${valid}%0A`],
  ['a null behind it', (valid) => `${valid}%00`],
  ['an encoded slash behind it', (valid) => `${valid}%2F`],
  ['an encoded slash in it', (valid) => `${valid.slice(0, 4)}%2f${valid.slice(4)}`],
  ['an encoded percent sign', (valid) => `${valid}%25`],
  ['an encoded question mark', (valid) => `${valid}%3Fa=b`],
  ['a semicolon', (valid) => `${valid};a=b`],
  ['dots', () => '..'],
  ['encoded dots', () => '%2e%2e'],
  ['one dot', () => '.'],
  ['a number', () => '0'],
  ['null', () => 'null'],
  ['a plus sign', () => '+'],
  ['other letters', () => '%C3%A4%F0%9F%A6%8A'],
  ['wide digits', () => '%EF%BC%91'],
  ['no UTF-8', () => '%ff%fe'],
  ['half an encoding', () => '%'],
  ['an encoding of other letters', () => '%zz'],
  ['a space alone', () => '%20'],
  ['3,000 letters', () => 'x'.repeat(3000)],
  ['nothing that is there', () => '00000000-0000-0000-0000-000000000000'],
];

/** Paths of an operation with one segment wrong. */
export function wrongPaths(operation: Operation, values: Record<string, string>): [fault: string, path: string][] {
  const parameters = operation.parameters.filter((parameter) => parameter.in === 'path');
  return parameters.flatMap(({ name }) =>
    SEGMENTS.map(([fault, make]): [string, string] => [
      `path ${name}: ${fault}`,
      filled(operation.path, { ...values, [name]: make(values[name] ?? name) }),
    ]),
  );
}

/** The path with its parameters filled in, unchanged. */
export const filled = (path: string, values: Record<string, string>): string =>
  fillPath(path, (name) => values[name] ?? name);

const VALUES = [
  ...[
    '',
    'true',
    'True',
    'TRUE',
    'yes',
    'on',
    'off',
    'y',
    'N',
    '1',
    '0',
    '2',
    '-1',
    '+1',
    '%2B1',
    '%201',
    '1%20',
    '1_000',
    '1__0',
    '007',
    '1.0',
    '1.5',
    '1e3',
  ],
  ...[
    '-0',
    '0x10',
    '99999999999999999999',
    '9'.repeat(400),
    '1.0e0',
    '.0',
    '%D9%A3',
    'NaN',
    'inf',
    'null',
    'None',
    'hello',
    'true%20',
    '%00',
    'a%00b',
    '%ff',
    '%',
  ],
  ...[
    '%zz',
    '%C3%A4',
    '1,2',
    'a,b',
    ',',
    '%5B%5D',
    '%7B%7D',
    'x'.repeat(3000),
    "'",
    '%22',
    '../..',
    'polling',
    'text/plain',
    '00000000-0000-0000-0000-000000000000',
  ],
  ...['2024-01-01', '2024-01-01T00:00:00Z', '1700000000'],
];

/** Queries of an operation with one invalid parameter and no other. */
export function wrongQueries({ parameters }: Operation): [fault: string, query: string][] {
  const names = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  return names.flatMap((name) => [
    ...VALUES.map((value): [string, string] => [`query ${name}=${value.slice(0, 40)}`, `${name}=${value}`]),
    [`query ${name} without a value`, name],
    [`query ${name} twice, wrong behind`, `${name}=1&${name}=hello`],
    [`query ${name} twice, wrong before`, `${name}=hello&${name}=1`],
    [`query ${name} as a list`, `${name}[]=1&${name}[0]=2`],
    [`query ${name} in capitals`, `${name.toUpperCase()}=1`],
    [`query ${name} behind a semicolon`, `a=b;${name}=1`],
  ]);
}

/** Queries for any operation. */
export const ODD_QUERIES: [fault: string, query: string][] = [
  ['an empty query', ''],
  ['a query of ampersands', '&&&'],
  ['a query that is no UTF-8', '%ff=%fe'],
  ['a query of 10,000 letters', `q=${'x'.repeat(10_000)}`],
  ['a query of 1,500 parameters', Array.from({ length: 1500 }, (_, index) => `p${index}=1`).join('&')],
];
