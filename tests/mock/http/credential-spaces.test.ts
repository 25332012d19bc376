import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { restoreSpaces } from '../../../mock/http/credential-spaces.ts';

/** Answers each request with the credentials that it has by then. */
const server = createServer((request, response) => {
  restoreSpaces(request);
  request
    .resume()
    .on('end', () => response.end(JSON.stringify([request.headers['x-api-key'], request.headers.authorization])));
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());

/** What the server has of each request that is sent on one connection, one after the other. */
async function seen(...requests: string[]): Promise<(string | null)[][]> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    const responses = [];
    for (const request of requests) {
      socket.write(request);
      const text = await new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString())));
      responses.push(JSON.parse(text.slice(text.indexOf('['), text.lastIndexOf(']') + 1)));
    }
    return responses;
  } finally {
    socket.destroy();
  }
}

const get = (...lines: string[]) =>
  `GET /path HTTP/1.1\r\nHost: here\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
const post = (body: string, ...lines: string[]) =>
  get(`Content-Length: ${body.length}`, ...lines).replace('GET', 'POST') + body;

describe('white space after a credential', () => {
  test.each([
    ['X-Api-Key: key', 'key'],
    ['x-api-key: key ', 'key '],
    ['x-api-key:  \tkey \t', 'key \t'],
    ['x-api-key:key  ', 'key  '],
    ['x-api-key:   key', 'key'],
    ['x-api-key: a key', 'a key'],
  ])('is kept: %j', async (line, key) => {
    expect(await seen(get('Authorization: Bearer token', line))).toEqual([[key, 'Bearer token']]);
  });

  test('is kept in each request of a connection', async () => {
    const requests = [
      get('x-api-key: key'),
      post('{}', 'x-api-key: key'),
      post('{}', 'x-api-key: key '),
      get('x-api-key: key'),
      get('Authorization: Bearer t '),
    ];
    expect(await seen(...requests)).toEqual([
      ['key', null],
      ['key', null],
      ['key ', null],
      ['key', null],
      [null, 'Bearer t '],
    ]);
  });

  test('in another header, or in a body, is not affected', async () => {
    expect(await seen(post('x-api-key: key \r\n', 'Accept: x  ', 'x-api-key: key'))).toEqual([['key', null]]);
  });
});
