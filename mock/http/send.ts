import { pipeline, Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { withoutSecrets } from '../../spec/secrets.ts';
import { jsonLatin1 } from '../json.ts';
import { toLatin1 } from '../latin1.ts';
import type { HttpResponse } from '../operation.ts';
import { corsHeaders } from './cors.ts';

/** Sends a response. Its JSON has the media type `application/json` without a charset, as in FastAPI. */
export function sendResponse(response: FastifyReply, { status, headers, body }: HttpResponse): FastifyReply {
  response.code(status).headers(headers);
  // If the client asked to close, the connection closes although the response says keep-alive. uvicorn sends both
  // values.
  if (headers['connection'] === 'keep-alive' && !response.raw.shouldKeepAlive)
    response.header('connection', ['keep-alive', 'close']);
  if (response.request.headers.origin && !headers['access-control-allow-origin'])
    response.headers(corsHeaders(response.request.headers));
  if (!body) return response.send();
  if ('json' in body) return sendText(response.header('content-type', 'application/json'), jsonLatin1(body.json));
  if ('latin1' in body) return sendText(response, body.latin1);
  if ('bytes' in body) return response.send(typeof body.bytes === 'string' ? Buffer.from(body.bytes) : body.bytes);
  if (Array.isArray(body.chunks)) return sendChunks(response, body.chunks);
  return sendStream(response, body.chunks);
}

/** Sends the head at once: the first chunk may take long. */
function sendStream(response: FastifyReply, chunks: AsyncIterable<string | Buffer>): FastifyReply {
  const { raw } = response;
  raw.writeHead(response.statusCode, response.getHeaders() as Record<string, string>);
  // An empty buffer sends the head in Latin-1; flushHeaders would send it in UTF-8.
  raw.write(Buffer.alloc(0));
  pipeline(chunks instanceof Readable ? chunks : Readable.from(chunks, { objectMode: false }), raw, (error) => {
    // A client that disconnects is no error of ours. Errors of the system and of streams have a code, our own have
    // none.
    if (error && error.code === undefined)
      process.stderr.write(`${response.request.method} ${withoutSecrets(response.request.url)}: ${error.stack}\n`);
  });
  return response;
}

/**
 * Sends a Latin-1 string in one write with its head; a buffer would take two. Uses Node's own functions, since Fastify
 * adds a charset to a text.
 */
function sendText(response: FastifyReply, latin1: string): FastifyReply {
  const { raw } = response;
  raw.writeHead(response.statusCode, {
    ...(response.getHeaders() as Record<string, string>),
    'content-length': latin1.length,
  });
  raw.end(latin1, 'latin1');
  return response;
}

/** Sends complete chunks in one write. Node would make several writes of each. */
function sendChunks(response: FastifyReply, chunks: string[]): FastifyReply {
  const { raw, request } = response;
  if (request.raw.httpVersion === '1.0') return sendText(response, toLatin1(chunks.join('')));
  raw.writeHead(response.statusCode, {
    ...(response.getHeaders() as Record<string, string>),
    'transfer-encoding': 'chunked',
  });
  raw.chunkedEncoding = false;
  raw.end(`${chunks.map(toLatin1).map(frame).join('')}0\r\n\r\n`, 'latin1');
  return response;
}

/** Frames a chunk. An empty frame would end the response, so there is none. */
const frame = (latin1: string): string => latin1 && `${latin1.length.toString(16)}\r\n${latin1}\r\n`;
