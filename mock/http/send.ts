import { pipeline, Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { withoutSecrets } from '../../spec/secrets.ts';
import { jsonLatin1 } from '../json.ts';
import { toLatin1 } from '../latin1.ts';
import type { HttpResponse } from '../operation.ts';
import { corsHeaders } from './cors.ts';

/** Puts an answer on the wire. JSON goes out as `application/json` without a charset, as FastAPI sends it. */
export function sendResponse(response: FastifyReply, { status, headers, body }: HttpResponse): FastifyReply {
  response.code(status).headers(headers);
  // A response that says keep-alive ends the connection all the same where the client asked for that; uvicorn says both, too.
  if (headers['connection'] === 'keep-alive' && !response.raw.shouldKeepAlive) response.header('connection', ['keep-alive', 'close']);
  if (response.request.headers.origin && !headers['access-control-allow-origin']) response.headers(corsHeaders(response.request.headers));
  if (!body) return response.send();
  if ('json' in body) return sendText(response.header('content-type', 'application/json'), jsonLatin1(body.json));
  if ('latin1' in body) return sendText(response, body.latin1);
  if ('bytes' in body) return response.send(typeof body.bytes === 'string' ? Buffer.from(body.bytes) : body.bytes);
  if (Array.isArray(body.chunks)) return sendChunks(response, body.chunks);
  return sendStream(response, body.chunks);
}

/** The head goes out at once: the first chunk may be long in coming. */
function sendStream(response: FastifyReply, chunks: AsyncIterable<string | Buffer>): FastifyReply {
  const { raw } = response;
  raw.writeHead(response.statusCode, response.getHeaders() as Record<string, string>);
  // As bytes, which leave the head in Latin-1: flushHeaders would send it in UTF-8.
  raw.write(Buffer.alloc(0));
  pipeline(chunks instanceof Readable ? chunks : Readable.from(chunks, { objectMode: false }), raw, (error) => {
    // A client that goes away is no error; what the system and streams complain of has a code, a fault of ours has none.
    if (error && error.code === undefined) process.stderr.write(`${response.request.method} ${withoutSecrets(response.request.url)}: ${error.stack}\n`);
  });
  return response;
}

/** A text goes out in one write with its head, bytes in a second one; Node's own functions, since Fastify adds a charset to a text. */
function sendText(response: FastifyReply, latin1: string): FastifyReply {
  const { raw } = response;
  raw.writeHead(response.statusCode, { ...(response.getHeaders() as Record<string, string>), 'content-length': latin1.length });
  raw.end(latin1, 'latin1');
  return response;
}

/** Chunks that are there already go out in one write: Node would make several of each. */
function sendChunks(response: FastifyReply, chunks: string[]): FastifyReply {
  const { raw, request } = response;
  if (request.raw.httpVersion === '1.0') return sendText(response, toLatin1(chunks.join('')));
  raw.writeHead(response.statusCode, { ...(response.getHeaders() as Record<string, string>), 'transfer-encoding': 'chunked' });
  raw.chunkedEncoding = false;
  raw.end(`${chunks.map(toLatin1).map(frame).join('')}0\r\n\r\n`, 'latin1');
  return response;
}

/** A chunk in its frame; an empty one would be the end. */
const frame = (latin1: string): string => latin1 && `${latin1.length.toString(16)}\r\n${latin1}\r\n`;
