import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Spec } from '../../spec/index.ts';
import { reply } from '../operation.ts';
import { sendReply } from './send.ts';

const matchers = new WeakMap<Spec, { pattern: RegExp; method: string }[]>();

function matchersOf(spec: Spec) {
  let list = matchers.get(spec);
  if (!list) {
    list = spec.operations.map(({ path, method }) => ({ method, pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`) }));
    matchers.set(spec, list);
  }
  return list;
}

/** What no route answers: 405 where the path is known, a redirect where only the trailing slash differs, else 404 (Starlette's order). */
export function notFound(spec: Spec, request: FastifyRequest, response: FastifyReply): FastifyReply {
  const [path = '/', query] = request.url.split('?', 2);
  const known = matchersOf(spec).find(({ pattern }) => pattern.test(path));
  if (known) return sendReply(response, reply(405, { json: { detail: 'Method Not Allowed' } }, { allow: known.method }));
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  if (path !== '/' && matchersOf(spec).some(({ pattern }) => pattern.test(other))) {
    const location = `http://${request.headers.host}${other}${query ? `?${query}` : ''}`;
    return sendReply(response, reply(307, undefined, { location }));
  }
  return sendReply(response, reply(404, { json: { detail: 'Not Found' } }));
}
