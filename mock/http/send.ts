import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Reply } from '../operation.ts';
import { corsHeaders } from './cors.ts';
import { jsonBody } from './json.ts';

/** Puts an answer on the wire. JSON goes out as `application/json` without a charset, as FastAPI sends it. */
export function sendReply(response: FastifyReply, { status, headers, body }: Reply): FastifyReply {
  response.code(status).headers(headers);
  if (response.request.headers.origin && !headers['access-control-allow-origin']) response.headers(corsHeaders(response.request.headers));
  if (!body) return response.send();
  // With a serializer Fastify adds no charset to a text.
  if ('json' in body) return response.header('content-type', 'application/json').serializer(asItIs).send(jsonBody(body.json));
  if ('bytes' in body) return response.send(typeof body.bytes === 'string' ? Buffer.from(body.bytes) : body.bytes);
  if (Array.isArray(body.chunks)) return sendChunks(response, body.chunks);
  return response.send(Readable.from(body.chunks, { objectMode: false }));
}

const asItIs = (text: unknown) => text as string;

/** Chunks that are there already go out in one write, head and all: Node would make several of each. */
function sendChunks(response: FastifyReply, chunks: string[]): FastifyReply {
  const { raw, request } = response;
  if (request.raw.httpVersion === '1.0') return response.serializer(asItIs).send(chunks.join(''));
  raw.writeHead(response.statusCode, { ...(response.getHeaders() as Record<string, string>), 'transfer-encoding': 'chunked' });
  raw.chunkedEncoding = false;
  raw.end(`${chunks.map((chunk) => chunk && `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`);
  return response;
}
