import {
  allUsers,
  changeUser,
  createUser,
  listedUser,
  logInWith,
  newName,
  newPassword,
  pageOfUsers,
  readSelf,
  type User,
  whoami,
} from './support/accounts.ts';
import { call, context, expect, given, malformed, people, removeLater, requirement } from './support/index.ts';

requirement('USERS-001', async () => {
  const name = newName();
  const user = await createUser({ username: name, password: newPassword() });
  expect(user).toMatchObject({
    username: name,
    is_superuser: false,
    last_login_at: null,
    profile_image: null,
    store_api_key: null,
  });
});

requirement('USERS-002', async () => {
  const secret = newPassword();
  const name = newName();
  const made = await call('createUser', { body: { username: name, password: secret }, as: 'admin' }).expectStatus(201);
  await removeLater('user', `/api/v1/users/${made.body.id}`, 'admin');
  const activated = await changeUser(made.body, { is_active: true }, 'admin').expectStatus(200);
  const list = await pageOfUsers({ limit: 1000 }).expectStatus(200);
  for (const response of [made, activated, list]) {
    expect(response.text).not.toContain(secret);
    expect(response.text).not.toContain('"password"');
  }
});

requirement('USERS-003', async () => {
  await call('createUser', {
    body: { username: people.alice.username, password: newPassword() },
    as: 'admin',
  }).expectStatus(400);
});

requirement('USERS-004', async () => {
  const name = newName();
  await call('createUser', { body: { username: name, password: newPassword() }, as: 'alice' }).expectStatus(403);
  if (context.admin.superuser) expect((await allUsers()).map((user) => user.username)).not.toContain(name);
});

requirement('USERS-005', async () => {
  const id = crypto.randomUUID();
  const plain = await createUser({ username: newName(), password: newPassword() });
  const user = await createUser(
    malformed({ username: newName(), password: newPassword(), id, is_active: !plain.is_active, is_superuser: true }),
  );
  expect(user.id).not.toBe(id);
  expect(user).toMatchObject({ is_superuser: false, is_active: plain.is_active });
});

requirement('USERS-006', async () => {
  const plain = await createUser({ username: newName(), password: newPassword() });
  expect(plain.optins).toEqual({ github_starred: false, dialog_dismissed: false, discord_clicked: false });
  const user = await createUser({ username: newName(), password: newPassword(), optins: { github_starred: true } });
  expect(user.optins).toEqual({ github_starred: true });
});

requirement('USERS-007', async () => {
  const user = await given.user();
  const projects = (await call('listProjects', { as: user }).expectStatus(200)).body;
  expect(projects.length).toBeGreaterThanOrEqual(1);
  const others = (await call('listProjects', { as: 'alice' }).expectStatus(200)).body.map(
    (project: { id: string }) => project.id,
  );
  for (const project of projects) expect(others).not.toContain(project.id);
});

requirement('USERS-008', async () => {
  const body = { username: newName(), password: newPassword() };
  const user = await createUser(body);
  await changeUser(user, { is_active: true }, 'admin').expectStatus(200);
  await expect.poll(async () => (await logInWith(body.username, body.password)).status).toBe(200);
});

requirement('USERS-009', async () => {
  const body = { username: people.alice.username, password: newPassword() };
  await call('createUser', { body, as: 'admin' }).expectJson({ detail: 'This username is unavailable.' });
});

requirement('USERS-010', async () => {
  const { id } = await createUser({ username: newName(), password: newPassword() });
  await expect.poll(() => listedUser(id)).toBeDefined();
  const { body } = await pageOfUsers({ limit: 1 }).expectStatus(200);
  expect(body.total_count).toBeGreaterThanOrEqual(2);
});

requirement('USERS-011', async () => {
  // The count and the page are read separately: a user created or deleted between them is in one of them only.
  await expect
    .poll(async () => {
      const { total_count: total, users } = (await pageOfUsers({}).expectStatus(200)).body;
      expect(users.length).toBeLessThanOrEqual(10);
      return users.length - Math.min(10, total);
    })
    .toBe(0);
});

requirement('USERS-012', async () => {
  const one = (await pageOfUsers({ limit: 1 }).expectStatus(200)).body;
  expect(one.users).toHaveLength(1);
  expect(one.total_count).toBeGreaterThanOrEqual(1);
  const none = (await pageOfUsers({ limit: 0 }).expectStatus(200)).body;
  expect(none.users).toEqual([]);
  expect(none.total_count).toBeGreaterThanOrEqual(1);
});

requirement('USERS-013', async () => {
  const ids = async (skip: number): Promise<string[]> =>
    (await pageOfUsers({ skip, limit: 1 }).expectStatus(200)).body.users.map((user: User) => user.id);
  const [first, second] = [await ids(0), await ids(1)];
  expect(first).toHaveLength(1);
  expect(second).toHaveLength(1);
  expect(second).not.toEqual(first);
});

requirement('USERS-014', async () => {
  await pageOfUsers({ skip: 1_000_000 }).expectStatus(200).expectJsonLike({ users: [] });
  expect((await pageOfUsers({ skip: 1_000_000 })).body.users).toEqual([]);
});

requirement('USERS-015', async () => {
  const made = [
    await createUser({ username: newName(), password: newPassword() }),
    await createUser({ username: newName(), password: newPassword() }),
  ].map(({ id }) => id);
  await expect.poll(async () => (await allUsers()).map(({ id }) => id).filter((id) => made.includes(id))).toEqual(made);
});

