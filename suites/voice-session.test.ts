/** Voice sessions in which the flow is a tool of the speaking model. */
import { expect, given, requirement, type SocketConversation, type SocketEvent, uniqueName } from './support/index.ts';
import {
  append,
  COMMIT,
  CREATE_RESPONSE,
  converse,
  expectStaysOpen,
  givenEcho,
  say,
  sockets,
  sound,
  storedMessages,
} from './support/voice.ts';

/** Skips the first events. @returns the session's settings */
async function settings(socket: SocketConversation): Promise<SocketEvent['session']> {
  await socket.next('session.created');
  return (await socket.next('session.updated')).session;
}

const updated = async (socket: SocketConversation, session: object): Promise<SocketEvent['session']> => {
  socket.send({ type: 'session.update', session });
  return (await socket.next('session.updated')).session;
};

const isOutput = (event: SocketEvent) =>
  event.type === 'conversation.item.created' && event.item.type === 'function_call_output';

requirement.each('VOICE-030', sockets('VOICE-030'), async ({ operationId }) => {
  await converse(operationId, await given.flow(), async (socket) => {
    const session = await settings(socket);
    expect(socket.received.map(({ type }) => type).slice(0, 2)).toEqual(['session.created', 'session.updated']);
    expect(session).toMatchObject({
      input_audio_format: 'pcm16',
      output_audio_format: 'pcm16',
      tools: [{ type: 'function', name: 'execute_flow' }],
    });
    expect(session.modalities.toSorted()).toEqual(['audio', 'text']);
    expect(session.tools).toHaveLength(1);
    expect(session.instructions).toMatch(/\S/);
  });
});

requirement('VOICE-031', async () => {
  for (const description of [`knows about ${uniqueName('thing')}`, '']) {
    await converse('connectFlowAsTool', await given.flow({ description }), async (socket) => {
      const { tools } = await settings(socket);
      expect(tools[0]?.['description']).toEqual(description || expect.stringMatching(/\S/));
      expect(tools[0]?.['parameters']).toMatchObject({
        type: 'object',
        properties: { input: { type: 'string' } },
        required: ['input'],
      });
    });
  }
});

requirement('VOICE-032', async () => {
  await converse('connectFlowAsTool', await given.flow(), async (socket) => {
    const own = await settings(socket);
    const chosen = {
      voice: 'coral',
      temperature: 0.6,
      turn_detection: null,
      input_audio_transcription: { model: 'gpt-4o-transcribe' },
    };
    const session = await updated(socket, { ...chosen, instructions: 'Speak like a pirate.' });
    expect(session).toMatchObject(chosen);
    expect(session.instructions).toBe(`${own.instructions}\nSpeak like a pirate.`);
  });
});

requirement('VOICE-033', async () => {
  await converse('connectFlowAsTool', await given.flow(), async (socket) => {
    const { tools, tool_choice, modalities, input_audio_format, output_audio_format } = await settings(socket);
    const other = {
      tools: [],
      tool_choice: 'none',
      modalities: ['text'],
      input_audio_format: 'g711_ulaw',
      output_audio_format: 'g711_alaw',
    };
    expect(await updated(socket, other)).toMatchObject({
      tools,
      tool_choice,
      modalities,
      input_audio_format,
      output_audio_format,
    });
  });
});

requirement.each('VOICE-034', sockets('VOICE-034'), async ({ operationId }) => {
  const text = uniqueName('question');
  await converse(operationId, await givenEcho(), async (socket) => {
    await settings(socket);
    socket.send(say(text), CREATE_RESPONSE);
    const asked = await socket.next('response.function_call_arguments.done');
    expect(JSON.parse(asked.arguments)).toEqual({ input: expect.stringContaining(text) });
    const deltas = socket.received
      .filter(({ type }) => type === 'response.function_call_arguments.delta')
      .map(({ delta }) => delta);
    expect(deltas.join('')).toBe(asked.arguments);
    const called = await socket.next(
      ({ type, item }) => type === 'response.output_item.done' && item.type === 'function_call',
    );
    expect(called.item.name).toBe('execute_flow');
    const { item } = await socket.next(isOutput);
    expect(item.call_id).toBe(called.item.call_id);
    expect(item.output).toContain(text);
    const progress = socket.received.filter(({ type }) => type === 'flow.build.progress').map(({ data }) => data);
    expect(progress.at(-1)).toEqual({ event: 'end', data: {} });
    expect(JSON.stringify(progress)).toContain(text);
  });
});

/** The types of the events of a spoken response. */
const SPOKEN = [
  'response.created',
  'response.output_item.added',
  'conversation.item.created',
  'response.content_part.added',
  'response.audio_transcript.delta',
  'response.audio.delta',
  'response.audio.done',
  'response.audio_transcript.done',
  'response.content_part.done',
  'response.output_item.done',
  'response.done',
];

