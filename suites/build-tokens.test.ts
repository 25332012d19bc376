import { buildFlow } from '../fixtures/build-flow.ts';
import { wordByWord } from '../fixtures/word-by-word.ts';
import {
  build,
  buildDirectly,
  givenBuildable,
  messagesIn,
  names,
  remainingEvents,
  startLongBuild,
} from './support/builds.ts';
import { messages } from './support/conversation.ts';
import { catalogue } from './support/given.ts';
import { call, expect, requirement } from './support/index.ts';
import { HALF_STREAM_MS, TEN_WORDS } from './support/runs.ts';
import { timeSpan } from './support/stream.ts';

const words = { inputs: { input_value: 'one two three' } };
const MODEL = 'WordByWord-word2';

/** The graph with another value in the model's field, or with fewer edges. */
async function graph({ stream = true, edges = wordByWord.edges }) {
  const nodes = wordByWord.nodes.map((node) => (node.id === MODEL ? { ...node, values: { stream } } : node));
  return buildFlow({ ...wordByWord, nodes, edges }, await catalogue()).data;
}

requirement('BUILD-068', async () => {
  const flow = await givenBuildable('wordByWord');
  const events = await build(flow, words);
  const chat = ['vertices_sorted', 'add_message', 'end_vertex'];
  expect(names(events)).toEqual([
    ...chat,
    'add_message',
    'token',
    'token',
    'token',
    'end_vertex',
    'add_message',
    'end_vertex',
    'end',
  ]);
  const [, begun, whole] = messagesIn(events);
  const source = { id: MODEL, display_name: 'Word by Word', source: 'words-1' };
  const model = { sender: 'Machine', sender_name: 'AI', session_id: flow.id, id: begun?.id };
  expect(begun).toMatchObject({ ...model, text: 'one ', properties: { state: 'partial', icon: 'bird', source } });
  expect(whole).toMatchObject({
    ...model,
    text: 'one two three',
    properties: { state: 'complete', icon: 'bird', source },
  });
  const tokens = events.filter(({ event }) => event === 'token').map(({ data }) => data);
  expect(tokens).toEqual(['one ', 'two ', 'three'].map((chunk) => ({ chunk, id: begun?.id })));
  expect(await messages({ flow_id: flow.id })).toMatchObject([
    { sender: 'User' },
    { id: begun?.id, text: 'one two three', properties: { state: 'complete' } },
  ]);
});

requirement('BUILD-071', async () => {
  const response = await buildDirectly(await givenBuildable('wordByWord'), { inputs: { input_value: TEN_WORDS } });
  expect(timeSpan(response, /"token"/)).toBeGreaterThan(HALF_STREAM_MS);
});

requirement('BUILD-069', async () => {
  const flow = await givenBuildable('wordByWord');
  const silent = await build(flow, { ...words, data: await graph({ stream: false }) });
  expect(names(silent)).not.toContain('token');
  expect(messagesIn(silent)).toMatchObject([
    { sender: 'User' },
    { text: 'one two three', properties: { state: 'complete', icon: null } },
  ]);
  const alone = await build(flow, { ...words, data: await graph({ edges: wordByWord.edges.slice(0, 1) }) });
  expect(names(alone)).toEqual(['vertices_sorted', 'add_message', 'end_vertex', 'end_vertex', 'end']);
  expect(names(await build(flow, words))).toContain('token');
});

requirement('BUILD-070', async () => {
  const flow = await givenBuildable('wordByWord');
  const job_id = await startLongBuild(flow);
  const said = await messages({ flow_id: flow.id });
  expect(said).toMatchObject([{ sender: 'User' }, { sender: 'Machine', text: '', properties: { state: 'partial' } }]);
  await call('cancelBuild', { path: { job_id } }).expectStatus(200);
  await remainingEvents(job_id);
  expect(await messages({ flow_id: flow.id })).toEqual(said);
});
