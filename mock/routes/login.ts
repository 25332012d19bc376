import { authFacts } from '../auth/facts.ts';
import { NO_NULLS, verifyPassword } from '../auth/passwords.ts';
import { accessCookie, expiredCookies, issueTokens, storeKeyCookie, tokenCookies } from '../auth/session.ts';
import { signToken, verifyToken } from '../auth/tokens.ts';
import { isoNaive } from '../clock.ts';
import { HttpError } from '../errors.ts';
import type { Mock } from '../mock.ts';
import { type Handlers, respond } from '../operation.ts';
import { ensureDefaultProject } from '../store/default-project.ts';
import type { UserRow } from '../store/tables.ts';

const CHALLENGE = { 'WWW-Authenticate': 'Bearer' };
const YEAR = 365 * 24 * 3600;

export const loginRoutes = {
  login: async ({ body, fail }, mock) => {
    const user = mock.store.users.find({ username: body.username });
    if (user && !user.is_active)
      return user.last_login_at ? fail(401, 'Inactive user') : fail(400, 'Waiting for approval');
    // Here the real server handles the error.
    if (user && body.password.includes('\0')) return fail(500, NO_NULLS);
    if (!user || !verifyPassword(body.password, user.password))
      return fail(401, 'Incorrect username or password', CHALLENGE);
    const tokens = await issueTokens(mock, user.id);
    mock.store.unitOfWork(() => {
      noteLogin(mock, user);
      ensureDefaultProject(mock, user.id);
    });
    return respond(
      200,
      { json: tokens },
      { 'set-cookie': [...tokenCookies(mock, tokens), storeKeyCookie(user.store_api_key)] },
    );
  },

  autoLogin: async (_call, mock) => {
    const { settings, store } = mock;
    const { status, message } = authFacts(mock).autoLoginOff;
    if (!settings.autoLogin) throw new HttpError(status, { message, auto_login: false });
    const user = store.users.find({ username: settings.username }) ?? store.users.find({ is_superuser: true });
    if (!user) throw new HttpError(400, "Super user hasn't been created");
    const access_token = await signToken(mock, user.id, 'access', YEAR);
    const key = user.store_api_key ?? '';
    store.unitOfWork(() => {
      noteLogin(mock, user);
      store.users.update(user.id, { store_api_key: key });
    });
    const json = { access_token, refresh_token: null, token_type: 'bearer' as const };
    return respond(200, { json }, { 'set-cookie': [accessCookie(access_token), storeKeyCookie(key)] });
  },

  refreshToken: async ({ cookies, fail }, mock) => {
    const sent = cookies['refresh_token_lf'];
    if (!sent) return fail(401, 'Invalid refresh token', CHALLENGE);
    const claims = await verifyToken(mock, sent);
    const user = claims?.type === 'refresh' ? mock.store.users.get(claims.sub) : undefined;
    if (!user) return fail(401, 'Invalid refresh token');
    if (!user.is_active) return fail(401, 'User account is inactive');
    const tokens = await issueTokens(mock, user.id);
    return respond(200, { json: tokens }, { 'set-cookie': tokenCookies(mock, tokens) });
  },

  // The server revokes nothing: the tokens stay valid (LOGIN-052, LOGIN-053).
  logout: (_call, { clock }) =>
    respond(200, { json: { message: 'Logout successful' } }, { 'set-cookie': expiredCookies(clock.now()) }),
} satisfies Handlers;

function noteLogin({ store, clock }: Mock, user: UserRow): void {
  const now = isoNaive(clock.now());
  store.users.update(user.id, { last_login_at: now, updated_at: now });
}
