import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openTarget } from '../../targets/index.ts';

const account = { username: 'langflow', password: 'secret' };
const messageOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: Error) => error.message,
  );

async function listening(server: Server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void server.close() };
}

const answering = (status: number) =>
  listening(createHttpServer((_request, response) => response.writeHead(status).end('{}')));
const raw = (onConnection: (socket: Socket) => void) =>
  listening(createServer((socket) => onConnection(socket.on('error', () => {}))));

afterEach(() => vi.restoreAllMocks());

describe('a URL', () => {
  it.each([200, 404, 500, 302])('that answers %i is reached: judging it is for the suite', async (status) => {
    await using server = await answering(status);
    await using target = await openTarget(`http://${server.address}/`, account);
    expect(target).toMatchObject({
      kind: 'url',
      url: `http://${server.address}`,
      name: `http://${server.address}`,
      credentials: account,
    });
  });

  it('keeps the path before the API', async () => {
    await using server = await answering(200);
    await using target = await openTarget(`http://${server.address}/langflow/`, { apiKey: 'sk-1' });
    expect(target).toMatchObject({ url: `http://${server.address}/langflow`, credentials: { apiKey: 'sk-1' } });
  });

  it('without a server is refused', async () => {
    const closed = await answering(200);
    await closed[Symbol.asyncDispose]();
    expect(await messageOf(openTarget(`http://${closed.address}`, account))).toBe(
      `http://${closed.address} can't be reached: nothing listens on ${closed.address} (connection refused); is Langflow running, and is the port right?`,
    );
  });

  it('that speaks no TLS', async () => {
    await using server = await answering(200);
    expect(await messageOf(openTarget(`https://${server.address}`, account))).toMatch(
      /the TLS connection failed .*does it speak https/,
    );
  });

  it('that speaks no HTTP', async () => {
    await using server = await raw((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await messageOf(openTarget(`http://${server.address}`, account))).toMatch(/does not speak HTTP/);
  });

  it('that hangs up', async () => {
    await using server = await raw((socket) => socket.destroy());
    expect(await messageOf(openTarget(`http://${server.address}`, account))).toMatch(
      /closed the connection without an HTTP response; does it expect https\?/,
    );
  });

  it('that never answers', async () => {
    await using server = await raw((socket) => setTimeout(() => socket.destroy(), 2_000).unref());
    const message = await messageOf(
      openTarget(`http://${server.address}`, { ...account, patience: { response: 200 } }),
    );
    expect(message).toMatch(/no response to GET \/health_check within 0\.2 s/);
  });

  it.each([
    ['ENOTFOUND', /the name langflow\.example is not known \(DNS: ENOTFOUND\)/],
    ['EHOSTUNREACH', /there is no route to langflow\.example \(EHOSTUNREACH\)/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /the TLS connection failed .*NODE_EXTRA_CA_CERTS/],
  ])('that fails with %s', async (code, expected) => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(
      new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }),
    );
    expect(await messageOf(openTarget('https://langflow.example', account))).toMatch(expected);
  });

  it.each([
    ['http://', account, /is not a URL/],
    [
      'http://me:secret@localhost:1',
      {},
      /A password in the URL would be visible in reports: use --username and --password with http:\/\/localhost:1\/$/,
    ],
    ['http://localhost:1/?x=1', account, /has a query or a fragment/],
    [
      'http://localhost:1',
      { username: 'langflow' },
      /No way to log in at http:\/\/localhost:1: give either an API key, or a user name and a password/,
    ],
    ['http://localhost:1', { ...account, apiKey: 'sk-1' }, /No way to log in .*either/],
  ])('%s with %o is refused before anything is sent', async (url, options, expected) => {
    expect(await messageOf(openTarget(url, options))).toMatch(expected);
  });
});
