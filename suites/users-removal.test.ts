import { deleteUser, listedUser, logInWith, whoami } from './support/accounts.ts';
import {
  call,
  context,
  expect,
  given,
  makeCredential,
  type Person,
  people,
  raw,
  requirement,
} from './support/index.ts';

requirement('USERS-060', async () => {
  const user = await given.user();
  await expect.poll(() => listedUser(user.id)).toBeDefined();
  await deleteUser(user.id).expectStatus(200);
  await expect.poll(() => listedUser(user.id)).toBeUndefined();
  await logInWith(user.username, user.password).expectStatus(401);
});

requirement('USERS-061', async () => {
  const user = await given.user();
  const key = await given.apiKey({ as: user });
  const withKey = makeCredential('header', key.api_key, 'a key of the deleted user');
  await whoami(withKey).expectStatus(200);
  await deleteUser(user.id).expectStatus(200);
  await expect.poll(async () => (await whoami(user)).status).toBe(401);
  await expect.poll(async () => (await whoami(withKey)).status).toBe(403);
});

requirement('USERS-062', async () => {
  const user = await given.user();
  const flow = await given.flow({ as: user, access_type: 'PUBLIC' });
  const read = () => raw('GET', `/api/v1/flows/public_flow/${flow.id}`);
  await read().expectStatus(200);
  await deleteUser(user.id).expectStatus(200);
  await expect.poll(async () => (await read()).status).toBeGreaterThanOrEqual(400);
  await call('readFlow', { path: { flow_id: flow.id }, as: 'admin' }).expectStatus(404);
});

requirement('USERS-063', async () => {
  const user = await given.user();
  const [flow, project] = [await given.flow({ as: user }), await given.project({ as: user })];
  await deleteUser(user.id).expectStatus(200);
  await expect.poll(() => listedUser(user.id)).toBeUndefined();
  const heir: Person = await given.user({ username: user.username });
  expect(heir.id).not.toBe(user.id);
  await call('readFlow', { path: { flow_id: flow.id }, as: heir }).expectStatus(404);
  const projects = (await call('listProjects', { as: heir }).expectStatus(200)).body.map(
    (one: { id: string }) => one.id,
  );
  expect(projects).not.toContain(project.id);
});

requirement('USERS-064', async () => {
  await deleteUser(crypto.randomUUID()).expectStatus(404);
});

requirement('USERS-065', async () => {
  await deleteUser(context.admin.id).expectStatus(400);
  await whoami('admin').expectStatus(200);
});

requirement('USERS-066', async () => {
  await deleteUser(people.alice.id, 'alice').expectStatus(403);
  await deleteUser(people.bob?.id ?? crypto.randomUUID(), 'alice').expectStatus(403);
  await whoami('alice').expectStatus(200);
});
