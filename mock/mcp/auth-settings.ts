import { encrypt } from '../fernet.ts';
import type { Mock } from '../mock.ts';
import type { JsonResponse } from '../operation.ts';

export type AuthSettings = Record<string, unknown>;
type WireAuthSettings = NonNullable<JsonResponse<'listMcpTools'>['auth_settings']>;

const SECRETS = ['oauth_client_secret', 'api_key'];
/** What clients send for a secret that must not change. */
const MASK = '*******';
/** The mask of a secret in responses. Clients send another one. */
const SHOWN_MASK = '**********';

/** Encrypts the secrets of authentication settings (PROJECTS-026). A masked secret keeps its value. */
export function encryptSettings(
  { secret, clock }: Mock,
  settings: AuthSettings,
  before: AuthSettings | null,
): AuthSettings {
  const kept = before && ['oauth', 'apikey'].includes(before['auth_type'] as string) ? before : {};
  const entries = Object.entries(settings).map(([key, value]) => {
    if (!SECRETS.includes(key) || typeof value !== 'string' || value === '') return [key, value];
    if (value === MASK && kept[key]) return [key, kept[key]];
    return [key, encrypt(value, secret, clock)];
  });
  return Object.fromEntries(entries);
}

const AUTH_TYPES: unknown[] = ['none', 'apikey', 'oauth'] satisfies WireAuthSettings['auth_type'][];

/** The authentication settings in the list of a project's tools; undefined for an auth_type that MCP does not know. */
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
