import type { IncomingHttpHeaders } from 'node:http';
import { METHODS } from '../../spec/path-template.ts';
import { type HttpResponse, respond } from '../operation.ts';

/** CORS with Langflow's defaults: every origin, with credentials (Starlette's CORSMiddleware; HTTP-020 to HTTP-023). */
const ALLOWED = METHODS.map((method) => method.toUpperCase()).sort();

/** The CORS headers of a response. With a cookie they name the origin, since browsers refuse `*` then. */
export function corsHeaders({ origin = '', cookie }: IncomingHttpHeaders): Record<string, string> {
  const allowed: Record<string, string> = cookie
    ? { 'access-control-allow-origin': origin, vary: 'Origin' }
    : { 'access-control-allow-origin': '*' };
  return { ...allowed, 'access-control-allow-credentials': 'true' };
}

/** The response to a preflight; undefined for any other request. */
export function preflight(method: string, headers: IncomingHttpHeaders): HttpResponse | undefined {
  const requested = headers['access-control-request-method'];
  if (method !== 'OPTIONS' || !headers.origin || requested === undefined) return undefined;
  const wanted = headers['access-control-request-headers'];
  const responseHeaders = {
    vary: 'Origin',
    'access-control-allow-origin': headers.origin,
    'access-control-allow-methods': ALLOWED.join(', '),
    'access-control-max-age': '600',
    'access-control-allow-credentials': 'true',
    ...(wanted !== undefined && { 'access-control-allow-headers': wanted }),
    'content-type': 'text/plain; charset=utf-8',
  };
  return ALLOWED.includes(requested)
    ? respond(200, { bytes: 'OK' }, responseHeaders)
    : respond(400, { bytes: 'Disallowed CORS method' }, responseHeaders);
}
