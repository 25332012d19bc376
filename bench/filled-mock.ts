// filled-mock.ts PORT FLOWS PASSWORD [FILE]: a mock with FLOWS flows of one user, each with its own graph, and as many
// messages.
import { buildFlow } from '../fixtures/build-flow.ts';
import catalogue from '../fixtures/catalogue.json' with { type: 'json' };
import echo from '../fixtures/flows/echo.json' with { type: 'json' };
import { hashPassword } from '../mock/auth/passwords.ts';
import { startMock } from '../mock/index.ts';
import type { Snapshot } from '../mock/store/store.ts';
import { flowId, PROJECT_ID, SESSION_LENGTH } from './growth-ids.ts';

const [port, flows, password = '', db] = process.argv.slice(2);
const USER = flowId(9_999_999_999);
const now = '2026-01-01T00:00:00.000000';

function seed(count: number): Partial<Snapshot> {
  const text = JSON.stringify(buildFlow(echo, catalogue as never).data);
  const ids = Array.from({ length: count }, (_, index) => index);
  return {
    users: [userRow()] as never,
    projects: [
      {
        id: PROJECT_ID,
        name: 'Starter Project',
        description: null,
        parent_id: null,
        auth_settings: null,
        user_id: USER,
      },
    ],
    flows: ids.map((index) => flowRow(index, JSON.parse(text))) as never,
    messages: ids.map(messageRow) as never,
  };
}

const userRow = () => ({
  ...{ id: USER, username: 'langflow', password: hashPassword(password), profile_image: null, store_api_key: null },
  ...{ is_active: true, is_superuser: true, create_at: now, updated_at: now, last_login_at: null, optins: null },
});

const flowRow = (index: number, data: unknown) => ({
  ...{
    id: flowId(index),
    name: `stored ${index}`,
    description: null,
    icon: null,
    icon_bg_color: null,
    gradient: null,
    data,
    is_component: false,
  },
  ...{
    updated_at: `${new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString().slice(0, -1)}000+00:00`,
    webhook: false,
    endpoint_name: null,
    tags: null,
    locked: false,
    mcp_enabled: false,
    action_name: null,
  },
  ...{ action_description: null, access_type: 'PRIVATE', user_id: USER, folder_id: PROJECT_ID, fs_path: null },
});

const messageRow = (index: number) => ({
  ...{
    id: flowId(index),
    flow_id: flowId(index),
    timestamp: '2026-01-01 00:00:00 UTC',
    sender: 'User',
    sender_name: 'User',
  },
  ...{
    session_id: `session ${Math.floor(index / SESSION_LENGTH)}`,
    context_id: '',
    text: `hello ${index}`,
    files: [],
    error: false,
    edit: false,
  },
  ...{ properties: {}, category: 'message', content_blocks: [], duration: null },
});

const count = Number(flows);
await startMock({
  port: Number(port),
  password,
  ...(db !== undefined && { db }),
  ...(count > 0 && { seed: seed(count) }),
});
