import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Reply } from '../operation.ts';
import { corsHeaders } from './cors.ts';
import { jsonText } from './json.ts';

/** Puts an answer on the wire. JSON goes out as `application/json` without a charset, as FastAPI sends it. */
export function sendReply(response: FastifyReply, { status, headers, body }: Reply): FastifyReply {
  response.code(status).headers(headers);
  if (response.request.headers.origin && !headers['access-control-allow-origin']) response.headers(corsHeaders(response.request.headers));
  if (!body) return response.send();
  if ('json' in body) {
    return response.header('content-type', 'application/json').send(Buffer.from(jsonText(body.json)));
  }
  if ('bytes' in body) return response.send(Buffer.from(body.bytes as string));
  return response.send(Readable.from(body.chunks, { objectMode: false }));
}
