import { type Clock, isoNaive } from '../clock.ts';
import type { ApiKeyRow, UserRow } from '../store/tables.ts';

const KEY_LENGTH = 43;

/** The row of a new API key. */
export function newApiKey(clock: Clock, user: UserRow, name: string | null, createdAt?: string): ApiKeyRow {
  return {
    id: clock.uuid(),
    name,
    api_key: `sk-${clock.token(KEY_LENGTH)}`,
    user_id: user.id,
    created_at: createdAt ?? isoNaive(clock.now()),
    last_used_at: null,
    total_uses: 0,
    is_active: true,
  };
}
