import { type HttpResponse, respond } from '../operation.ts';
import { Content } from './content.ts';

/** A response in chunks, without a length, as Langflow streams files. */
export function streamResponse(bytes: Content | Buffer, headers: Record<string, string>): HttpResponse {
  const content = Buffer.isBuffer(bytes) ? new Content([bytes]) : bytes;
  return respond(200, { chunks: content.chunks() }, headers);
}

/** A response with its length. */
export function sizedResponse(content: Content, headers: Record<string, string>): HttpResponse {
  return respond(200, { chunks: content.chunks() }, { ...headers, 'content-length': String(content.size) });
}
