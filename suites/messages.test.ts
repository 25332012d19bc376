import { setTimeout as delay } from 'node:timers/promises';
import { failingFlow, type Message, messages, say } from './support/conversation.ts';
import { idsOf } from './support/flow-lists.ts';
import { call, expect, given, requirement, uniqueName } from './support/index.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const AS_TEXT = ['a picture.png', 'notes.txt'];

requirement('MSG-001', async () => {
  const { flow, session, text } = await say({ text: 'good morning' });
  const listed = await messages({ flow_id: flow.id });
  const expected = { flow_id: flow.id, session_id: session, text, edit: false, category: 'message' };
  expect(listed).toMatchObject([
    { ...expected, sender: 'User', sender_name: 'User' },
    { ...expected, sender: 'Machine', sender_name: 'AI' },
  ]);
});

requirement('MSG-002', async () => {
  const { flow, session } = await say();
  expect(await messages({ session_id: session })).toHaveLength(2);
  expect(await messages({ flow_id: flow.id }, 'bob')).toEqual([]);
  expect((await messages({}, 'bob')).filter((message) => message.flow_id === flow.id)).toEqual([]);
});

requirement('MSG-003', async () => {
  const user = await given.user();
  const { flow } = await say({ as: user });
  expect(await messages({ flow_id: flow.id }, user)).toHaveLength(2);
  expect(await messages({ flow_id: flow.id }, 'admin')).toEqual([]);
});

requirement('MSG-004', async () => {
  const [one, other] = [await say(), await say()];
  const listed = await messages({ flow_id: one.flow.id });
  expect(listed.map((message) => message.flow_id)).toEqual([one.flow.id, one.flow.id]);
  expect(await messages({ flow_id: other.flow.id })).toHaveLength(2);
});

requirement('MSG-005', async () => {
  const { flow, session } = await say();
  await say({ flow });
  const listed = await messages({ session_id: session });
  expect(listed.map((message) => message.session_id)).toEqual([session, session]);
});

requirement('MSG-006', async () => {
  const session = `${uniqueName('a / b')} ü`;
  await say({ session });
  expect(await messages({ session_id: encodeURIComponent(session) })).toHaveLength(2);
});

requirement('MSG-007', async () => {
  const { flow } = await say();
  expect((await messages({ flow_id: flow.id, sender: 'Machine' })).map((message) => message.sender)).toEqual([
    'Machine',
  ]);
  expect((await messages({ flow_id: flow.id, sender: 'User' })).map((message) => message.sender)).toEqual(['User']);
  expect(await messages({ flow_id: flow.id, sender: 'machine' })).toEqual([]);
});

requirement('MSG-008', async () => {
  const { flow } = await say();
  expect((await messages({ flow_id: flow.id, sender_name: 'AI' })).map((message) => message.sender_name)).toEqual([
    'AI',
  ]);
  expect((await messages({ flow_id: flow.id, sender_name: 'User' })).map((message) => message.sender_name)).toEqual([
    'User',
  ]);
});

requirement('MSG-009', async () => {
  const { flow, session } = await say();
  const other = await say({ flow });
  const all = { flow_id: flow.id, session_id: session, sender: 'User', sender_name: 'User' };
  expect(await messages(all)).toMatchObject([{ session_id: session, sender: 'User' }]);
  for (const wrong of [
    { flow_id: NOBODY },
    { session_id: uniqueName('nothing') },
    { sender: 'Machine' },
    { sender_name: 'AI' },
  ]) {
    expect(await messages({ ...all, ...wrong })).toEqual([]);
  }
  expect(await messages({ ...all, session_id: other.session })).toHaveLength(1);
});

requirement('MSG-010', async () => {
  const { flow } = await say({ text: 'b, said first' });
  // Timestamps are in whole seconds.
  await delay(1001);
  await say({ flow, text: 'a, said second' });
  const listed = await messages({ flow_id: flow.id });
  expect(listed.map((message) => message.text)).toEqual([
    'b, said first',
    'b, said first',
    'a, said second',
    'a, said second',
  ]);
  expect(listed.map((message) => message.timestamp)).toEqual(listed.map((message) => message.timestamp).toSorted());
});

