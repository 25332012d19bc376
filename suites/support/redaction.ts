import type { Exchange } from '../../reports/run.ts';
import { addSecret, secrets } from './secrets.ts';

const HEADERS = /^(authorization|x-api-key|cookie|set-cookie|proxy-authorization)$/i;
const FIELDS = /"(access_token|refresh_token|api_key|password)"\s*:\s*"([^"]{6,})"/g;
const MASK = '[redacted]';

/** The exchange without secrets: by header name, by field name, and by the values that the run knows. */
export function redact(exchange: Exchange): Exchange {
  const bodies = `${exchange.request.body ?? ''}${exchange.response?.body ?? ''}`;
  for (const [, , value] of bodies.matchAll(FIELDS)) if (value && !value.includes('*')) addSecret(value);
  const values = [...secrets()].toSorted((a, b) => b.length - a.length);
  const clean = (text: string): string => values.reduce((result, value) => result.replaceAll(value, MASK), text);
  const headers = (all: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name, HEADERS.test(name) ? maskHeader(value) : clean(value)]));
  const { request, response } = exchange;
  return {
    ...exchange,
    request: { ...request, url: clean(request.url), headers: headers(request.headers), ...(request.body !== undefined && { body: clean(request.body) }) },
    ...(response && { response: { ...response, headers: headers(response.headers), body: clean(response.body) } }),
    ...(exchange.chunks && { chunks: exchange.chunks.map((chunk) => ({ ...chunk, text: clean(chunk.text) })) }),
  };
}

/** Keeps the scheme and the names of cookies: they tell which way was taken. */
function maskHeader(value: string): string {
  const scheme = /^(Bearer|Basic) /i.exec(value)?.[1];
  if (scheme) return `${scheme} ${MASK}`;
  return value.includes('=')
    ? value.replaceAll(/([\w-]+)=([^;\n]{6,})/g, (whole, name: string) => (/^(expires|max-age|path|samesite|domain)$/i.test(name) ? whole : `${name}=${MASK}`))
    : MASK;
}
