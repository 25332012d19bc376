import type { BodyOf, QueryOf, Schema } from '../../spec/operations.ts';
import { call, type Malformed } from './call.ts';
import type { As } from './credentials.ts';
import { removeLater, uniqueName } from './given.ts';

/** Helpers for the tests of users. */

export type User = Schema<'User'>;

export const newName = (): string => uniqueName('user').replaceAll(' ', '-');
export const newPassword = (): string => `Pass-${crypto.randomUUID()}`;

export const whoami = (as: As) => call('readCurrentUser', { as });
export const logInWith = (username: string, password = '') => call('login', { form: { username, password } });
export const changeUser = (user: { id: string }, body: BodyOf<'updateUser'> | Malformed, as: As) =>
  call('updateUser', { path: { user_id: user.id }, body, as });
export const deleteUser = (id: string, as: As = 'admin') => call('deleteUser', { path: { user_id: id }, as });
export const pageOfUsers = (query: QueryOf<'listUsers'>, as: As = 'admin') => call('listUsers', { query, as });

export const readSelf = async (as: As): Promise<User> => (await whoami(as).expectStatus(200)).body;

/** Creates a user with the given body; it is removed at the end. */
export async function createUser(body: BodyOf<'createUser'> | Malformed): Promise<User> {
  const response = await call('createUser', { body, as: 'admin' }).expectStatus(201);
  await removeLater('user', `/api/v1/users/${response.body.id}`, 'admin');
  return response.body;
}

/** All users; other tests may create some meanwhile. */
export async function allUsers(): Promise<User[]> {
  const { body } = await pageOfUsers({ limit: 1 }).expectStatus(200);
  return (await pageOfUsers({ limit: body.total_count + 50 }).expectStatus(200)).body.users;
}

export const listedUser = async (id: string): Promise<User | undefined> =>
  (await allUsers()).find((user) => user.id === id);
