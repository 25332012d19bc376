import { encrypt } from '../fernet.ts';
import type { Mock } from '../mock.ts';
import type { JsonResponse } from '../operation.ts';

export type AuthSettings = Record<string, unknown>;
type WireAuthSettings = NonNullable<JsonResponse<'listMcpTools'>['auth_settings']>;

const SECRETS = ['oauth_client_secret', 'api_key'];
/** What clients send for a secret that is to stay. */
const MASK = '*******';
/** What is shown for a secret: it is not what clients may send. */
const SHOWN_MASK = '**********';

/** Authentication settings with their secrets encrypted (PROJECTS-026); a masked one stays as it was. */
export function encryptSettings({ secret, clock }: Mock, settings: AuthSettings, before: AuthSettings | null): AuthSettings {
  const kept = before && ['oauth', 'apikey'].includes(before['auth_type'] as string) ? before : {};
  const entries = Object.entries(settings).map(([key, value]) => {
    if (!SECRETS.includes(key) || typeof value !== 'string' || value === '') return [key, value];
    if (value === MASK && kept[key]) return [key, kept[key]];
    return [key, encrypt(value, secret, clock)];
  });
  return Object.fromEntries(entries);
}

const AUTH_TYPES: unknown[] = ['none', 'apikey', 'oauth'] satisfies WireAuthSettings['auth_type'][];

/** Authentication settings as the tools of a project show them; undefined for an auth_type that MCP does not know. */
export function toWireAuth(settings: AuthSettings): WireAuthSettings | undefined {
  const text = (name: string) => (settings[name] as string | undefined) ?? null;
  const auth_type = settings['auth_type'] ?? 'none';
  if (!AUTH_TYPES.includes(auth_type)) return undefined;
  return {
    auth_type: auth_type as WireAuthSettings['auth_type'],
    oauth_host: text('oauth_host'),
    oauth_port: text('oauth_port'),
    oauth_server_url: text('oauth_server_url'),
    oauth_callback_path: text('oauth_callback_path'),
    oauth_client_id: text('oauth_client_id'),
    oauth_client_secret: text('oauth_client_secret') && SHOWN_MASK,
    oauth_auth_url: text('oauth_auth_url'),
    oauth_token_url: text('oauth_token_url'),
    oauth_mcp_scope: text('oauth_mcp_scope'),
    oauth_provider_scope: text('oauth_provider_scope'),
  };
}
