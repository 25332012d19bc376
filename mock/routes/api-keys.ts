import { requestToken } from '../auth/authenticate.ts';
import { authFacts } from '../auth/facts.ts';
import { newApiKey } from '../auth/new-api-key.ts';
import { storeKeyCookie } from '../auth/session.ts';
import { withoutZone } from '../clock.ts';
import { encrypt } from '../fernet.ts';
import { viewOf } from '../json.ts';
import { type Handlers, respond } from '../operation.ts';
import type { ApiKeyRow } from '../store/tables.ts';

const SHOWN = 8;

const toMaskedKey = viewOf((row: ApiKeyRow) => ({
  ...row,
  api_key: row.api_key.slice(0, SHOWN).padEnd(row.api_key.length, '*'),
}));

export const apiKeyRoutes = {
  listApiKeys: ({ user }, { store }) => {
    const keys = store.apiKeys.all({ user_id: user.id });
    return { total_count: keys.length, user_id: user.id, api_keys: keys.map(toMaskedKey) };
  },

  createApiKey: ({ body, user }, { store, clock }) => {
    const createdAt = body.created_at ? withoutZone(body.created_at) : undefined;
    const { created_at, ...row } = store.apiKeys.insert(newApiKey(clock, user, body.name ?? null, createdAt));
    return { ...row, last_used_at: null, total_uses: 0, is_active: true };
  },

  // 400 for an unknown key. 1.7 does not check the owner of the key (KEYS-022, KEYS-025).
  deleteApiKey: ({ params, user, fail }, mock) => {
    const key = mock.store.apiKeys.get(params.api_key_id);
    if (!key || (authFacts(mock).apiKeyOwnerChecked && key.user_id !== user.id)) return fail(400, 'API Key not found');
    mock.store.delete('apiKeys', key.id);
    return { detail: 'API Key deleted' };
  },

  saveStoreApiKey: ({ body, user, headers, fail }, mock) => {
    if (requestToken(mock, 'saveStoreApiKey', headers) === undefined) {
      return fail(400, "Class 'langflow.services.database.models.user.model.UserRead' is not mapped");
    }
    const encrypted = encrypt(body.api_key, mock.secret, mock.clock);
    mock.store.users.update(user.id, { store_api_key: encrypted });
    return respond(200, { json: { detail: 'API Key saved' } }, { 'set-cookie': storeKeyCookie(encrypted) });
  },
} satisfies Handlers;
