import { requestToken } from '../auth/authenticate.ts';
import { authFacts } from '../auth/facts.ts';
import { hashPassword, verifyPassword } from '../auth/passwords.ts';
import { isoNaive, withoutZone } from '../clock.ts';
import { UnhandledError } from '../errors.ts';
import { viewOf } from '../json.ts';
import type { Mock } from '../mock.ts';
import { type Handlers, type RequestBody, respond } from '../operation.ts';
import { UniqueViolation } from '../store/collection.ts';
import { ensureDefaultProject } from '../store/default-project.ts';
import type { UserRow } from '../store/tables.ts';

/** One more than SQLite's largest integer. */
const LARGEST_INTEGER = 2 ** 63;

const toWireUser = viewOf(({ password, ...user }: UserRow) => user);

export const userRoutes = {
  createUser: ({ body, fail }, mock) => {
    const row = newUser(mock, body);
    if (mock.store.users.find({ username: body.username })) return fail(400, 'This username is unavailable.');
    const user = mock.store.users.insert(row);
    ensureDefaultProject(mock, user.id);
    return toWireUser(user);
  },

  listUsers: ({ query: { skip = 0, limit = 10 } }, { store }) => {
    if (Math.max(skip, limit) >= LARGEST_INTEGER)
      throw new UnhandledError('Python int too large to convert to SQLite INTEGER');
    const users = store.users.all();
    const from = Math.max(skip, 0);
    // A negative LIMIT means none, as in SQLite (USERS-017).
    return {
      total_count: users.length,
      users: users.slice(from, limit < 0 ? undefined : from + limit).map(toWireUser),
    };
  },

  readCurrentUser: ({ user }) => toWireUser(user),

  updateUser: ({ params, body, user, fail }, mock) => {
    const { store, clock } = mock;
    if (params.user_id === user.id && body.is_active === false && !authFacts(mock).selfDeactivation)
      return fail(403, "You can't deactivate your own user account");
    if (!user.is_superuser && (body.is_superuser || params.user_id !== user.id)) return fail(403, 'Permission denied');
    if (!user.is_superuser && body.password) return fail(400, "You can't change your password here");
    if (!store.users.get(params.user_id)) return fail(404, 'User not found');
    const now = isoNaive(clock.now());
    try {
      const changed = toWireUser(store.users.update(params.user_id, { ...changesOf(body), updated_at: now }));
      // The response to the request that sets a time has its zone; later responses have not (USERS-067).
      return { ...changed, last_login_at: body.last_login_at ?? changed.last_login_at, updated_at: `${now}Z` };
    } catch (error) {
      if (error instanceof UniqueViolation)
        return fail(400, '(sqlite3.IntegrityError) UNIQUE constraint failed: user.username');
      throw error;
    }
  },

  resetPassword: ({ params, body, user, headers, fail }, mock) => {
    const { resetPasswordOther, resetPasswordMissing } = authFacts(mock);
    if (params.user_id !== user.id) return fail(resetPasswordOther as 400, "You can't change another user's password");
    if (requestToken(mock, 'resetPassword', headers) === undefined)
      return respond(500, { json: { message: "'UserRead' object has no attribute 'password'" } });
    if (typeof body.password !== 'string')
      return respond(resetPasswordMissing.status, { json: resetPasswordMissing.body });
    const password = hashPassword(body.password);
    if (verifyPassword(body.password, user.password)) return fail(400, "You can't use your current password");
    return toWireUser(mock.store.users.update(user.id, { password }));
  },

  deleteUser: ({ params, user, fail }, { store }) => {
    if (params.user_id === user.id) return fail(400, "You can't delete your own user account");
    if (!store.delete('users', params.user_id)) return fail(404, 'User not found');
    return { detail: 'User deleted' };
  },
} satisfies Handlers;

function newUser({ clock, settings }: Mock, { username, password, optins }: RequestBody<'createUser'>): UserRow {
  const now = isoNaive(clock.now());
  return {
    id: clock.uuid(),
    username,
    password: hashPassword(password),
    profile_image: null,
    store_api_key: null,
    is_active: settings.newUserIsActive,
    is_superuser: false,
    create_at: now,
    updated_at: now,
    last_login_at: null,
    optins: optins ?? null,
  };
}

/** Null, absent fields and an empty password change nothing. */
function changesOf(body: RequestBody<'updateUser'>): Partial<UserRow> {
  const { username, profile_image, password, is_active, is_superuser, last_login_at, optins } = body;
  const changes = {
    username,
    profile_image,
    password: password ? hashPassword(password) : null,
    is_active,
    is_superuser,
    last_login_at: last_login_at ? withoutZone(last_login_at) : null,
    optins,
  };
  return Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== null && value !== undefined),
  ) as Partial<UserRow>;
}
