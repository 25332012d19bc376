import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HttpResponse } from '../operation.ts';
import { sendResponse } from './send.ts';

/** Sends a response. */
export type Send = (to: FastifyReply, response: HttpResponse) => FastifyReply;

/**
 * Serves the files of the web UI beside the API. As in Langflow, index.html with status 200 then replaces every 404,
 * also of the API, so that each page of the UI loads by its own address.
 *
 * @throws Error if the folder has no index.html
 */
export async function serveUi(app: FastifyInstance, folder: string): Promise<Send> {
  const root = resolve(folder);
  if (!existsSync(join(root, 'index.html'))) throw new Error(`${folder} holds no web UI: there is no index.html in it`);
  await app.register(fastifyStatic, {
    root,
    serve: false,
    setHeaders: (response, path) =>
      void (path.endsWith('.js') && response.header('content-type', 'text/javascript; charset=utf-8')),
  });
  return (to, response) => {
    if (response.status !== 404) return sendResponse(to, response);
    const { method, url } = to.request;
    const file = decodePath(url);
    const found = file && (method === 'GET' || method === 'HEAD') && isFile(root, file);
    return to.code(200).sendFile(found ? file : 'index.html');
  };
}

function decodePath(url: string): string | undefined {
  try {
    return decodeURIComponent(url.split('?', 1)[0] ?? '').slice(1);
  } catch {
    return undefined;
  }
}

function isFile(root: string, name: string): boolean {
  const path = join(root, name);
  return (
    path.startsWith(root) && !name.includes('\0') && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)
  );
}
