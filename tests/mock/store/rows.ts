import type { ApiKeyRow, ProjectRow, UserRow } from '../../../mock/store/tables.ts';

/** Rows with nothing in them but what a test names. */

export const user = (id: string, username = id): UserRow => ({
  id,
  username,
  password: '',
  profile_image: null,
  store_api_key: null,
  is_active: true,
  is_superuser: false,
  create_at: '',
  updated_at: '',
  last_login_at: null,
  optins: null,
});

export const project = (id: string, user_id: string | null, name = id): ProjectRow => ({
  id,
  name,
  description: null,
  parent_id: null,
  auth_settings: null,
  user_id,
});

export const apiKey = (id: string, user_id: string): ApiKeyRow => ({
  id,
  name: id,
  api_key: `sk-${id}`,
  user_id,
  created_at: '',
  last_used_at: null,
  total_uses: 0,
  is_active: true,
});