requirement('MSG-011', async () => {
  const { flow } = await say({ text: 'b', session: uniqueName('y') });
  await say({ flow, text: 'a', session: uniqueName('z') });
  await say({ flow, text: 'c', session: uniqueName('x') });
  for (const field of ['text', 'sender', 'sender_name', 'session_id', 'id', 'timestamp'] as const) {
    const values = (await messages({ flow_id: flow.id, order_by: field })).map((message) => message[field]);
    expect(values, `order_by=${field}`).toEqual(values.toSorted(byBytes));
    expect(values).toHaveLength(6);
  }
});

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

requirement('MSG-012', async () => {
  const response = await call('listMessages', { query: { order_by: 'no_such_field' } }).expectStatus(500);
  expect(response.body.detail).toContain('no_such_field');
  await call('listMessages', { query: { order_by: 'text' } }).expectStatus(200);
});

requirement('MSG-013', async () => {
  const { flow } = await say();
  const empty = { flow_id: flow.id, session_id: '', sender: '', sender_name: '', order_by: '' };
  expect(idsOf(await messages(empty)).toSorted()).toEqual(idsOf(await messages({ flow_id: flow.id })).toSorted());
  expect(await messages(empty)).toHaveLength(2);
});

requirement('MSG-014', async () => {
  const { flow, session } = await say();
  const [message] = await messages({ flow_id: flow.id, sender: 'User' });
  expect(JSON.parse(message?.['files'] as string)).toEqual([]);
  await call('updateMessage', { path: { message_id: message?.id as string }, body: { files: AS_TEXT } }).expectStatus(
    200,
  );
  const [listed] = await messages({ flow_id: flow.id, sender: 'User' });
  expect(JSON.parse(listed?.['files'] as string)).toEqual(AS_TEXT);
  const { body } = await call('renameSession', {
    path: { session_id: session },
    query: { new_session_id: uniqueName('other') },
  }).expectStatus(200);
  const renamed = body.find(({ id }) => id === message?.id);
  expect(JSON.parse(renamed?.files ?? '')).toEqual(AS_TEXT);
});

requirement('MSG-015', async () => {
  const flow = await failingFlow();
  const response = await call('runFlow', {
    path: { flow_id_or_name: flow.id },
    body: { input_value: 'hello' },
    via: 'header',
  });
  expect(response.status).toBeGreaterThanOrEqual(400);
  const failing = flow.data.nodes[1]?.data;
  const errors = (await messages({ flow_id: flow.id })).filter((message) => message['category'] === 'error');
  expect(errors).toMatchObject([
    {
      sender: failing?.node.display_name,
      properties: { source: { id: failing?.id } },
      content_blocks: [{ title: 'Error', contents: [{ type: 'error' }] }],
    },
  ]);
  const [error] = errors as unknown as { content_blocks: { contents: { reason: string }[] }[] }[];
  expect(error?.content_blocks[0]?.contents[0]?.reason).toBeTruthy();
});

requirement('MSG-016', async () => {
  const { flow, session } = await say();
  const [message] = await messages({ flow_id: flow.id });
  await call('deleteFlow', { path: { flow_id: flow.id } }).expectStatus(200);
  await expect.poll(() => messages({ session_id: session })).toEqual([]);
  await call('updateMessage', { path: { message_id: message?.id as string }, body: {} }).expectStatus(404);
});

requirement('MSG-017', async () => {
  const { flow } = await say();
  await say({ flow });
  const [first = '', second = '', ...others] = idsOf(await messages({ flow_id: flow.id }));
  await call('deleteMessages', { body: [first, second] }).expectStatus(204);
  await expect.poll(async () => idsOf(await messages({ flow_id: flow.id })).toSorted()).toEqual(others.toSorted());
});

requirement('MSG-018', async () => {
  const { flow } = await say();
  await call('deleteMessages', { body: [NOBODY] }).expectStatus(204);
  await call('deleteMessages', { body: [] }).expectStatus(204);
  expect(await messages({ flow_id: flow.id })).toHaveLength(2);
});

requirement('MSG-019', async () => {
  const { flow } = await say();
  const ids = idsOf(await messages({ flow_id: flow.id }));
  const refused = await call('deleteMessages', { body: [...ids, 'no id'] }).expectStatus(422);
  expect(refused.body.detail).toMatchObject([{ type: 'uuid_parsing', loc: ['body', 2] }]);
  expect(await messages({ flow_id: flow.id })).toHaveLength(2);
  await call('deleteMessages', { body: ids }).expectStatus(204);
});

