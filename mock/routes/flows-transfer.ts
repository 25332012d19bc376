import { fileStamp, isExportable, NO_GRAPH, withoutKeys, zipOf } from '../flows/archive.ts';
import { addFlows, flowRow, toExportedFlow, toWireFlow } from '../flows/rows.ts';
import { fileJson, flowOfFile, flowsOfFile, respondUnreadable, UnreadableFile } from '../flows/upload.ts';
import { type Handlers, respond } from '../operation.ts';
import type { FlowRow } from '../store/tables.ts';

export const flowTransferRoutes = {
  // Names are not changed; all flows are created or none (FLOWS-048).
  createFlows: ({ body, user }, mock) => {
    const { flows } = mock.store;
    const names = new Set<string>();
    const endpoints = new Set<string>();
    for (const { name, endpoint_name } of body.flows) {
      if (names.has(name) || flows.find({ user_id: user.id, name }))
        return respond(500, {
          json: { message: '(sqlite3.IntegrityError) UNIQUE constraint failed: flow.user_id, flow.name' },
        });
      if (endpoint_name && (endpoints.has(endpoint_name) || flows.find({ user_id: user.id, endpoint_name }))) {
        return respond(500, {
          json: { message: '(sqlite3.IntegrityError) UNIQUE constraint failed: flow.user_id, flow.endpoint_name' },
        });
      }
      names.add(name);
      if (endpoint_name) endpoints.add(endpoint_name);
    }
    return body.flows.map((flow) => toWireFlow(flows.insert(flowRow(mock, flow, user.id, flow.updated_at))));
  },

  uploadFlows: ({ files, query, user }, mock) =>
    respondUnreadable(() => {
      const content = fileJson(files);
      if (typeof content !== 'object' || content === null)
        throw new UnreadableFile(`argument of type '${typeof content}' is not iterable`);
      const flows = 'flows' in content ? flowsOfFile(mock, content.flows) : [flowOfFile(mock, content)];
      const placed = query.folder_id ? flows.map((flow) => ({ ...flow, folder_id: query.folder_id as string })) : flows;
      return addFlows(mock, user, placed).map(toWireFlow);
    }),

  downloadFlows: async ({ body, user, fail }, { store, clock }) => {
    const ids = new Set(body);
    const flows = [...ids].map((id) => store.flows.find({ id, user_id: user.id })).filter((flow) => flow !== undefined);
    const [first] = flows as [FlowRow?];
    if (!first) return fail(404, 'No flows found.');
    if (!flows.every(isExportable)) return respond(500, { json: { message: NO_GRAPH } });
    if (flows.length === 1) return withoutKeys(toExportedFlow(first));
    const now = clock.now();
    const zip = await zipOf(
      flows.map((flow) => withoutKeys(toExportedFlow(flow))),
      now,
    );
    return respond(
      200,
      { bytes: zip },
      {
        'content-type': 'application/x-zip-compressed',
        'content-disposition': `attachment; filename=${fileStamp(now)}_langflow_flows.zip`,
      },
    );
  },
} satisfies Handlers;
