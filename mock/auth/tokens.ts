import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Mock } from '../mock.ts';
import { rstrip } from '../python/strip.ts';

/** The claims of Langflow's tokens: the user (`sub`), the type, the expiry (seconds since 1970). */
export interface Claims extends JWTPayload {
  sub: string;
  type: 'access' | 'refresh';
  exp: number;
}

/** Tokens that have been verified: a client sends the same one with every request. */
const verified = new WeakMap<Uint8Array, Map<string, Claims>>();
const MOST_REMEMBERED_CHARACTERS = 4096;
const REMEMBERED = 1000;

/** A JWT (RFC 7519) signed with HS256 that expires after `seconds`. */
export function signToken(mock: Mock, user: string, type: Claims['type'], seconds: number): Promise<string> {
  const exp = Math.floor(mock.clock.now().getTime() / 1000) + seconds;
  return new SignJWT({ sub: user, type, exp }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(mock.secret);
}

/** The claims of a token; undefined if it is no JWT, has another signature or has expired. */
export async function verifyToken(mock: Mock, token: string): Promise<Claims | undefined> {
  const now = mock.clock.now();
  const known = claimsOf(mock);
  let claims = known.get(token);
  if (!claims) {
    try {
      claims = (await jwtVerify<Claims>(plainToken(token), mock.secret, { algorithms: ['HS256'], currentDate: now }))
        .payload;
    } catch {
      return undefined;
    }
    if (known.size >= REMEMBERED) known.clear();
    // A signature may have any number of characters that base64 ignores.
    if (token.length <= MOST_REMEMBERED_CHARACTERS) known.set(token, claims);
  }
  return isCurrent(claims, now) ? claims : undefined;
}

/**
 * Removes the characters that Python's base64 ignores from the signature. They still count for the padding: two spaces
 * after a token are accepted, one is not (AUTH-051).
 *
 * @throws Error if the padding is too short
 */
function plainToken(token: string): string {
  const at = token.lastIndexOf('.') + 1;
  const signature = token.slice(at);
  if (/^[\w-]*$/.test(signature)) return token;
  const signs = signature
    .replaceAll(/[^\w+/-]/g, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  const padding = signature.length - rstrip(signature, '=').length || -Buffer.byteLength(signature) & 3;
  if (padding < (-signs.length & 3)) throw new Error('Incorrect padding');
  return token.slice(0, at) + signs;
}

/** The claims of a token that was verified before; undefined for any other. */
export function rememberedClaims(mock: Mock, token: string): Claims | undefined {
  const claims = claimsOf(mock).get(token);
  return claims && isCurrent(claims, mock.clock.now()) ? claims : undefined;
}

function claimsOf({ secret }: Mock): Map<string, Claims> {
  let known = verified.get(secret);
  if (!known) verified.set(secret, (known = new Map()));
  return known;
}

const isCurrent = ({ exp }: Claims, now: Date): boolean => exp * 1000 > now.getTime();
