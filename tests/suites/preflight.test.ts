import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startMock } from '../../mock/index.ts';
import { runSuites } from '../../suites/run.ts';
import { preflight } from '../../suites/runner/preflight.ts';
import { openTarget } from '../../targets/index.ts';

const ALICE = { username: 'langflow', password: 'langflow' };
const VERSION = { version: '1.7.3', main_version: '1.7.3', package: 'Langflow' };

/** Serves, and closes when the test ends. */
async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.asyncDispose]: close };
}

type Handler = (request: IncomingMessage) => { status?: number; json?: unknown; html?: string } | undefined;

const answering =
  (handler: Handler): RequestListener =>
  (request, response) => {
    const { status = 200, json, html } = handler(request) ?? { status: 404, json: { detail: 'Not Found' } };
    response
      .writeHead(status, { 'content-type': html ? 'text/html' : 'application/json' })
      .end(html ?? JSON.stringify(json));
  };

const at = (request: IncomingMessage, path: string): boolean => request.url?.split('?')[0] === path;

describe('a server that cannot be judged is refused', () => {
  const page = '<!doctype html><title>Langflow</title>';
  const cases: [name: string, listener: RequestListener, message: RegExp][] = [
    ['200 and an empty object for all', answering(() => ({ json: {} })), /is not a Langflow/],
    ['200 and the web page for all', answering(() => ({ html: page })), /is not a Langflow/],
    ['200 and a version for all', answering(() => ({ json: VERSION })), /does not check credentials/],
    [
      '200 and a user for all but the version',
      answering((request) => ({ json: at(request, '/api/v1/version') ? VERSION : { id: '1', ...ALICE } })),
      /does not check credentials/,
    ],
    ['404 for all', answering(() => ({ status: 404, json: { detail: 'Not Found' } })), /is not a Langflow/],
    ['500 for all', answering(() => ({ status: 500, json: { detail: 'no' } })), /is not a Langflow/],
    ['401 for all', answering(() => ({ status: 401, json: { detail: 'no' } })), /is not a Langflow/],
    ['no bytes at all', (request) => request.socket.destroy(), /does not answer/],
    [
      '401 for all but the version',
      answering((request) => (at(request, '/api/v1/version') ? { json: VERSION } : { status: 401, json: {} })),
      /The login of langflow is refused/,
    ],
    ['any password', answering((request) => lenient(request)), /does not check passwords/],
    ['an invalid version', answering(() => ({ json: { ...VERSION, version: 'latest' } })), /is not a Langflow/],
    [
      'the version of something else',
      answering(() => ({ json: { ...VERSION, package: 'Flowise' } })),
      /is not a Langflow/,
    ],
  ];

  function lenient(request: IncomingMessage) {
    if (at(request, '/api/v1/version')) return { json: VERSION };
    return at(request, '/api/v1/login') ? { json: { access_token: 'a token' } } : { status: 403, json: {} };
  }

  test.for(cases)('%s', async ([, listener, message]) => {
    await using server = await serve(listener);
    await expect(preflight(server.url, ALICE)).rejects.toThrow(message);
    await expect(
      runSuites({
        target: { kind: 'url', name: server.url, url: server.url },
        credentials: ALICE,
        tool: { name: 'flowpact', version: '0' },
      }),
    ).rejects.toThrow(message);
  });

  test('nothing listens', async () => {
    const server = await serve(() => {});
    await server[Symbol.asyncDispose]();
    await expect(preflight(server.url, ALICE)).rejects.toThrow(
      /does not answer GET \/api\/v1\/version: .*ECONNREFUSED/,
    );
  });
});

describe('a Langflow', () => {
  test('is recognized, with its user', async () => {
    await using mock = await startMock({ port: 0, ...ALICE });
    expect(await preflight(mock.url, ALICE)).toMatchObject({
      release: '1.7.3',
      package: 'Langflow',
      admin: { username: 'langflow', superuser: true },
    });
  });

  test('refuses a wrong password, and the message says what to do', async () => {
    await using mock = await startMock({ port: 0, ...ALICE });
    await expect(preflight(mock.url, { ...ALICE, password: 'other' })).rejects.toThrow(
      /The login of langflow is refused: .* Give --username and --password/,
    );
  });

  test('with automatic login accepts its token, as a superuser', async () => {
    await using mock = await startMock({ port: 0, ...ALICE, autoLogin: true });
    await using target = await openTarget(mock.url);
    const { admin } = await preflight(mock.url, target.credentials);
    expect(admin).toMatchObject({ username: ALICE.username, superuser: true, token: expect.any(String) });
    await using other = await startMock({ port: 0, ...ALICE });
    await expect(openTarget(other.url)).rejects.toThrow(
      /where automatic login is off: give either an API key, or a user name and a password/,
    );
  });

  test('refuses a wrong API key', async () => {
    await using mock = await startMock({ port: 0, ...ALICE });
    await expect(preflight(mock.url, { apiKey: 'sk-wrong' })).rejects.toThrow(/The credential is refused/);
  });
});
