import { MASK } from '../spec/secrets.ts';
import { isSecretHeader } from './redact.ts';
import type { Exchange } from './run.ts';

/** Headers that curl sets itself. */
const CURL_HEADERS =
  /^(content-length|host|connection|accept-encoding|user-agent|transfer-encoding|sec-fetch-mode|accept-language)$/i;

/** The request as a curl command for a POSIX shell. Secrets are read from `$FLOWPACT_…` variables. */
export function curl({ request, chunks }: Exchange): string {
  const { method, url, headers, body } = request;
  const parts = [`curl -i${chunks ? ' -N' : ''}${method === 'GET' ? '' : ` -X ${method}`} ${quote(url)}`];
  for (const [name, value] of Object.entries(headers)) {
    if (!CURL_HEADERS.test(name))
      parts.push(`-H ${quote(`${name}: ${isSecretHeader(name) ? placeholder(name, value) : value}`)}`);
  }
  if (body !== undefined && body !== '') parts.push(`--data-raw ${quote(body)}`);
  return parts.join(' \\\n  ');
}

/** Replaces the secret by the mask, which `quote` turns into a variable; keeps `Bearer` and the names of cookies. */
function placeholder(name: string, value: string): string {
  const scheme = /^(Bearer|Basic)\s/i.exec(value)?.[1];
  if (scheme) return `${scheme} ${MASK}`;
  return /cookie$/i.test(name) ? value.replaceAll(/=([^;,\s]+)/g, `=${MASK}`) : MASK;
}

const MASKED = /(?:([\w-]+)["']?\s*[:=]\s*["']?)?(Bearer |Basic )?\[redacted\]/gi;

/** The text in single quotes, with a variable in double quotes for each masked secret. */
function quote(text: string): string {
  const plain = (part: string): string => `'${part.replaceAll("'", String.raw`'\''`)}'`;
  let rest = '';
  let at = 0;
  for (const match of text.matchAll(MASKED)) {
    const start = match.index + match[0].length - MASK.length;
    rest += `${plain(text.slice(at, start))}"$${variable(match[1], match[2])}"`;
    at = start + MASK.length;
  }
  if (at === 0) return plain(text);
  return at === text.length ? rest : rest + plain(text.slice(at));
}

const KNOWN: Record<string, string> = {
  authorization: 'FLOWPACT_TOKEN',
  access_token: 'FLOWPACT_TOKEN',
  access_token_lf: 'FLOWPACT_TOKEN',
  'x-api-key': 'FLOWPACT_API_KEY',
  api_key: 'FLOWPACT_API_KEY',
  refresh_token_lf: 'FLOWPACT_REFRESH_TOKEN',
  refresh_token: 'FLOWPACT_REFRESH_TOKEN',
};

function variable(name: string | undefined, scheme: string | undefined): string {
  if (scheme || !name) return scheme ? 'FLOWPACT_TOKEN' : 'FLOWPACT_SECRET';
  const key = name.toLowerCase();
  return KNOWN[key] ?? `FLOWPACT_${key.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;
}
