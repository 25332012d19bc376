import { redact } from '../../reports/redact.ts';
import type { Exchange } from '../../reports/run.ts';
import { addSecret, secrets } from './secrets.ts';

const FIELDS = /"(access_token|refresh_token|api_key|password)"\s*:\s*"([^"]{6,})"/g;

/** The exchange without secrets; those that the target hands out in it are known from then on. */
export function redacted(exchange: Exchange): Exchange {
  // Examples in a published contract are no secrets.
  const told = /\/openapi\.json$/.test(exchange.request.url) ? '' : exchange.response?.body;
  const bodies = `${exchange.request.body ?? ''}${told ?? ''}`;
  for (const [, , value] of bodies.matchAll(FIELDS)) if (value && !value.includes('*')) addSecret(value);
  return redact(exchange, secrets());
}
