import { type Reply, reply } from '../operation.ts';
import { Content } from './content.ts';

/** Bytes in chunks, without a length, as Langflow streams files. */
export function streamed(bytes: Content | Buffer, headers: Record<string, string>): Reply {
  const content = Buffer.isBuffer(bytes) ? new Content([bytes]) : bytes;
  return reply(200, { chunks: content.chunks() }, headers);
}

/** Bytes with their length. */
export function sized(content: Content, headers: Record<string, string>): Reply {
  return reply(200, { chunks: content.chunks() }, { ...headers, 'content-length': String(content.size) });
}
