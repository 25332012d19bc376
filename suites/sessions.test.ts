import { echoFlow, type Message, messages, say } from './support/conversation.ts';
import { idsOf } from './support/flow-lists.ts';
import { call, expect, requirement, uniqueName } from './support/index.ts';

requirement('MSG-029', async () => {
  const { flow, session } = await say();
  await say({ flow, session });
  const other = await say({ flow });
  const { body } = await call('listSessions').expectStatus(200);
  for (const name of [session, other.session]) expect(body.filter((one) => one === name)).toEqual([name]);
  await call('deleteMessages', { body: idsOf(await messages({ session_id: session })) }).expectStatus(204);
  await expect.poll(async () => (await call('listSessions').expectStatus(200)).body).not.toContain(session);
});

requirement('MSG-030', async () => {
  const { flow, session } = await say();
  expect((await call('listSessions', { as: 'bob' }).expectStatus(200)).body).not.toContain(session);
  await call('listSessions', { query: { flow_id: flow.id }, as: 'bob' })
    .expectStatus(200)
    .expectJson([]);
  await call('listSessions', { query: { flow_id: flow.id } })
    .expectStatus(200)
    .expectJson([session]);
});

requirement('MSG-031', async () => {
  const [one, other] = [await say(), await say()];
  await call('listSessions', { query: { flow_id: one.flow.id } })
    .expectStatus(200)
    .expectJson([one.session]);
  await call('listSessions', { query: { flow_id: other.flow.id } })
    .expectStatus(200)
    .expectJson([other.session]);
  await call('listSessions', { query: { flow_id: (await echoFlow()).id } })
    .expectStatus(200)
    .expectJson([]);
});

const rename = (session: string, name: string) =>
  call('renameSession', { path: { session_id: session }, query: { new_session_id: name } });

requirement('MSG-032', async () => {
  const { flow, session } = await say();
  const other = await say({ flow });
  const name = uniqueName('renamed');
  const before = await messages({ session_id: session });
  const { body } = await rename(session, name).expectStatus(200);
  const moved = before.map((one) => ({ ...one, session_id: name }));
  expect(body.toSorted(byId)).toEqual(moved.toSorted(byId));
  expect((await messages({ session_id: name })).toSorted(byId)).toEqual(moved.toSorted(byId));
  expect(await messages({ session_id: session })).toEqual([]);
  expect(await messages({ session_id: other.session })).toHaveLength(2);
});

const byId = (a: Message, b: Message) => a.id.localeCompare(b.id, 'en');

requirement('MSG-033', async () => {
  const [session, name] = [uniqueName('shared'), uniqueName('renamed')];
  await say({ session });
  await say({ session, as: 'bob' });
  await rename(session, name).expectStatus(200).expectJsonLength(4);
  expect(await messages({ session_id: name }, 'bob')).toHaveLength(2);
});

requirement('MSG-034', async () => {
  const { flow, session } = await say();
  const other = await say({ flow });
  await rename(session, other.session).expectStatus(200).expectJsonLength(2);
  expect(await messages({ session_id: other.session })).toHaveLength(4);
  await call('listSessions', { query: { flow_id: flow.id } })
    .expectStatus(200)
    .expectJson([other.session]);
});

requirement('MSG-035', async () => {
  const { session } = await say();
  await rename(uniqueName('nothing'), uniqueName('renamed')).expectStatus(404);
  await rename(session, uniqueName('renamed')).expectStatus(200);
});

requirement('MSG-036', async () => {
  const [session, name] = [`${uniqueName('100% ü')} ?&#`, `${uniqueName('ä +&')} %41`];
  await say({ session });
  await rename(session, name).expectStatus(200).expectJsonLength(2);
  const { body } = await call('listSessions').expectStatus(200);
  expect(body).toContain(name);
  expect(body).not.toContain(session);
});

const forget = (session: string) => call('deleteSession', { path: { session_id: session } }).expectStatus(204);

requirement('MSG-037', async () => {
  const session = uniqueName('shared');
  await say({ session });
  await say({ session, as: 'bob' });
  await forget(session);
  await expect.poll(() => messages({ session_id: session }, 'bob')).toEqual([]);
});

requirement('MSG-038', async () => {
  const { flow, session } = await say();
  const other = await say({ flow });
  await forget(session);
  await expect.poll(() => messages({ session_id: session })).toEqual([]);
  expect(await messages({ session_id: other.session })).toHaveLength(2);
  await call('listSessions', { query: { flow_id: flow.id } })
    .expectStatus(200)
    .expectJson([other.session]);
});

requirement('MSG-039', async () => {
  const { session } = await say();
  await forget(uniqueName('nothing'));
  expect(await messages({ session_id: session })).toHaveLength(2);
});

requirement('MSG-040', async () => {
  const { session } = await say();
  const before = await messages({ session_id: session });
  const { body } = await rename(session, session).expectStatus(200);
  expect(idsOf(body)).toEqual(idsOf(before));
  expect(await messages({ session_id: session })).toEqual(before);
});
