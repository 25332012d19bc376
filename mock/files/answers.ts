import { type Reply, reply } from '../operation.ts';

/** Bytes in chunks, without a length, as Langflow streams files. */
export function streamed(bytes: Buffer, headers: Record<string, string>): Reply {
  return reply(200, { chunks: pieces(bytes) }, headers);
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
