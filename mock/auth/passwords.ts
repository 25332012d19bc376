import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { UnhandledError } from '../errors.ts';

export const NO_NULLS = 'bcrypt does not allow NULL bytes in password';

const HASH = /^[0-9a-f]{32}:[0-9a-f]{64}$/;

/** Hashes the passwords of users. A password that is already a hash stays. */
export const withHashedPasswords = <Row extends { password: string }>(users: Row[]): Row[] =>
  users.map((user) => (HASH.test(user.password) ? user : { ...user, password: hashPassword(user.password) }));

/** A salted scrypt hash. It is cheap, since a mock keeps no secrets worth a second of CPU. */
export function hashPassword(password: string): string {
  refuseNull(password);
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${scryptSync(password, salt, 32, { N: 256 }).toString('hex')}`;
}

export function verifyPassword(password: string, hash: string): boolean {
  refuseNull(password);
  const [salt, key] = hash.split(':');
  if (!salt || !key) return false;
  return timingSafeEqual(scryptSync(password, Buffer.from(salt, 'hex'), 32, { N: 256 }), Buffer.from(key, 'hex'));
}

function refuseNull(password: string): void {
  if (password.includes('\0')) throw new UnhandledError(NO_NULLS);
}
