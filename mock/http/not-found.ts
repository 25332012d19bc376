import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { Spec } from '../../spec/index.ts';
import { pathPattern } from '../../spec/path-template.ts';
import type { Mock } from '../mock.ts';
import { type HttpResponse, respond } from '../operation.ts';
import { rstrip } from '../python/strip.ts';
import { limitBytes } from './body.ts';
import { preflight } from './cors.ts';
import { DOCUMENT_PATHS } from './docs.ts';
import { queryOf } from './query.ts';
import { StrictForm, wantsStrictForm } from './strict-form.ts';

interface KnownPath {
  pattern: RegExp;
  /** The Allow header of a 405. */
  allow: string;
}

const matchers = new WeakMap<Spec, KnownPath[]>();

function matchersOf(spec: Spec) {
  let list = matchers.get(spec);
  if (!list) {
    // The path of a WebSocket accepts no plain request.
    const plain = spec.operations.filter(({ websocket }) => !websocket);
    // As in Starlette, Allow names one method: that of the path's first route. `x-allow` gives it if it is not the
    // first in the contract.
    const allowOf = ({ path }: { path: string }): string | undefined => spec.document.paths[path]?.['x-allow'];
    const inOrder = [...plain.filter(allowOf), ...plain];
    const known = inOrder.map((operation) => ({
      pattern: pathPattern(operation.path),
      allow: allowOf(operation) ?? operation.method,
    }));
    list = [...DOCUMENT_PATHS.map((path) => ({ pattern: pathPattern(path), allow: 'GET, HEAD' })), ...known];
    matchers.set(spec, list);
  }
  return list;
}

/**
 * The response where no route matches, in Starlette's order: a preflight, 405 for a known path, a redirect if only the
 * trailing slash differs, else 404.
 */
export async function notFound(mock: Mock, request: FastifyRequest): Promise<HttpResponse> {
  const { spec } = mock;
  if (wantsStrictForm(spec, request.url)) await refuseIncompleteForm(mock, request);
  return preflight(request.method, request.headers) ?? respondUnrouted(spec, request);
}

async function refuseIncompleteForm(mock: Mock, request: FastifyRequest): Promise<void> {
  const form = new StrictForm(request.headers);
  const body = request.body as Readable | undefined;
  for await (const chunk of body ? limitBytes(request, body, mock) : []) form.addChunk(chunk);
  form.refuseIncomplete();
}

function respondUnrouted(spec: Spec, request: FastifyRequest): HttpResponse {
  const [path = '/'] = request.url.split('?', 1);
  const known = matchersOf(spec).find(({ pattern }) => pattern.test(path));
  if (known) return respond(405, { json: { detail: 'Method Not Allowed' } }, { allow: known.allow });
  const other = path.endsWith('/') ? rstrip(path, '/') : `${path}/`;
  if (path === '/' || !matchersOf(spec).some(({ pattern }) => pattern.test(other)))
    return respond(404, { json: { detail: 'Not Found' } });
  const query = queryOf(request.url).toString();
  const scheme = request.headers['x-forwarded-proto'] ?? 'http';
  return respond(307, undefined, { location: `${scheme}://${request.headers.host}${other}${query && `?${query}`}` });
}
