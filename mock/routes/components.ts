import { gzipSync } from 'node:zlib';
import { catalogueOf } from '../components/catalogue.ts';
import type { Mock } from '../mock.ts';
import { type Handlers, type HttpResponse, respond } from '../operation.ts';

const responses = new WeakMap<Mock, HttpResponse>();

/** Read and compressed once. Sent with gzip whatever the client accepts, as a real server does (COMP-009). */
function catalogueResponse(mock: Mock): HttpResponse {
  let found = responses.get(mock);
  if (!found) {
    const bytes = gzipSync(JSON.stringify(catalogueOf(mock)), { level: 6 });
    found = respond(
      200,
      { bytes },
      { 'content-type': 'application/json', 'content-encoding': 'gzip', vary: 'Accept-Encoding' },
    );
    responses.set(mock, found);
  }
  return found;
}

export const componentRoutes = {
  listComponents: (_, mock) => catalogueResponse(mock),
} satisfies Handlers;
