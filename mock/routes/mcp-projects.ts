import { isoWithOffset } from '../clock.ts';
import { encryptSettings, toWireAuth } from '../mcp/auth-settings.ts';
import { composerConnection, serverUrls } from '../mcp/connection.ts';
import { mcpName } from '../mcp/names.ts';
import type { Mock } from '../mock.ts';
import type { Call, Handlers, JsonResponse } from '../operation.ts';
import type { FlowRow, ProjectRow } from '../store/tables.ts';
import { pydanticText } from '../validation/pydantic-text.ts';

type Tool = JsonResponse<'listMcpTools'>['tools'][number];

export const mcpProjectRoutes = {
  listMcpTools: ({ params, query, user, fail }, { store }) => {
    const project = store.projects.find({ id: params.project_id, user_id: user.id }) ?? fail(500, NOT_FOUND);
    const flows = store.flows
      .all({ folder_id: project.id })
      .filter((flow) => !flow.is_component && (query.mcp_enabled === false || flow.mcp_enabled));
    const auth =
      project.auth_settings && Object.keys(project.auth_settings).length > 0 ? toWireAuth(project.auth_settings) : null;
    if (auth === undefined) return fail(500, unknownAuthType(project.auth_settings?.['auth_type']));
    return { tools: flows.map(toolOf), auth_settings: auth };
  },

  updateMcpProject: (call, mock) => {
    const { params, body, user, fail } = call;
    const before = mock.store.projects.find({ id: params.project_id, user_id: user.id }) ?? fail(500, NOT_FOUND);
    const auth = body.auth_settings && encryptSettings(mock, withoutNulls(body.auth_settings), before.auth_settings);
    const project = auth ? mock.store.projects.update(before.id, { auth_settings: auth }) : before;
    const changed = changeTools(mock, project, body.settings);
    const message = `Updated MCP settings for ${changed} flows and project auth settings`;
    const result = auth ? newConnection(before, project, call) : undefined;
    return result ? { message, result } : { message };
  },
} satisfies Handlers;

const unknownAuthType = (input: unknown): string =>
  pydanticText('AuthSettings', [
    { loc: ['auth_type'], type: 'literal_error', msg: "Input should be 'none', 'apikey' or 'oauth'", input },
  ]);

/** Langflow wraps this 404 in a 500 (MCPPROJECTS-005). */
const NOT_FOUND = '404: Project not found';

function toolOf(flow: FlowRow): Tool {
  const own = mcpName(flow.name);
  return {
    id: flow.id,
    action_name: flow.action_name ? mcpName(flow.action_name) : own,
    action_description: flow.action_description || flow.description || `Tool generated from flow: ${own}`,
    mcp_enabled: flow.mcp_enabled,
    name: flow.name,
    description: flow.description,
  };
}

const withoutNulls = (settings: object) =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null && value !== undefined));

/** Absent settings become null (MCPPROJECTS-011). @returns how many flows were changed */
function changeTools(
  { store, clock }: Mock,
  project: ProjectRow,
  settings: Call<'updateMcpProject'>['body']['settings'],
): number {
  const byFlow = new Map(settings.map((one) => [one.id, one]));
  const flows = store.flows.all({ folder_id: project.id, user_id: project.user_id }).filter(({ id }) => byFlow.has(id));
  for (const { id } of flows) {
    const { mcp_enabled = null, action_name = null, action_description = null } = byFlow.get(id) ?? {};
    store.flows.update(id, { mcp_enabled, action_name, action_description, updated_at: isoWithOffset(clock.now()) });
  }
  return flows.length;
}

/** The connection in the response when OAuth was set or removed (MCPPROJECTS-018, MCPPROJECTS-019). */
function newConnection(
  before: ProjectRow,
  project: ProjectRow,
  { headers }: Call<'updateMcpProject'>,
): JsonResponse<'updateMcpProject'>['result'] {
  if (project.auth_settings?.['auth_type'] === 'oauth') return withSseUrl(composerConnection(project));
  if (before.auth_settings?.['auth_type'] !== 'oauth') return undefined;
  return withSseUrl({ project_id: project.id, uses_composer: false, ...serverUrls(project.id, headers) });
}

const withSseUrl = (connection: NonNullable<JsonResponse<'updateMcpProject'>['result']>) =>
  connection.legacy_sse_url ? { ...connection, sse_url: connection.legacy_sse_url } : connection;
