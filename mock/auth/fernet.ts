import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** Fernet tokens (github.com/fernet/spec), in which Langflow keeps variables and store keys. Of the key the first half signs, the second encrypts. */

const VERSION = 0x80;
const HEAD = 9;
const IV = 16;
const HMAC = 32;

const sign = (key: Uint8Array, signed: Buffer) => createHmac('sha256', key.subarray(0, 16)).update(signed).digest();

/** `gAAAAA…`: the text, encrypted at `now`. `key` has 32 bytes. */
export function encrypt(key: Uint8Array, text: string, now: Date): string {
  const head = Buffer.alloc(HEAD);
  head[0] = VERSION;
  head.writeBigUInt64BE(BigInt(Math.floor(now.getTime() / 1000)), 1);
  const iv = randomBytes(IV);
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16, 32), iv);
  const signed = Buffer.concat([head, iv, cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([signed, sign(key, signed)])
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

/** The text of a token, or undefined when it is none or another key made it. */
export function decrypt(key: Uint8Array, token: string): string | undefined {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length < HEAD + IV + 16 + HMAC || bytes[0] !== VERSION) return undefined;
  const signed = bytes.subarray(0, -HMAC);
  if (!sign(key, signed).equals(bytes.subarray(-HMAC))) return undefined;
  const decipher = createDecipheriv('aes-128-cbc', key.subarray(16, 32), signed.subarray(HEAD, HEAD + IV));
  return Buffer.concat([decipher.update(signed.subarray(HEAD + IV)), decipher.final()]).toString('utf8');
}