requirement.each('VOICE-035', sockets('VOICE-035'), async ({ operationId }) => {
  const text = uniqueName('question');
  await converse(operationId, await givenEcho(), async (socket) => {
    await settings(socket);
    socket.send({ type: 'langflow.voice_mode.config', progress_enabled: false }, say(text), CREATE_RESPONSE);
    await socket.next(isOutput);
    const { response } = await socket.next('response.created');
    const done = await socket.next('response.done');
    expect(done.response.id).toBe(response.id);
    const begun = socket.received.slice(socket.received.findIndex((event) => event.response?.id === response.id));
    expect([...new Set(begun.map(({ type }) => type))].toSorted()).toEqual(SPOKEN.toSorted());
    const mine = begun.filter((event) => event.response_id === response.id);
    const said = (type: string) => mine.filter((event) => event.type === type).map(({ delta }) => delta);
    const spoken = said('response.audio_transcript.delta').join('');
    expect(spoken).toMatch(/\S/);
    const { item } =
      mine.find(({ type }) => type === 'response.output_item.done') ?? expect.fail('no item of the response is done');
    expect(item.content[0]?.transcript).toBe(spoken);
    expect(Buffer.from(said('response.audio.delta').join(''), 'base64').length).toBeGreaterThan(0);
  });
});

requirement('VOICE-036', async () => {
  const session = uniqueName('session');
  await converse(
    'connectFlowAsToolSession',
    await givenEcho(),
    async (socket) => {
      await settings(socket);
      socket.send(
        { type: 'langflow.voice_mode.config', progress_enabled: false },
        say(uniqueName('question')),
        CREATE_RESPONSE,
      );
      await socket.next(isOutput);
      const { item } = await socket.next(
        ({ type, item }) => type === 'response.output_item.done' && item.type === 'message',
      );
      expect(await storedMessages(session, 1)).toEqual([['Machine', 'AI', item.content[0]?.transcript]]);
    },
    { session },
  );
});

requirement('VOICE-037', async () => {
  const session = uniqueName('session');
  await converse(
    'connectFlowAsToolSession',
    await given.flow(),
    async (socket) => {
      await settings(socket);
      socket.send(append(sound(200, false)), COMMIT);
      const { item_id } = await socket.next('input_audio_buffer.committed');
      const heard = await socket.next('conversation.item.input_audio_transcription.completed');
      expect(heard.item_id).toBe(item_id);
      if (heard.transcript.trim() !== '')
        expect(await storedMessages(session, 1)).toEqual([['User', 'User', heard.transcript]]);
    },
    { session },
  );
});

requirement('VOICE-038', async () => {
  await converse('connectFlowAsTool', await given.flow(), async (socket) => {
    await settings(socket);
    socket.send(append('A'.repeat(100)), append(''), COMMIT);
    await updated(socket, { temperature: 0.7 });
    expect(socket.received.map(({ type }) => type)).not.toContain('input_audio_buffer.committed');
    socket.send(append('AAAA'), COMMIT);
    await socket.next('input_audio_buffer.committed');
  });
});

requirement('VOICE-039', async () => {
  await converse('connectFlowAsTool', await given.flow(), async (socket) => {
    await settings(socket);
    for (const [enabled, modalities] of [
      [true, ['text']],
      [false, ['audio', 'text']],
    ] as const) {
      socket.send({ type: 'langflow.elevenlabs.config', enabled });
      expect((await socket.next('session.updated')).session.modalities.toSorted()).toEqual(modalities);
    }
  });
});

requirement('VOICE-040', async () => {
  for (const progress_enabled of [true, false]) {
    await converse('connectFlowAsTool', await givenEcho(), async (socket) => {
      await settings(socket);
      socket.send(
        { type: 'langflow.voice_mode.config', progress_enabled },
        say(uniqueName('question')),
        CREATE_RESPONSE,
      );
      const called = await socket.next('response.function_call_arguments.done');
      const output = await socket.next(isOutput);
      const between = socket.received.slice(socket.received.indexOf(called), socket.received.indexOf(output));
      expect(between.some(({ type }) => type === 'response.created')).toBe(progress_enabled);
    });
  }
});

requirement('VOICE-041', async () => {
  await converse(
    'connectFlowAsTool',
    await given.flow(),
    async (socket) => {
      await settings(socket);
      socket.send({ type: 'no.such.event' });
      expect((await socket.next('error')).error).toMatchObject({ message: expect.any(String) });
      expect(await updated(socket, { voice: 'coral' })).toMatchObject({ voice: 'coral' });
    },
    { valid: false },
  );
});

requirement('VOICE-042', async () => {
  await converse('connectFlowAsTool', await givenEcho(), async (socket) => {
    await settings(socket);
    socket.send(append(sound(300)), append(sound(600, false)));
    const started = await socket.next('input_audio_buffer.speech_started');
    expect((await socket.next('input_audio_buffer.speech_stopped')).item_id).toBe(started.item_id);
    expect((await socket.next('input_audio_buffer.committed')).item_id).toBe(started.item_id);
    await socket.next('conversation.item.input_audio_transcription.completed');
    await socket.next('response.done');
  });
});

requirement.each('VOICE-043', sockets('VOICE-043'), async ({ operationId }) => {
  for (const text of ['{"type":', '[1]']) {
    await converse(
      operationId,
      await given.flow(),
      async (socket) => {
        await socket.next(({ type }) => /session\.updated$/.test(type));
        socket.send(text, append(sound(200, false)), COMMIT);
        const before = socket.received.length;
        await expectStaysOpen(socket);
        expect(socket.received).toHaveLength(before);
      },
      { valid: false },
    );
  }
});
