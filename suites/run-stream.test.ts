import type { BodyOf, Schema } from '../spec/operations.ts';
import { messages } from './support/conversation.ts';
import { expect, requirement, stream, uniqueName } from './support/index.ts';
import { givenFlow, HALF_STREAM_MS, jsonOf, NO_FLOW, outputTexts, run, TEN_WORDS } from './support/runs.ts';
import { timeSpan } from './support/stream.ts';

interface Event {
  event: string;
  /** The fields of all events; which ones are present depends on the event. */
  data: Omit<Schema<'RunMessageData'>, 'error'> & {
    chunk: string;
    id: string;
    result: Schema<'RunAnswer'>;
    error: unknown;
  };
}

async function streamRun(flow: { id: string }, body: BodyOf<'runFlow'>) {
  const response = await stream('runFlow', { path: { flow_id_or_name: flow.id }, query: { stream: true }, body });
  expect(response.status).toBe(200);
  expect(response.ended).toBe(true);
  return { response, events: response.frames.map((frame): Event => jsonOf<Event>(frame)) };
}

/** Replaces what differs in each run: ids and times. */
const lasting = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value, (key, member) =>
      key === 'timestamp' || (key === 'id' && /^[0-9a-f-]{36}$/.test(String(member))) ? 'any' : member,
    ),
  );

requirement('RUN-030', async () => {
  const { response, events } = await streamRun(await givenFlow('echo'), { input_value: 'line one\n\nline two' });
  expect(response.headers['content-type']).toMatch(/^text\/event-stream(;|$)/);
  // A frame is one line, whatever its text.
  expect(response.text).toMatch(/^(\{[^\n]*\}\n\n)+$/);
  expect(events).not.toHaveLength(0);
});

requirement('RUN-031', async () => {
  const flow = await givenFlow('prompt');
  const { events } = await streamRun(flow, { input_value: 'hello' });
  expect(events.filter(({ event }) => event === 'end')).toHaveLength(1);
  const result = events.at(-1)?.data?.result;
  expect(events.at(-1)?.event).toBe('end');
  expect(outputTexts(result ?? {})).toEqual({ 'ChatOutput-prom3': 'You said: hello' });
  expect(lasting(result)).toEqual(lasting(await run(flow, { input_value: 'hello' })));
});

requirement('RUN-032', async () => {
  const [flow, session] = [await givenFlow('prompt'), uniqueName('session')];
  const { events } = await streamRun(flow, { input_value: 'hello', session_id: session });
  const messagesOfRun = events
    .filter(({ event }) => event === 'add_message')
    .map(({ data }) => ({ id: data?.id, sender: data?.sender, text: data?.text, session_id: session }));
  expect(messagesOfRun).toMatchObject([
    { sender: 'User', text: 'hello' },
    { sender: 'Machine', text: 'You said: hello' },
  ]);
  expect(await messages({ session_id: session })).toMatchObject(messagesOfRun);
});

requirement('RUN-033', async () => {
  const flow = await givenFlow('broken');
  const { events } = await streamRun(flow, { input_value: 'hello' });
  expect(events).toMatchObject([{ event: 'add_message', data: { sender: 'User' } }]);
});

requirement('RUN-034', async () => {
  const response = await stream('runFlow', { path: { flow_id_or_name: NO_FLOW }, query: { stream: true }, body: {} });
  expect(response.status).toBe(404);
  expect(response.headers['content-type']).toMatch(/^application\/json/);
  expect(jsonOf(response.text).detail).toContain(NO_FLOW);
});

requirement('RUN-069', async () => {
  const { response } = await streamRun(await givenFlow('wordByWord'), { input_value: TEN_WORDS });
  expect(timeSpan(response, /"token"/)).toBeGreaterThan(HALF_STREAM_MS);
});

requirement('RUN-061', async () => {
  const [flow, session] = [await givenFlow('wordByWord'), uniqueName('session')];
  const input_value = 'word '.repeat(200);
  // While the model streams: if 1.7.3 is interrupted while it writes, its SQLite may stay locked (see startLongBuild).
  const until = (text: string) => text.split('"token"').length > 3;
  const cut = await stream('runFlow', {
    path: { flow_id_or_name: flow.id },
    query: { stream: true },
    body: { input_value, session_id: session },
    until,
  });
  expect(cut.status).toBe(200);
  expect(outputTexts(await run(flow, { input_value: 'again' }))).toEqual({ 'ChatOutput-word3': 'again' });
  const said = await messages({ session_id: session });
  expect(said).toMatchObject([{ sender: 'User', text: input_value }, { sender: 'Machine' }]);
  expect(['', input_value]).toContain(said[1]?.text);
});

requirement('RUN-067', async () => {
  const flow = await givenFlow('wordByWord');
  for (const stream of [false, true]) {
    const session_id = uniqueName('session');
    const { events } = await streamRun(flow, {
      input_value: 'one two three',
      session_id,
      tweaks: { 'WordByWord-word2': { stream } },
    });
    expect(events.map(({ event, data }) => [event, data?.text ?? data?.chunk, data?.properties?.state])).toEqual([
      ['add_message', 'one two three', 'complete'],
      ['add_message', 'one ', 'partial'],
      ['token', 'one ', undefined],
      ['token', 'two ', undefined],
      ['token', 'three', undefined],
      ['add_message', 'one two three', 'complete'],
      ['end', undefined, undefined],
    ]);
    const ids = events.slice(1, -1).map(({ data }) => data.id);
    expect(new Set(ids).size).toBe(1);
    expect(await messages({ session_id })).toMatchObject([{ sender: 'User' }, { id: ids[0], text: 'one two three' }]);
  }
});