requirement('MSG-020', async () => {
  const { flow } = await say();
  const [first = '', second] = idsOf(await messages({ flow_id: flow.id }));
  await call('deleteMessages', { body: [first], as: 'bob' }).expectStatus(204);
  await expect.poll(async () => idsOf(await messages({ flow_id: flow.id }))).toEqual([second]);
});

/** A message of a new session. */
async function message(): Promise<Message> {
  const { flow } = await say();
  const [said] = await messages({ flow_id: flow.id, sender: 'User' });
  return said as Message;
}

const change = (id: string, body: object, as?: 'bob') =>
  call('updateMessage', { path: { message_id: id }, body, ...(as && { as }) });
const again = async ({ id, flow_id }: Message) => (await messages({ flow_id })).find((one) => one.id === id);

requirement('MSG-021', async () => {
  const before = await message();
  const patch = {
    sender: 'Somebody',
    sender_name: 'Some name',
    session_id: uniqueName('session'),
    context_id: 'a context',
    text: 'changed',
    files: ['a.png'],
    error: true,
  };
  const { body } = await change(before.id, patch).expectStatus(200);
  expect(body).toMatchObject({ ...patch, id: before.id, flow_id: before.flow_id, properties: before['properties'] });
  const { files: _, error: __, ...shown } = patch;
  const { files: ___, ...unchanged } = before;
  expect(await again(before)).toMatchObject({ ...unchanged, ...shown, edit: true });
});

requirement('MSG-022', async () => {
  const before = await message();
  await change(before.id, { text: 'another text', edit: false }).expectStatus(200).expectJsonLike({ edit: true });
  expect(await again(before)).toMatchObject({ text: 'another text', edit: true });
  await change(before.id, { edit: false }).expectStatus(200).expectJsonLike({ edit: false });
});

requirement('MSG-023', async () => {
  const before = await message();
  await change(before.id, { text: before.text, context_id: 'a context' })
    .expectStatus(200)
    .expectJsonLike({ edit: false, context_id: 'a context' });
  expect(await again(before)).toMatchObject({ edit: false });
});

requirement('MSG-024', async () => {
  const before = await message();
  const nothing = {
    text: null,
    sender: null,
    sender_name: null,
    session_id: null,
    context_id: null,
    files: null,
    edit: null,
    error: null,
    properties: null,
  };
  await change(before.id, nothing)
    .expectStatus(200)
    .expectJsonLike({ text: before.text, sender: before.sender, edit: false });
  expect(await again(before)).toEqual(before);
});

requirement('MSG-025', async () => {
  const before = await message();
  await change(before.id, {
    properties: { icon: 'Bot', positive_feedback: true, source: { id: 'x' }, state: 'partial' },
  }).expectStatus(200);
  expect(await again(before)).toMatchObject({
    properties: {
      icon: 'Bot',
      positive_feedback: true,
      state: 'partial',
      source: { id: 'x', display_name: null, source: null },
    },
  });
  await change(before.id, { properties: { text_color: 'red' } }).expectStatus(200);
  expect(await again(before)).toMatchObject({
    properties: {
      text_color: 'red',
      background_color: null,
      edited: false,
      source: { id: null, display_name: null, source: null },
      icon: null,
      allow_markdown: false,
      positive_feedback: null,
      state: 'complete',
      targets: [],
    },
  });
});

requirement('MSG-026', async () => {
  const before = await message();
  const fixed = {
    id: NOBODY,
    flow_id: NOBODY,
    timestamp: '2000-01-01 00:00:00 UTC',
    category: 'error',
    content_blocks: [{ title: 'x', contents: [] }],
  };
  await change(before.id, { ...fixed, context_id: 'a context' }).expectStatus(200);
  expect(await again(before)).toEqual({ ...before, context_id: 'a context' });
});

requirement('MSG-027', async () => {
  const before = await message();
  await change(before.id, { text: 'by another user' }, 'bob').expectStatus(200);
  expect(await again(before)).toMatchObject({ text: 'by another user' });
});

requirement('MSG-028', async () => {
  const { id } = await message();
  await change(NOBODY, { text: 'x' }).expectStatus(404);
  await change(id, { text: 'x' }).expectStatus(200);
});
