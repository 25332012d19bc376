import { isSecretName, MASK, withoutSecrets } from '../spec/secrets.ts';
import type { Exchange } from './run.ts';

const SECRET_HEADER = /^(authorization|proxy-authorization|x-api-key|cookie|set-cookie)$/i;
const JSON_FIELD = /("(?:\\.|[^"\\])*")(\s*:\s*)"((?:\\.|[^"\\])*)"/g;
const COOKIE_ATTRIBUTE = /^(expires|max-age|path|samesite|domain)$/i;

export function isSecretHeader(name: string): boolean {
  return SECRET_HEADER.test(name);
}

/**
 * Masks secrets in an exchange: headers by name, fields of bodies and URLs by name, and known values anywhere, also as
 * they are written in JSON, in a URL or in base64.
 */
export function redact(exchange: Exchange, secrets: Iterable<string> = []): Exchange {
  const clean = cleaner(secrets);
  const { request, response, chunks } = exchange;
  return {
    ...exchange,
    request: {
      ...request,
      url: clean(request.url),
      headers: redactHeaders(request.headers, clean),
      ...(request.body !== undefined && { body: clean(request.body) }),
    },
    ...(response && {
      response: { ...response, headers: redactHeaders(response.headers, clean), body: clean(response.body) },
    }),
    ...(exchange.error !== undefined && { error: clean(exchange.error) }),
    ...(chunks && { chunks: chunks.map((chunk) => ({ ...chunk, text: clean(chunk.text) })) }),
  };
}

/** The text with its secrets masked. */
export function redactText(text: string, secrets: Iterable<string> = []): string {
  return cleaner(secrets)(text);
}

function cleaner(secrets: Iterable<string>): (text: string) => string {
  const values = [...new Set([...secrets].filter(Boolean).flatMap(spellings))].toSorted((a, b) => b.length - a.length);
  return (text) => {
    const byValue = values.reduce((result, value) => result.replaceAll(value, MASK), text);
    return withoutSecrets(byValue.replaceAll(JSON_FIELD, maskJson));
  };
}

function spellings(secret: string): string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ];
}

function maskJson(whole: string, key: string, colon: string, value: string): string {
  return value !== '' && isSecretName(key.slice(1, -1)) && !isMasked(value) ? `${key}${colon}"${MASK}"` : whole;
}

/** Langflow masks API keys in lists itself: `sk-1234*****`. That is not secret. */
const isMasked = (value: string): boolean => /\*{4,}/.test(value);

function redactHeaders(headers: Record<string, string>, clean: (text: string) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      isSecretHeader(name) ? maskHeader(name, value) : clean(value),
    ]),
  );
}

/** Masks a header; the scheme and the names of cookies stay, since they show how the credential was sent. */
function maskHeader(name: string, value: string): string {
  const scheme = /^(Bearer|Basic)\s/i.exec(value)?.[1];
  if (scheme) return `${scheme} ${MASK}`;
  if (!/cookie$/i.test(name)) return MASK;
  return value.replaceAll(/([^=;,\s]+)=("[^"]*"|[^;,\s]*)/g, (whole, key: string, held: string) =>
    COOKIE_ATTRIBUTE.test(key) || held === '' || held === '""' ? whole : `${key}=${MASK}`,
  );
}
