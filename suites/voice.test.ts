import { fillPath } from '../spec/path-template.ts';
import { badKey, badToken, inactiveUser, revokedKey, tokens } from './support/bad-credentials.ts';
import {
  apiKeyOf,
  type Credential,
  call,
  expect,
  given,
  makeCredential,
  NotApplicable,
  openRawSocket,
  openSocket,
  people,
  raw,
  requirement,
  type SocketConversation,
  type SocketEvent,
  type SocketOptions,
  spec,
  tokenOf,
  uniqueName,
} from './support/index.ts';
import { givenOpenAiKey, NO_FLOW, PLACEHOLDER, SOME_KEY, sockets, type VoiceSocket } from './support/voice.ts';

const path = (flow_id = NO_FLOW) => ({ flow_id, session_id: uniqueName('session') });

interface SocketResult {
  code: number;
  received: SocketEvent[];
}

/** Sends nothing, and reads until the server closes the connection. */
const listen = (operationId: VoiceSocket, options: SocketOptions): Promise<SocketResult> =>
  openSocket(operationId, { path: path(), valid: false, ...options }, async (socket: SocketConversation) => {
    expect(socket.status).toBe(101);
    const { code } = await socket.ended();
    return { code, received: socket.received };
  });

async function expectRefused(operationId: VoiceSocket, as: Credential | null): Promise<void> {
  expect((await listen(operationId, { as })).received, as?.label ?? 'no credential').toEqual([]);
}

/** With a valid credential, a placeholder key gives an error event. */
async function expectAccepted(operationId: VoiceSocket, as: Credential): Promise<void> {
  expect((await listen(operationId, { as })).received, as.label).toMatchObject([
    { type: 'error', code: 'api_key_missing' },
  ]);
}

const cookie = async () => makeCredential('cookie', await token(), 'alice (cookie)');
const inQuery = (value: string, label: string, name = 'token'): Credential => ({ label, query: { [name]: value } });
const key = (via: 'header' | 'query') =>
  apiKeyOf(people.alice).then((value) => makeCredential(via, value, `alice (key in ${via})`));

async function token(): Promise<string> {
  const found = await tokenOf(people.alice);
  if (!found) throw new NotApplicable('the run was given an API key alone');
  return found;
}

const both = (one: Credential, other: Credential): Credential => ({
  label: `${one.label} + ${other.label}`,
  headers: { ...other.headers, ...one.headers },
  query: { ...other.query, ...one.query },
});

requirement('VOICE-001', async () => {
  const { body } = await call('listElevenLabsVoices').expectStatus(200);
  if (Array.isArray(body)) throw new NotApplicable('the deployment has a key of ElevenLabs (ELEVENLABS_API_KEY)');
  expect(body).toEqual({ error: expect.any(String) });
});

requirement.each('VOICE-010', sockets('VOICE-010'), async ({ operationId }) => {
  const flow = await given.flow();
  const handshakes = [
    { as: null, flow_id: NO_FLOW },
    { as: badToken, flow_id: flow.id },
    { as: badKey('query'), flow_id: 'nothing' },
    { as: await cookie(), flow_id: 'nothing' },
  ];
  const headers = { origin: 'http://elsewhere.example' };
  const status = ({ as, flow_id }: (typeof handshakes)[0]) =>
    openSocket(operationId, { as, path: path(flow_id), headers, valid: false }, (socket) => socket.status);
  expect(await Promise.all(handshakes.map(status))).toEqual([101, 101, 101, 101]);
});

requirement.each('VOICE-056', sockets('VOICE-056'), async ({ operationId }) => {
  await call(operationId, { path: path(), as: null }).expectStatus(404);
});

requirement.each('VOICE-011', sockets('VOICE-011'), async ({ operationId }) => {
  await givenOpenAiKey(PLACEHOLDER);
  await expectRefused(operationId, null);
});

requirement.each('VOICE-012', sockets('VOICE-012'), async ({ operationId }) => {
  await givenOpenAiKey(PLACEHOLDER);
  const wrong = [
    makeCredential('cookie', 'not-a-token', 'bad cookie'),
    inQuery('not-a-token', 'bad token in query'),
    asCookie(tokens.signedByAnother()),
    asCookie(tokens.unsigned()),
    asCookie(await tokens.refreshToken()),
    badKey('header'),
    badKey('query'),
    await revokedKey('header'),
    await revokedKey('query'),
  ];
  await Promise.all(wrong.map((as) => expectRefused(operationId, as)));
});

/** A bearer token, sent as a cookie. */
const asCookie = ({ label, headers }: Credential): Credential =>
  makeCredential('cookie', headers?.['authorization']?.slice('Bearer '.length) ?? '', `${label} as cookie`);

requirement.each('VOICE-013', sockets('VOICE-013'), async ({ operationId }) => {
  await givenOpenAiKey(PLACEHOLDER);
  const ways = [await cookie(), inQuery(await token(), 'alice (token in query)')];
  await Promise.all(ways.map((as) => expectAccepted(operationId, as)));
});

requirement.each('VOICE-014', sockets('VOICE-014'), async ({ operationId }) => {
  await givenOpenAiKey(PLACEHOLDER);
  const ways = [await key('header'), await key('query')];
  await Promise.all(ways.map((as) => expectAccepted(operationId, as)));
});

