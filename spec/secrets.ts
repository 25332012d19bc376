/** What names a secret: in reports, in logs, wherever something of a request is written down. */

/** What stands in place of a secret. */
export const MASK = '[redacted]';

const NAMES = new Set([
  ...['password', 'new_password', 'current_password', 'client_secret'],
  ...['access_token', 'refresh_token', 'token', 'api_key', 'apikey', 'x-api-key'],
]);

/** Whether the value of a field, a query parameter or a form field of this name is a secret. */
export const isSecretName = (name: string): boolean => NAMES.has(name.toLowerCase());

const FIELD = /(^|[?&])([^=&?#\s]+)=([^&#\s]*)/g;

/** A URL, a query or a form without the values of its secrets. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(FIELD, (whole, before: string, name: string, value: string) =>
    value !== '' && isSecretName(decoded(name)) ? `${before}${name}=${MASK}` : whole,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
