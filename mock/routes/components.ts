import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Mock } from '../mock.ts';
import { type Handlers, type Reply, reply } from '../operation.ts';

/** Components that the flow engine knows; their fields are those of Langflow 1.7.3, their code only names the real one. */
const OWN_CATALOGUE = join(import.meta.dirname, '..', '..', 'fixtures', 'catalogue.json');

const replies = new WeakMap<Mock, Reply>();

/** Read and compressed once. Sent with gzip whatever the client accepts, as the real one does (COMP-009). */
function catalogueReply(mock: Mock): Reply {
  let made = replies.get(mock);
  if (!made) {
    const catalogue = mock.settings.catalogue ?? JSON.parse(readFileSync(OWN_CATALOGUE, 'utf8'));
    const bytes = gzipSync(JSON.stringify(catalogue), { level: 6 });
    made = reply(200, { bytes }, { 'content-type': 'application/json', 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    replies.set(mock, made);
  }
  return made;
}

export const componentRoutes = {
  listComponents: (_, mock) => catalogueReply(mock),
} satisfies Handlers;
