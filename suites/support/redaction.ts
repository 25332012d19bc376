import { redact } from '../../reports/redact.ts';
import type { Exchange } from '../../reports/run.ts';
import { addSecret, secrets } from './secrets.ts';

const FIELDS = /"(access_token|refresh_token|api_key|password)"\s*:\s*"([^"]{6,})"/g;

/** The exchange without secrets; secrets that its response issues are remembered. */
export function redacted(exchange: Exchange): Exchange {
  // Examples in a published contract are not secret.
  const body = /\/openapi\.json$/.test(exchange.request.url) ? '' : exchange.response?.body;
  const bodies = `${exchange.request.body ?? ''}${body ?? ''}`;
  for (const [, , value] of bodies.matchAll(FIELDS)) if (value && !value.includes('*')) addSecret(value);
  return redact(exchange, secrets());
}