requirement.each('VOICE-015', sockets('VOICE-015'), async ({ operationId }) => {
  await givenOpenAiKey(PLACEHOLDER);
  const secret = await apiKeyOf(people.alice);
  await expectAccepted(operationId, inQuery(secret, 'alice (api_key in query)', 'api_key'));
  await expectAccepted(operationId, { label: 'alice (api_key in header)', headers: { api_key: secret } });
});

requirement.each('VOICE-016', sockets('VOICE-016'), async ({ operationId }) => {
  await givenOpenAiKey(PLACEHOLDER);
  const badCookie = makeCredential('cookie', 'not-a-token', 'bad cookie');
  const [right, header, query] = [await cookie(), await key('header'), await key('query')];
  const inUrl = inQuery(await token(), 'alice (token in query)');
  await Promise.all([
    expectRefused(operationId, both(badCookie, header)),
    expectRefused(operationId, both(badCookie, inUrl)),
    expectRefused(operationId, both(badKey('query'), header)),
    expectAccepted(operationId, both(right, badKey('header'))),
    expectAccepted(operationId, both(right, inQuery('not-a-token', 'bad token in query'))),
    expectAccepted(operationId, both(query, badKey('header'))),
  ]);
});

requirement.each('VOICE-017', sockets('VOICE-017'), async ({ operationId }) => {
  await givenOpenAiKey(PLACEHOLDER);
  await expectRefused(operationId, makeCredential('bearer', await token(), 'alice (bearer)'));
  await expectAccepted(operationId, both(await key('header'), badToken));
});

requirement.each('VOICE-018', sockets('VOICE-018'), async ({ operationId }) => {
  await expectRefused(operationId, asCookie((await inactiveUser()).bearer));
});

requirement.each('VOICE-019', sockets('VOICE-019'), async ({ operationId }) => {
  for (const as of [null, badKey('header')]) expect((await listen(operationId, { as })).code).toBe(1006);
});

requirement.each('VOICE-020', sockets('VOICE-020'), async ({ operationId }) => {
  await givenOpenAiKey(PLACEHOLDER);
  const flow = await given.flow();
  for (const flow_id of [flow.id, NO_FLOW, 'nothing']) {
    const { received } = await listen(operationId, { path: path(flow_id), valid: true });
    expect(received).toEqual([
      { type: 'error', code: 'api_key_missing', key_name: 'OPENAI_API_KEY', message: expect.any(String) },
    ]);
  }
});

requirement.each('VOICE-021', sockets('VOICE-021'), async ({ operationId }) => {
  await givenOpenAiKey(SOME_KEY);
  for (const flow_id of [NO_FLOW, 'nothing']) {
    const { received } = await listen(operationId, { path: path(flow_id), valid: true });
    expect(received).toEqual([{ error: expect.stringMatching(/^Failed to load flow: ./) }]);
  }
});

requirement('VOICE-022', async () => {
  await givenOpenAiKey(SOME_KEY);
  const flow = await given.flow({ as: 'bob' });
  await openSocket('connectFlowAsTool', { path: path(flow.id) }, async (socket) => {
    // It connects to OpenAI: a session follows, or the end of the connection.
    await Promise.race([socket.next('session.created').catch(() => undefined), socket.ended()]);
    for (const event of socket.received) expect(event).not.toHaveProperty('error');
  });
});

requirement.each('VOICE-023', sockets('VOICE-023'), async ({ operationId }) => {
  await givenOpenAiKey();
  const flow = await given.flow();
  expect((await listen(operationId, { path: path(flow.id) })).received).toEqual([]);
});

requirement.each('VOICE-024', sockets('VOICE-024'), async ({ operationId }) => {
  await givenOpenAiKey(PLACEHOLDER);
  const flow = await given.flow();
  expect((await listen(operationId, { path: path(flow.id) })).received).toEqual([]);
});

requirement('VOICE-025', async () => {
  const flow = await given.flow();
  const under = (name: string) => `/api/v1/voice/ws/${name}`;
  for (const at of [
    '/health',
    '/no-such-thing',
    under('nothing'),
    under(`flow_as_tool/${flow.id}/`),
    under(`flow_tts/${flow.id}/a/b`),
  ]) {
    expect(await openRawSocket(at, { as: await cookie() }, ({ status }) => status), at).toBe(403);
  }
});

requirement.each('VOICE-026', sockets('VOICE-026'), async ({ operationId }) => {
  const at = fillPath(spec.operation(operationId).path, () => NO_FLOW);
  for (const method of ['GET', 'POST']) {
    for (const as of [null, 'alice'] as const) {
      const { body } = await raw(method, at, { as }).expectStatus(404);
      expect(body.detail).toBeTypeOf('string');
    }
  }
});

requirement('VOICE-027', async () => {
  const headers = { connection: 'Upgrade', upgrade: 'h2c' };
  await raw('GET', '/health', { headers }).expectStatus(200);
  await raw('GET', `/api/v1/voice/ws/flow_as_tool/${NO_FLOW}`, { headers }).expectStatus(404);
});
