import type { BodyOf, Schema } from '../spec/operations.ts';
import { cookiesSet, type SetCookie } from './support/cookies.ts';
import {
  type ApiResponse,
  call,
  context,
  expect,
  given,
  makeCredential,
  malformed,
  type Person,
  people,
  raw,
  requirement,
  tokenOf,
} from './support/index.ts';
import { claimsOf } from './support/tokens.ts';

/** The user of the run whose password is known: alice, or the deployment's own user. */
const who = (): Person => (people.alice.password ? people.alice : context.admin);
const credentials = (person: Person = who()) => ({ username: person.username, password: person.password ?? '' });
const logIn = (form = credentials()) => Promise.resolve(call('login', { form }).expectStatus(200));
const refresh = (token?: string, headers = {}) =>
  call('refreshToken', {
    headers: { ...(token !== undefined && { cookie: `refresh_token_lf=${token}` }), ...headers },
  });
const whoami = (token: string) => call('readCurrentUser', { as: makeCredential('bearer', token, 'the token it gave') });
const change = (user: Person, body: BodyOf<'updateUser'>) =>
  call('updateUser', { path: { user_id: user.id }, body, as: 'admin' }).expectStatus(200);

/** Seconds until a cookie expires. */
const lifetimeOf = ({ attributes }: SetCookie): number => (Date.parse(attributes['expires'] ?? '') - Date.now()) / 1000;

function expectTokenCookies(response: ApiResponse<Schema<'Token'>>): void {
  const { access_token_lf: access, refresh_token_lf: refreshing } = cookiesSet(response);
  expect(access?.value).toBe(response.body.access_token);
  expect(access?.attributes).toMatchObject({ path: '/', samesite: 'lax' });
  expect(refreshing?.value).toBe(response.body.refresh_token);
  expect(refreshing?.attributes).toMatchObject({ path: '/', samesite: 'none', httponly: '', secure: '' });
}

requirement('LOGIN-001', async () => {
  const { body } = await logIn();
  await whoami(body.access_token).expectStatus(200).expectJsonLike({ username: who().username });
});

requirement('LOGIN-002', async () => {
  await call('login', { form: { ...credentials(), password: 'not the password' } }).expectStatus(401);
  await logIn();
});

requirement('LOGIN-003', async () => {
  const wrong = await call('login', { form: { ...credentials(), password: 'not the password' } }).expectStatus(401);
  const unknown = await call('login', {
    form: { username: `nobody-${context.runId}`, password: 'not the password' },
  }).expectStatus(401);
  expect(unknown.body).toEqual(wrong.body);
});

requirement('LOGIN-004', async () => {
  await call('login', { form: { ...credentials(), password: 'not the password' } })
    .expectStatus(401)
    .expectHeader('www-authenticate', 'Bearer');
});

requirement('LOGIN-005', async () => {
  const user = await given.user({ active: false });
  await call('login', { form: credentials(user) }).expectStatus(400);
  await call('login', { form: { ...credentials(user), password: 'not the password' } }).expectStatus(400);
  await change(user, { is_active: true });
  await logIn(credentials(user));
});

requirement('LOGIN-006', async () => {
  const user = await given.user();
  await tokenOf(user);
  await change(user, { is_active: false });
  await call('login', { form: credentials(user) }).expectStatus(401);
  await change(user, { is_active: true });
  await logIn(credentials(user));
});

requirement('LOGIN-007', async () => {
  const { body } = await logIn();
  expect(claimsOf(body.access_token)).toEqual({ sub: who().id, type: 'access', exp: expect.any(Number) });
});

requirement('LOGIN-008', async () => {
  const { body } = await logIn();
  expect(claimsOf(body.refresh_token)).toEqual({ sub: who().id, type: 'refresh', exp: expect.any(Number) });
});

requirement('LOGIN-009', async () => {
  const response = await logIn();
  const cookie = cookiesSet(response)['access_token_lf'];
  expect(cookie?.value).toBe(response.body.access_token);
  expect(cookie?.attributes).toMatchObject({ path: '/', samesite: 'lax' });
});

requirement('LOGIN-010', async () => {
  const response = await logIn();
  const cookie = cookiesSet(response)['refresh_token_lf'];
  expect(cookie?.value).toBe(response.body.refresh_token);
  expect(cookie?.attributes).toMatchObject({ path: '/', samesite: 'none', httponly: '', secure: '' });
});

