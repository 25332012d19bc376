import { gzipSync } from 'node:zlib';
import { catalogueOf } from '../components/catalogue.ts';
import type { Mock } from '../mock.ts';
import { type Handlers, type Reply, reply } from '../operation.ts';

const replies = new WeakMap<Mock, Reply>();

/** Read and compressed once. Sent with gzip whatever the client accepts, as the real one does (COMP-009). */
function catalogueReply(mock: Mock): Reply {
  let made = replies.get(mock);
  if (!made) {
    const bytes = gzipSync(JSON.stringify(catalogueOf(mock)), { level: 6 });
    made = reply(200, { bytes }, { 'content-type': 'application/json', 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    replies.set(mock, made);
  }
  return made;
}

export const componentRoutes = {
  listComponents: (_, mock) => catalogueReply(mock),
} satisfies Handlers;
