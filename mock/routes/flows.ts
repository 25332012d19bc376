import { isObject } from '../../spec/json.ts';
import { isoWithOffset } from '../clock.ts';
import { compressedList } from '../flows/compressed.ts';
import { exampleFlows } from '../flows/examples.ts';
import { checkFsPath } from '../flows/fs-path.ts';
import { pageOf } from '../flows/page.ts';
import { addFlow, flowHeader, toWireFlow } from '../flows/rows.ts';
import { JsonText } from '../json-text.ts';
import type { Mock } from '../mock.ts';
import type { Call, Handlers } from '../operation.ts';
import { UniqueViolation } from '../store/collection.ts';
import { DEFAULT_PROJECT } from '../store/default-project.ts';
import type { FlowData, FlowRow } from '../store/tables.ts';
import { pydanticText } from '../validation/pydantic-text.ts';

/** The written row, or 400 if another flow has its name. The message names one of the two unique columns. */
function unlessTaken(fail: (status: 400, detail: string) => never, write: () => FlowRow): FlowRow {
  try {
    return write();
  } catch (error) {
    if (error instanceof UniqueViolation) return fail(400, ' flow must be unique');
    throw error;
  }
}

export const flowRoutes = {
  listFlows: ({ query, user }, mock) => {
    const { get_all = true, header_flows = false, components_only = false, remove_example_flows = false } = query;
    const wanted: Partial<FlowRow> = { user_id: user.id, ...(components_only && { is_component: true }) };
    if (!get_all) {
      // Without a project no flow matches.
      const folder_id = query.folder_id ?? oldestDefault(mock) ?? '';
      return pageOf(
        mock.store.flows,
        { ...wanted, folder_id },
        { page: query.page ?? 1, size: query.size ?? 50 },
        toWireFlow,
      );
    }
    // A flow without a project is not listed either: in SQL, comparing with NULL is never true.
    const isListed = ({ folder_id }: FlowRow) => !remove_example_flows || folder_id !== null;
    const { flows } = mock.store;
    const list = (examples: FlowRow[]) =>
      compressedList(user, `${header_flows} ${components_only} ${remove_example_flows}`, flows.version, () =>
        [...examples, ...flows.all(wanted).filter(isListed)].map(header_flows ? flowHeader : toWireFlow),
      );
    // With AUTO_LOGIN, ownerless flows are visible to all users.
    const withExamples = mock.settings.autoLogin && !remove_example_flows && !components_only;
    return withExamples ? exampleFlows(mock).then(list) : list([]);
  },

  createFlow: ({ body, user, fail }, mock) => toWireFlow(unlessTaken(fail, () => addFlow(mock, user, body))),

  // 404 also for the flow of another user, as on Langflow 1.7.3 (FLOWS-026).
  readFlow: ({ params, user, fail }, { store }) => {
    const flow = store.flows.find({ id: params.flow_id, user_id: user.id });
    return flow ? toWireFlow(flow) : fail(404, 'Flow not found');
  },

  updateFlow: (call, mock) => {
    const { params, user, fail } = call;
    const flow = mock.store.flows.find({ id: params.flow_id, user_id: user.id });
    if (!flow) return fail(404, '404: Flow not found');
    const changes = changesOf(call);
    checkFsPath(changes.fs_path, user.id, '400: ');
    const data = (changes.data ?? flow.data)?.value ?? null;
    // Langflow searches the data for a webhook, even if it is null.
    if (data === null) return fail(500, "argument of type 'NoneType' is not iterable");
    refuseBrokenGraph(data, fail);
    const folder_id = changes.folder_id ?? flow.folder_id ?? oldestDefault(mock);
    const row = { ...changes, folder_id, webhook: hasWebhook(data), updated_at: isoWithOffset(mock.clock.now()) };
    return toWireFlow(unlessTaken(fail, () => mock.store.flows.update(flow.id, row)));
  },

  deleteFlow: ({ params, user, fail }, { store }) => {
    const flow = store.flows.find({ id: params.flow_id, user_id: user.id });
    if (!flow) return fail(404, 'Flow not found');
    store.delete('flows', flow.id);
    return { message: 'Flow deleted successfully' };
  },

  deleteFlows: ({ body, user }, { store }) => {
    const own = new Set(body.filter((id) => store.flows.find({ id, user_id: user.id })));
    for (const id of own) store.delete('flows', id);
    return { deleted: own.size };
  },

  // The same response whether the flow exists or not (FLOWS-044).
  readPublicFlow: ({ params, fail }, { store }) => {
    const flow = store.flows.get(params.flow_id);
    return flow?.access_type === 'PUBLIC' ? toWireFlow(flow) : fail(403, 'Flow is not public');
  },

  listBasicExamples: async (_call, mock) => {
    const examples = await exampleFlows(mock);
    return compressedList(mock, 'examples', 0, () => examples.map(toWireFlow));
  },
} satisfies Handlers;

/**
 * Without a project in the query, Langflow takes the first project of that name, of any user (FLOWS-065, FLOWS-066).
 */
const oldestDefault = ({ store }: Mock): string | null => store.projects.find({ name: DEFAULT_PROJECT })?.id ?? null;

/** Null counts as absent, except for the endpoint name, which is removed in both cases (FLOWS-028, FLOWS-029). */
function changesOf({ body }: Call<'updateFlow'>): Partial<FlowRow> {
  const given = Object.entries(body).filter(([, value]) => value !== null && value !== undefined);
  return { endpoint_name: null, ...Object.fromEntries(given), ...(body.data && { data: JsonText.of(body.data) }) };
}

/**
 * The graph of an update is not validated. Langflow fails when it writes the response, and undoes the change
 * (FLOWS-037).
 */
function refuseBrokenGraph(data: FlowData, fail: Call<'updateFlow'>['fail']): void {
  const missing = Object.keys(data).length > 0 && ['nodes', 'edges'].find((part) => !(part in data));
  if (missing)
    fail(
      500,
      pydanticText('FlowRead', [
        { loc: ['data'], type: 'value_error', msg: `Value error, Flow must have ${missing}`, input: data },
      ]),
    );
}

const hasWebhook = ({ nodes }: FlowData) =>
  (nodes ?? []).some((node) => isObject(node) && String(node['id']).includes('Webhook'));