requirement('LOGIN-011', async () => {
  const cookie = cookiesSet(await logIn())['apikey_tkn_lflw'];
  expect(cookie?.attributes).toEqual({ path: '/', samesite: 'lax' });
});

requirement('LOGIN-012', async () => {
  const response = await logIn();
  const cookies = cookiesSet(response);
  for (const name of ['access_token', 'refresh_token'] as const) {
    const expires = Date.parse(cookies[`${name}_lf`]?.attributes['expires'] ?? '') / 1000;
    expect(
      Math.abs(expires - claimsOf(response.body[name]).exp),
      `${name}_lf and the exp of its token`,
    ).toBeLessThanOrEqual(2);
  }
});

requirement('LOGIN-013', async () => {
  const user = await given.user();
  const before = (await whoami((await tokenOf(user)) as string).expectStatus(200)).body.last_login_at;
  const { body } = await logIn(credentials(user));
  const lastLogin = async () => (await whoami(body.access_token).expectStatus(200)).body.last_login_at ?? '';
  await expect.poll(async () => (await lastLogin()) > (before ?? '')).toBe(true);
});

requirement('LOGIN-014', async () => {
  const { body } = await call('login', { multipart: credentials() }).expectStatus(200);
  await whoami(body.access_token).expectStatus(200);
});

requirement('LOGIN-015', async () => {
  const missing = {
    detail: [
      { type: 'missing', loc: ['body', 'username'] },
      { type: 'missing', loc: ['body', 'password'] },
    ],
  };
  await call('login', { body: malformed(credentials()) })
    .expectStatus(422)
    .expectJsonLike(missing);
  await call('login', { query: credentials(), form: {} }).expectStatus(422).expectJsonLike(missing);
});

requirement('LOGIN-016', async () => {
  await call('login', { form: { ...credentials(), password: '' } })
    .expectStatus(422)
    .expectJsonLike({ detail: [{ type: 'missing', loc: ['body', 'password'] }] });
});

requirement('LOGIN-017', async () => {
  await call('login', { form: { ...credentials(), grant_type: 'refresh_token' } })
    .expectStatus(422)
    .expectJsonLike({ detail: [{ loc: ['body', 'grant_type'] }] });
  await call('login', { form: { ...credentials(), grant_type: 'password' } }).expectStatus(200);
});

requirement('LOGIN-018', async () => {
  const user = await given.user({ username: `Case-${crypto.randomUUID()}` });
  await call('login', { form: { ...credentials(user), username: user.username.toUpperCase() } }).expectStatus(401);
  await logIn(credentials(user));
});

requirement('LOGIN-019', async () => {
  const user = await given.user();
  const projects = await call('listProjects', { as: user }).expectStatus(200);
  expect(projects.body.length).toBeGreaterThanOrEqual(1);
});

requirement('LOGIN-020', async () => {
  const { body } = await logIn();
  expect(Math.abs(claimsOf(body.access_token).exp - Date.now() / 1000 - 3600)).toBeLessThan(60);
});

requirement('LOGIN-021', async () => {
  const first = await logIn();
  const second = await logIn();
  await whoami(first.body.access_token).expectStatus(200);
  await whoami(second.body.access_token).expectStatus(200);
});

requirement('LOGIN-022', async () => {
  await call('login', { form: { ...credentials(), password: 'not the password' } }).expectJson({
    detail: 'Incorrect username or password',
  });
  const user = await given.user({ active: false });
  await call('login', { form: credentials(user) }).expectJson({ detail: 'Waiting for approval' });
});

requirement('LOGIN-030', async () => {
  await call('autoLogin')
    .expectStatus(400)
    .expectJsonLike({ detail: { auto_login: false } });
});

requirement('LOGIN-035', async () => {
  await call('autoLogin')
    .expectStatus(403)
    .expectJsonLike({ detail: { auto_login: false } });
});

requirement('LOGIN-031', async () => {
  const response = await call('autoLogin');
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.body).not.toHaveProperty('access_token');
  expect(response.headers).not.toHaveProperty('set-cookie');
});

requirement('LOGIN-032', async () => {
  const { body } = await call('autoLogin').expectStatus(200);
  await whoami(body.access_token).expectStatus(200).expectJsonLike({ is_superuser: true });
});