requirement('USERS-016', async () => {
  await pageOfUsers({}, 'alice').expectStatus(403);
});

requirement('USERS-017', async () => {
  // They are listed, then counted: another test may create one between.
  const missing = async () => {
    const { total_count: total, users } = (await pageOfUsers({ limit: -1 }).expectStatus(200)).body;
    return total - users.length;
  };
  await expect.poll(missing).toBe(0);
});

requirement('USERS-020', async () => {
  for (const via of ['bearer', 'header', 'query'] as const) {
    await call('readCurrentUser', { as: 'alice', via })
      .expectStatus(200)
      .expectJsonLike({ id: people.alice.id, username: people.alice.username });
  }
  await whoami('bob').expectStatus(200).expectJsonLike({ username: people.bob?.username });
});

requirement('USERS-021', async () => {
  const user = await given.user();
  const mine = await readSelf(user);
  await expect.poll(() => listedUser(user.id)).toEqual(mine);
});

requirement('USERS-030', async () => {
  const user = await given.user();
  const wanted = {
    username: newName(),
    profile_image: 'Space/046-rocket.svg',
    optins: { github_starred: true, dialog_dismissed: true },
  };
  expect((await changeUser(user, wanted, user).expectStatus(200)).body).toMatchObject(wanted);
  await expect.poll(() => readSelf(user)).toMatchObject(wanted);
});

requirement('USERS-031', async () => {
  const user = await given.user();
  const name = newName();
  await changeUser(user, { username: name }, user).expectStatus(200);
  await expect.poll(async () => (await logInWith(name, user.password)).status).toBe(200);
  await logInWith(user.username, user.password).expectStatus(401);
});

requirement('USERS-032', async () => {
  const user = await given.user();
  const { updated_at: _before, ...before } = await readSelf(user);
  await changeUser(user, { username: null, profile_image: null, optins: null, is_active: null }, user).expectStatus(
    200,
  );
  await changeUser(user, { profile_image: 'Space/046-rocket.svg' }, user).expectStatus(200);
  await expect.poll(() => readSelf(user)).toMatchObject({ ...before, profile_image: 'Space/046-rocket.svg' });
});

requirement('USERS-033', async () => {
  const user = await given.user();
  const { updated_at: before } = await readSelf(user);
  await changeUser(user, { profile_image: 'Space/046-rocket.svg' }, user).expectStatus(200);
  await expect.poll(async () => (await readSelf(user)).updated_at > before).toBe(true);
});

requirement('USERS-034', async () => {
  await changeUser({ id: people.bob?.id ?? crypto.randomUUID() }, { profile_image: 'x' }, 'alice').expectStatus(403);
  await changeUser({ id: crypto.randomUUID() }, { profile_image: 'x' }, 'alice').expectStatus(403);
});

requirement('USERS-035', async () => {
  await changeUser(people.alice, { is_superuser: true }, 'alice').expectStatus(403);
  expect((await readSelf('alice')).is_superuser).toBe(false);
});

requirement('USERS-036', async () => {
  const user = await given.user();
  await changeUser(user, { password: newPassword() }, user).expectStatus(400);
  await logInWith(user.username, user.password).expectStatus(200);
});

requirement('USERS-037', async () => {
  const user = await given.user();
  const fresh = newPassword();
  await changeUser(user, { password: fresh }, 'admin').expectStatus(200);
  await expect.poll(async () => (await logInWith(user.username, fresh)).status).toBe(200);
  await logInWith(user.username, user.password).expectStatus(401);
});

requirement('USERS-038', async () => {
  await changeUser({ id: crypto.randomUUID() }, { profile_image: 'x' }, 'admin').expectStatus(404);
});

requirement('USERS-039', async () => {
  const user = await given.user();
  await changeUser(user, { username: context.admin.username }, user).expectStatus(400);
  expect((await readSelf(user)).username).toBe(user.username);
});

requirement('USERS-067', async () => {
  const user = await given.user();
  // Logs in, which sets the time too.
  await readSelf(user);
  const zones = { '2020-01-02T03:04:05': '', '2020-01-02T03:04:05Z': 'Z', '2020-01-02T03:04:05.5+02:00': '+02:00' };
  for (const [last_login_at, zone] of Object.entries(zones)) {
    const kept = last_login_at.includes('.') ? '2020-01-02T03:04:05.500000' : '2020-01-02T03:04:05';
    // JSON Schema's date-time needs a time zone.
    const response = await call('updateUser', {
      path: { user_id: user.id },
      body: { last_login_at },
      as: 'admin',
      valid: false,
    }).expectStatus(200);
    expect(response.body.last_login_at).toBe(kept + zone);
    expect((await readSelf(user)).last_login_at, last_login_at).toBe(kept);
  }
});

requirement('USERS-040', async () => {
  const user = await given.user();
  await pageOfUsers({ limit: 1 }, user).expectStatus(403);
  await changeUser(user, { is_superuser: true }, 'admin').expectStatus(200).expectJsonLike({ is_superuser: true });
  await expect.poll(async () => (await pageOfUsers({ limit: 1 }, user)).status).toBe(200);
});

requirement('USERS-041', async () => {
  const user = await given.user();
  await changeUser(user, { is_active: false }, user).expectStatus(200).expectJsonLike({ is_active: false });
  await expect.poll(async () => (await whoami(user)).status).toBe(401);
});

requirement('USERS-042', async () => {
  const user = await given.user();
  await changeUser(user, { is_active: false }, user).expectStatus(403);
  await whoami(user).expectStatus(200);
});
