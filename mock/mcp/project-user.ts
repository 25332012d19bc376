import { HttpError } from '../errors.ts';
import type { Mock } from '../mock.ts';
import type { Call } from '../operation.ts';
import type { ProjectRow, UserRow } from '../store/tables.ts';

/**
 * The user of a request to a project's MCP server, by the project's settings: the owner of an API key, or the
 * superuser.
 *
 * @throws HttpError 404 for a project that does not exist or is not the key owner's; 401 without a valid key where the
 * project requires one
 */
export function projectUser(
  { params, apiKey, caller }: Call<'sendProjectMcpRequest'>,
  { store, settings }: Mock,
): UserRow {
  const project = store.projects.get(params.project_id);
  if (!project) throw new HttpError(404, NOT_FOUND);
  if (!asksForKey(project, settings.autoLogin)) return superuser(store, settings.username);
  if (!apiKey)
    throw new HttpError(401, 'API key required for this project. Provide x-api-key header or query parameter.');
  if (!caller) throw new HttpError(401, 'Invalid API key');
  if (project.user_id !== caller.id) throw new HttpError(404, NOT_FOUND);
  return caller;
}

export const NOT_FOUND = 'Project not found';

/** Whether the MCP server of a project requires an API key. */
export function asksForKey({ auth_settings }: ProjectRow, autoLogin: boolean): boolean {
  const isSet = auth_settings && Object.keys(auth_settings).length > 0;
  return isSet ? auth_settings['auth_type'] === 'apikey' : !autoLogin;
}

function superuser({ users }: Mock['store'], username: string): UserRow {
  const user = users.find({ username });
  if (!user) throw new HttpError(403, 'Invalid user');
  return user;
}
