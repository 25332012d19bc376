/** Voice sessions in which the flow responds and its text is spoken. */
import {
  apiKeyOf,
  expect,
  given,
  makeCredential,
  openSocket,
  people,
  requirement,
  type SocketConversation,
  type SocketEvent,
  tokenOf,
  uniqueName,
} from './support/index.ts';
import {
  append,
  COMMIT,
  converse,
  expectStaysOpen,
  givenEcho,
  givenOpenAiKey,
  NO_FLOW,
  SOME_KEY,
  sockets,
  sound,
  storedMessages,
} from './support/voice.ts';

requirement.each('VOICE-050', sockets('VOICE-050'), async ({ operationId }) => {
  await converse(operationId, await given.flow(), async (socket) => {
    const { session } = await socket.next('transcription_session.updated');
    expect(socket.received.map(({ type }) => type).slice(0, 2)).toEqual([
      'transcription_session.created',
      'transcription_session.updated',
    ]);
    expect(session).toMatchObject({ input_audio_format: 'pcm16', turn_detection: { type: 'server_vad' } });
  });
});

const isSound = (event: SocketEvent) => event.type === 'response.audio.delta';

requirement.each('VOICE-051', sockets('VOICE-051'), async ({ operationId }) => {
  await converse(operationId, await givenEcho(), async (socket) => {
    await socket.next('transcription_session.updated');
    socket.send(append(sound(500)), COMMIT);
    const { item_id } = await socket.next('input_audio_buffer.speech_started');
    expect(item_id).toBeTypeOf('string');
    await socket.next('input_audio_buffer.committed');
    await socket.next('conversation.item.created');
    const { transcript } = await socket.next('conversation.item.input_audio_transcription.completed');
    const progress: SocketEvent['data'][] = [];
    const end = await socket.next(
      (event) => event.type === 'flow.build.progress' && progress.push(event.data) > 0 && event.data.event === 'end',
    );
    expect(end.data.data).toEqual({});
    expect(JSON.stringify(progress)).toContain(transcript);
    expect(Buffer.from((await socket.next(isSound)).delta, 'base64').length).toBeGreaterThan(0);
  });
});

requirement('VOICE-052', async () => {
  const session = uniqueName('session');
  await converse(
    'connectFlowTtsSession',
    await givenEcho(),
    async (socket) => {
      await socket.next('transcription_session.updated');
      socket.send(append(sound(500)), COMMIT);
      const { transcript } = await socket.next('conversation.item.input_audio_transcription.completed');
      await socket.next(isSound);
      expect((await storedMessages(session, 2)).map(([sender, , text]) => [sender, text])).toEqual([
        ['User', transcript],
        ['Machine', transcript],
      ]);
    },
    { session },
  );
});

requirement('VOICE-053', async () => {
  await converse(
    'connectFlowTts',
    await given.flow(),
    async (socket) => {
      await socket.next('transcription_session.updated');
      socket.send(
        { type: 'no.such.event' },
        { type: 'voice.settings', voice: 'coral' },
        { type: 'session.update', session: {} },
        append(sound(200)),
        COMMIT,
      );
      await socket.next('input_audio_buffer.committed');
      expect(socket.received.map(({ type }) => type)).not.toContain('error');
      expect(socket.received.filter(({ type }) => /session\.updated$/.test(type))).toHaveLength(1);
    },
    { valid: false },
  );
});

requirement.each('VOICE-054', sockets('VOICE-054'), async ({ operationId }) => {
  const [token, key] = [(await tokenOf(people.alice)) ?? '', await apiKeyOf(people.alice)];
  const ways = [
    makeCredential('cookie', token, 'alice (cookie)'),
    { label: 'alice (token in query)', query: { token } },
    makeCredential('header', key, 'alice (key in header)'),
    makeCredential('query', key, 'alice (key in query)'),
  ];
  await givenOpenAiKey(SOME_KEY);
  for (const as of ways) {
    const begin = async (socket: SocketConversation) => socket.next('transcription_session.created');
    await openSocket(
      operationId,
      { path: { flow_id: NO_FLOW, session_id: uniqueName('session') }, as, valid: false },
      begin,
    );
  }
});

requirement('VOICE-055', async () => {
  await converse('connectFlowTts', { id: NO_FLOW }, async (socket) => {
    await socket.next('transcription_session.updated');
    socket.send(append(sound(500)), COMMIT);
    await socket.next('input_audio_buffer.committed');
    await socket.next('conversation.item.input_audio_transcription.completed');
    await expectStaysOpen(socket);
    expect(socket.received.some(isSound)).toBe(false);
  });
});
