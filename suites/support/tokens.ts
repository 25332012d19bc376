import { createHmac } from 'node:crypto';

/** The claims of Langflow's JWTs. */
export interface Claims {
  sub: string;
  type: string;
  exp: number;
}

/** The claims of a JWT, unverified (RFC 7519). */
export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

/** A JWT signed with HS256, or unsigned without a key. */
export function forge(claims: object, key: string | undefined): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg: key === undefined ? 'none' : 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${key === undefined ? '' : createHmac('sha256', key).update(signed).digest('base64url')}`;
}
