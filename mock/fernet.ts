import { createCipheriv, createHash, createHmac } from 'node:crypto';
import type { Clock } from './clock.ts';

/**
 * Encrypts a value as Langflow stores it: a Fernet token (version 0x80, time, vector, AES-128-CBC, HMAC-SHA-256) in
 * URL-safe Base64.
 *
 * @param secret the key is derived from it
 */
export function encrypt(text: string, secret: Uint8Array, clock: Clock): string {
  const key = createHash('sha256').update(secret).digest();
  const head = Buffer.alloc(9);
  head[0] = 0x80;
  head.writeBigUInt64BE(BigInt(Math.floor(clock.now().getTime() / 1000)), 1);
  const vector = createHash('md5').update(clock.uuid()).digest();
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16), vector);
  const token = Buffer.concat([head, vector, cipher.update(text, 'utf8'), cipher.final()]);
  const signature = createHmac('sha256', key.subarray(0, 16)).update(token).digest();
  return Buffer.concat([token, signature]).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
