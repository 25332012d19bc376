import type { components } from '../../spec/generated/api.d.ts';
import { isoWithOffset } from '../clock.ts';
import { viewOf } from '../json.ts';
import { JsonText } from '../json-text.ts';
import type { Mock } from '../mock.ts';
import { DEFAULT_PROJECT } from '../store/default-project.ts';
import { copiesOf, type FlowData, type FlowRow, type UserRow } from '../store/tables.ts';
import { endpointName } from '../validation/checks.ts';
import { checkFsPath } from './fs-path.ts';
import { freeEndpointName, nextCopy } from './names.ts';

export type FlowCreate = Partial<components['schemas']['FlowCreate']> & { name: string };
type Flow = components['schemas']['Flow'];
type FlowExport = components['schemas']['FlowExport'];

/** Cuts a time to whole seconds: `2026-01-01T00:00:00+00:00`. */
const seconds = (time: string | null) => time && `${time.slice(0, '2026-01-01T00:00:00'.length)}+00:00`;

/** A flow in a response. */
export const toWireFlow = viewOf(
  ({ fs_path, ...flow }: FlowRow) => ({ ...flow, updated_at: seconds(flow.updated_at) }) as unknown as Flow,
);

/** A flow without its graph. A component keeps its graph. */
export const flowHeader = viewOf((flow: FlowRow) => ({
  id: flow.id,
  name: flow.name,
  folder_id: flow.folder_id,
  is_component: flow.is_component,
  endpoint_name: flow.endpoint_name,
  description: flow.description,
  data: (flow.is_component ? flow.data : null) as unknown as Flow['data'],
  access_type: flow.access_type,
  tags: flow.tags,
  mcp_enabled: flow.mcp_enabled,
  action_name: flow.action_name,
  action_description: flow.action_description,
}));

/** A flow in an exported file or on a page of a project. */
export const toExportedFlow = viewOf(
  (flow: FlowRow) =>
    ({ ...flow, updated_at: seconds(flow.updated_at), fs_path: flow.fs_path ?? null }) as unknown as FlowExport,
);

/** The row of a new flow. The caller must make its names unique and choose its project. */
export function flowRow({ clock }: Mock, flow: FlowCreate, userId: string, updatedAt?: string | null): FlowRow {
  return {
    name: flow.name,
    description: flow.description ?? null,
    icon: flow.icon ?? null,
    icon_bg_color: flow.icon_bg_color ?? null,
    gradient: flow.gradient ?? null,
    data: flow.data ? JsonText.of(flow.data as FlowData) : null,
    is_component: flow.is_component ?? false,
    updated_at: updatedAt ?? isoWithOffset(clock.now()),
    webhook: flow.webhook ?? false,
    endpoint_name: flow.endpoint_name ?? null,
    tags: flow.tags ?? null,
    locked: flow.locked ?? false,
    mcp_enabled: flow.mcp_enabled ?? false,
    action_name: flow.action_name ?? null,
    action_description: flow.action_description ?? null,
    access_type: flow.access_type ?? 'PRIVATE',
    id: clock.uuid(),
    user_id: userId,
    folder_id: flow.folder_id ?? null,
    fs_path: flow.fs_path ?? null,
  };
}

/**
 * Adds a flow for the user that it names, else for the one who sends the request. Names and projects are always looked
 * up for the latter (FLOWS-064).
 *
 * @throws HttpError 400 for a forbidden fs_path, UniqueViolation if the other user has a flow of that name
 */
export function addFlow(mock: Mock, user: UserRow, flow: FlowCreate): FlowRow {
  checkFsPath(flow.fs_path, user.id);
  return mock.store.flows.insert({ ...prepareFlow(mock, user, flow), user_id: flow.user_id ?? user.id });
}

/**
 * Adds flows of a user. Taken names are changed; a flow without a project goes to the default project.
 *
 * @throws HttpError 400 for a forbidden fs_path; then no flow is added
 */
export function addFlows(mock: Mock, user: UserRow, flows: FlowCreate[]): FlowRow[] {
  for (const { fs_path } of flows) checkFsPath(fs_path, user.id);
  return flows.map((flow) => mock.store.flows.insert(prepareFlow(mock, user, flow)));
}

function prepareFlow(mock: Mock, user: UserRow, flow: FlowCreate): FlowRow {
  const { flows, projects } = mock.store;
  const row = flowRow(mock, flow, user.id);
  if (flows.find({ user_id: user.id, name: row.name }))
    row.name = nextCopy(row.name, flows.highest(copiesOf(user.id, row.name)));
  if (row.endpoint_name && flows.find({ user_id: user.id, endpoint_name: row.endpoint_name })) {
    const taken = flows.all({ user_id: user.id }).map(({ endpoint_name }) => endpoint_name);
    row.endpoint_name = endpointName(
      freeEndpointName(row.endpoint_name, new Set(taken.filter((name) => name !== null))),
    );
  }
  row.folder_id ??= projects.find({ user_id: user.id, name: DEFAULT_PROJECT })?.id ?? null;
  return row;
}

export function takenNames({ store }: Mock, user: UserRow): Set<string> {
  return new Set(store.flows.all({ user_id: user.id }).map(({ name }) => name));
}
