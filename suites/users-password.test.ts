import { logInWith, newName, newPassword, readSelf, whoami } from './support/accounts.ts';
import { type As, call, expect, given, makeCredential, people, requirement } from './support/index.ts';

const reset = (id: string, body: object, as: As) => call('resetPassword', { path: { user_id: id }, body, as });

requirement('USERS-050', async () => {
  const user = await given.user();
  const fresh = newPassword();
  await reset(user.id, { password: fresh }, user)
    .expectStatus(200)
    .expectJsonLike({ id: user.id, username: user.username });
  await expect.poll(async () => (await logInWith(user.username, fresh)).status).toBe(200);
  await logInWith(user.username, user.password).expectStatus(401);
});

requirement('USERS-051', async () => {
  const user = await given.user();
  await reset(user.id, { password: user.password }, user).expectStatus(400);
  await reset(user.id, { password: newPassword() }, user).expectStatus(200);
});

async function refusesForOthers(status: number): Promise<void> {
  const user = await given.user();
  await reset(user.id, { password: newPassword() }, 'alice').expectStatus(status);
  await reset(user.id, { password: newPassword() }, 'admin').expectStatus(status);
  await logInWith(user.username, user.password).expectStatus(200);
}

requirement('USERS-052', () => refusesForOthers(400));
requirement('USERS-056', () => refusesForOthers(404));

requirement('USERS-053', async () => {
  const user = await given.user();
  await reset(user.id, { password: newPassword() }, user).expectStatus(200);
  await whoami(user).expectStatus(200);
});

requirement('USERS-054', async () => {
  const user = await given.user();
  await reset(
    user.id,
    { password: newPassword(), username: newName(), is_superuser: true, profile_image: 'x' },
    user,
  ).expectStatus(200);
  expect(await readSelf(user)).toMatchObject({ username: user.username, is_superuser: false, profile_image: null });
});

requirement('USERS-055', async () => {
  await reset(people.alice.id, {}, 'alice').expectStatus(500);
});

requirement('USERS-057', async () => {
  await reset(people.alice.id, {}, 'alice').expectStatus(400);
});

requirement('USERS-058', async () => {
  const { api_key } = await given.apiKey();
  await reset(
    people.alice.id,
    { password: newPassword() },
    makeCredential('header', api_key, 'the right key'),
  ).expectStatus(500);
});
