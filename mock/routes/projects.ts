import { newApiKey } from '../auth/new-api-key.ts';
import { freeProjectName } from '../flows/names.ts';
import { pageFrom, paramsError } from '../flows/page.ts';
import { toExportedFlow, toWireFlow } from '../flows/rows.ts';
import { viewOf } from '../json.ts';
import { encryptSettings } from '../mcp/auth-settings.ts';
import { serverUrls } from '../mcp/connection.ts';
import { mcpServerName } from '../mcp/names.ts';
import { addProjectServer, refuseTakenName, removeProjectServer, renameProjectServer } from '../mcp/servers.ts';
import type { Mock } from '../mock.ts';
import { type Call, type Handlers, type RequestBody, respond } from '../operation.ts';
import { UniqueViolation } from '../store/collection.ts';
import { DEFAULT_PROJECT } from '../store/default-project.ts';
import type { FlowRow, ProjectRow, UserRow } from '../store/tables.ts';

/** Names of projects that the server creates. The first is not listed, the second can't be deleted. */
const EXAMPLES_PROJECT = 'Starter Projects';
const ASSISTANT_PROJECT = 'Langflow Assistant';

const toWireProject = viewOf(({ user_id, ...project }: ProjectRow) => project);

export const projectRoutes = {
  // By name, in the order of the database's index, the default project first (PROJECTS-003).
  listProjects: ({ user }, { store }) => {
    const projects = store.projects.all({ user_id: user.id }).filter(({ name }) => name !== EXAMPLES_PROJECT);
    const rank = ({ name }: ProjectRow) => (name === DEFAULT_PROJECT ? '' : `\u{1}${name}`);
    return projects.sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).map(toWireProject);
  },

  createProject: (call, mock) => {
    const { body, user } = call;
    const projects = mock.store.projects.all({ user_id: user.id });
    const name = freeProjectName(body.name, new Set(projects.map((project) => project.name)));
    const id = mock.clock.uuid();
    refuseTakenName(mock, user, { id, name }, 'create', call.fail);
    const project = mock.store.projects.insert(newProject(mock, user, { ...body, id, name }));
    const key = !isEmpty(body.auth_settings) || mock.settings.autoLogin ? undefined : addServerKey(mock, project, user);
    addProjectServer(mock, user, project, serverUrls(id, call.headers), key);
    for (const flow of [...(body.components_list ?? []), ...(body.flows_list ?? [])]) {
      if (mock.store.flows.find({ id: flow, user_id: user.id })) mock.store.flows.update(flow, { folder_id: id });
    }
    return toWireProject(project);
  },

  readProject: ({ params, query, user, fail }, { store }) => {
    const error = paramsError(query.page, query.size);
    if (error) return respond(500, { json: { message: error } });
    const project = store.projects.find({ id: params.project_id, user_id: user.id });
    if (!project) return fail(404, 'Project not found');
    const flows = store.flows.all({ folder_id: project.id, user_id: user.id });
    // A page needs both parameters (PROJECTS-015).
    if (query.page === undefined || query.size === undefined)
      return { ...toWireProject(project), flows: flows.map(toWireFlow) };
    const found = newestFirst(flows.filter((flow) => matchesQuery(flow, query)));
    const [page, size] = [query.page || 1, query.size || 50];
    return {
      folder: toWireProject(project),
      flows: pageFrom(found.slice((page - 1) * size, page * size), found.length, { page, size }, toExportedFlow),
    };
  },

  updateProject: (call, mock) => {
    const { params, body, user, fail } = call;
    const project = mock.store.projects.find({ id: params.project_id, user_id: user.id });
    if (!project) return fail(404, 'Project not found');
    try {
      return toWireProject(
        mock.store.projects.update(project.id, {
          ...nameChanges(call, mock, project),
          ...otherChanges(mock, project, body),
        }),
      );
    } catch (error) {
      if (error instanceof UniqueViolation)
        return fail(500, '(sqlite3.IntegrityError) UNIQUE constraint failed: folder.user_id, folder.name');
      throw error;
    }
  },

  // Its flows and the records of their runs are deleted too (PROJECTS-029).
  deleteProject: ({ params, user, fail }, mock) => {
    const { store } = mock;
    const project = store.projects.find({ id: params.project_id, user_id: user.id });
    if (!project) return fail(404, 'Project not found');
    if (project.name === ASSISTANT_PROJECT)
      return fail(403, `Cannot delete the '${ASSISTANT_PROJECT}' folder, that contains pre-built flows.`);
    removeProjectServer(mock, user, project);
    store.delete('projects', project.id);
    return respond(204);
  },
} satisfies Handlers;

const isEmpty = (settings: object | null | undefined): boolean => !settings || Object.keys(settings).length === 0;

/** The row of a new project. */
export function newProject(
  { settings }: Mock,
  user: UserRow,
  project: Partial<RequestBody<'createProject'>> & { id: string; name: string },
): ProjectRow {
  const { id, name, description = null, auth_settings } = project;
  const auth = isEmpty(auth_settings) && !settings.autoLogin ? { auth_type: 'apikey' } : (auth_settings ?? null);
  return { name, description, auth_settings: auth, id, parent_id: null, user_id: user.id };
}

/** Creates the API key of the project's own MCP server (PROJECTS-010). */
function addServerKey({ store, clock }: Mock, project: ProjectRow, user: UserRow): string {
  const row = newApiKey(clock, user, `MCP Project ${project.name} - default`);
  return store.apiKeys.insert(row).api_key;
}

/** Compares times as texts, as SQLite does. The flows are almost in this order, so sorting is quick. */
function newestFirst(flows: FlowRow[]): FlowRow[] {
  const time = ({ updated_at }: FlowRow) => updated_at ?? '';
  return flows.reverse().sort((a, b) => (time(a) === time(b) ? 0 : time(a) < time(b) ? 1 : -1));
}

function matchesQuery(
  { name, is_component }: FlowRow,
  { is_component: components, is_flow, search }: Call<'readProject'>['query'],
): boolean {
  if (components && !is_component) return false;
  if (is_flow && is_component) return false;
  return !search || search === '%' || name.toLowerCase().includes(search.toLowerCase());
}

/** The changes for a new name, which also renames the project's MCP server. The store refuses a taken name. */
function nameChanges(
  { body, user, fail }: Call<'updateProject'>,
  mock: Mock,
  project: ProjectRow,
): Partial<ProjectRow> {
  const { name } = body;
  if (!name || name === project.name) return {};
  if (
    mock.store.projects.find({ user_id: project.user_id, name }) ||
    mcpServerName(name) === mcpServerName(project.name)
  )
    return { name };
  refuseTakenName(mock, user, { ...project, name }, 'update', fail);
  renameProjectServer(mock, user, project, name);
  return { name };
}

/** The other changes. `flows` and `components` are ignored (PROJECTS-022). */
function otherChanges(
  mock: Mock,
  project: ProjectRow,
  { description, parent_id, auth_settings }: RequestBody<'updateProject'>,
): Partial<ProjectRow> {
  return {
    ...(description != null && { description }),
    ...(parent_id != null && { parent_id }),
    ...(auth_settings !== undefined && {
      auth_settings: auth_settings && encryptSettings(mock, auth_settings, project.auth_settings),
    }),
  };
}