requirement('LOGIN-033', async () => {
  const response = await call('autoLogin').expectStatus(200).expectJsonLike({ refresh_token: null });
  expect(cookiesSet(response)).not.toHaveProperty('refresh_token_lf');
});

requirement('LOGIN-034', async () => {
  const response = await call('autoLogin').expectStatus(200);
  const cookie = cookiesSet(response)['access_token_lf'];
  expect(cookie?.value).toBe(response.body.access_token);
  expect(cookie?.attributes).not.toHaveProperty('expires');
});

requirement('LOGIN-036', async () => {
  const { body } = await call('autoLogin').expectStatus(200);
  const headers = { authorization: `Bearer ${body.access_token}` };
  const { body: projects } = await raw<{ name: string }[]>('GET', '/api/v1/projects/', { headers }).expectStatus(200);
  expect(projects.map(({ name }) => name)).toContain('Starter Project');
});

requirement('LOGIN-040', async () => {
  const { body } = await logIn();
  const renewed = await refresh(body.refresh_token).expectStatus(200);
  await whoami(renewed.body.access_token).expectStatus(200).expectJsonLike({ id: who().id });
});

requirement('LOGIN-041', async () => {
  await refresh().expectStatus(401);
});

requirement('LOGIN-042', async () => {
  await refresh('not-a-token').expectStatus(401);
});

requirement('LOGIN-043', async () => {
  const { body } = await logIn();
  await refresh(body.access_token).expectStatus(401);
  await refresh(body.refresh_token).expectStatus(200);
});

requirement('LOGIN-044', async () => {
  const { body } = await logIn();
  await refresh(undefined, { authorization: `Bearer ${body.refresh_token}` }).expectStatus(401);
});

requirement('LOGIN-045', async () => {
  const { body } = await logIn();
  const renewed = await refresh(body.refresh_token).expectStatus(200);
  expectTokenCookies(renewed);
  expect(lifetimeOf(cookiesSet(renewed)['access_token_lf'] as SetCookie)).toBeGreaterThan(0);
});

requirement('LOGIN-046', async () => {
  const user = await given.user();
  const { body } = await logIn(credentials(user));
  await refresh(body.refresh_token).expectStatus(200);
  await change(user, { is_active: false });
  await expect.poll(async () => (await refresh(body.refresh_token)).status).toBe(401);
});

requirement('LOGIN-047', async () => {
  const user = await given.user();
  const { body } = await logIn(credentials(user));
  await refresh(body.refresh_token).expectStatus(200);
  await call('deleteUser', { path: { user_id: user.id }, as: 'admin' }).expectStatus(200);
  await expect.poll(async () => (await refresh(body.refresh_token)).status).toBe(401);
});

requirement('LOGIN-048', async () => {
  const { body } = await logIn();
  await refresh(body.refresh_token).expectStatus(200);
  await refresh(body.refresh_token).expectStatus(200);
});

requirement('LOGIN-050', async () => {
  await call('logout', { as: null }).expectStatus(200);
  await call('logout', { as: who() }).expectStatus(200);
  await raw('POST', '/api/v1/logout', { as: makeCredential('bearer', 'not-a-token', 'bad bearer') }).expectStatus(200);
});

requirement('LOGIN-051', async () => {
  const cookies = cookiesSet(await call('logout').expectStatus(200));
  const gone = (attributes: object) => ({
    value: '',
    attributes: expect.objectContaining({ 'max-age': '0', path: '/', ...attributes }),
  });
  expect(cookies).toMatchObject({
    refresh_token_lf: gone({ samesite: 'none', httponly: '', secure: '' }),
    access_token_lf: gone({ samesite: 'lax' }),
    apikey_tkn_lflw: gone({ samesite: 'lax' }),
  });
});

requirement('LOGIN-052', async () => {
  const { body } = await logIn();
  await call('logout', { as: makeCredential('bearer', body.access_token, 'the token it gave') }).expectStatus(200);
  await whoami(body.access_token).expectStatus(200);
});

requirement('LOGIN-053', async () => {
  const { body } = await logIn();
  await call('logout', { headers: { cookie: `refresh_token_lf=${body.refresh_token}` } }).expectStatus(200);
  await refresh(body.refresh_token).expectStatus(200);
});
