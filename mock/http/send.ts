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
  // A text goes out in one write with its head, bytes in a second one; with a serializer Fastify adds no charset.
  if ('json' in body) return response.header('content-type', 'application/json').serializer(asItIs).send(jsonText(body.json));
  if ('bytes' in body) return response.send(typeof body.bytes === 'string' ? Buffer.from(body.bytes) : body.bytes);
  return response.send(Readable.from(body.chunks, { objectMode: false }));
}

const asItIs = (text: unknown) => text as string;
