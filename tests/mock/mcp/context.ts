import { Background } from '../../../mock/background.ts';
import { seededClock } from '../../../mock/clock.ts';
import { JsonText } from '../../../mock/json-text.ts';
import { LogBuffer } from '../../../mock/logs.ts';
import type { McpContext } from '../../../mock/mcp/server.ts';
import type { Mock } from '../../../mock/mock.ts';
import { openStore } from '../../../mock/store/store.ts';
import type { FlowData } from '../../../mock/store/tables.ts';
import { user } from '../store/rows.ts';

/** A client of MCP, and the parts of a mock that its servers need. */
export function mcpContext(headers: McpContext['headers'] = {}): McpContext {
  const clock = seededClock('mcp');
  const logs = new LogBuffer(100, clock.now);
  const store = openStore();
  const ada = store.unitOfWork(() => store.users.insert(user('ada')));
  const mock = { clock, logs, store, background: new Background(logs) } as Partial<Mock> as Mock;
  return { mock, user: ada, headers, listChanged: false };
}

/** The rows of a flow with this graph. */
export function addFlow({ mock, user: { id } }: McpContext, name: string, data: FlowData | null): void {
  const nothing = {
    description: null,
    icon: null,
    icon_bg_color: null,
    gradient: null,
    tags: null,
    endpoint_name: null,
  };
  const mcp = { mcp_enabled: true, action_name: null, action_description: null };
  mock.store.unitOfWork(() =>
    mock.store.flows.insert({
      ...nothing,
      ...mcp,
      id: name,
      name,
      data: data && JsonText.of(data),
      is_component: false,
      updated_at: null,
      webhook: false,
      locked: false,
      access_type: 'PRIVATE',
      user_id: id,
      folder_id: null,
    }),
  );
}

export const JSON_TYPE = { 'content-type': 'application/json' };

export const bytesOf = (message: unknown): Buffer => Buffer.from(JSON.stringify(message));

export const request = (method: string, params?: object) => ({
  jsonrpc: '2.0',
  id: 1,
  method,
  ...(params && { params }),
});
