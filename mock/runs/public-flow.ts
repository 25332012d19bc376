import { createHash } from 'node:crypto';

/** The namespace of domain names, RFC 9562, 6.6. */
const DNS = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex');

/** The id under which what a client does with a public flow is kept: the same for each client, a UUID of version 5. */
export function clientFlowId(clientId: string, flowId: string): string {
  const bytes = createHash('sha1').update(DNS).update(`${clientId}_${flowId}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
