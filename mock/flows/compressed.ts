import { gzipSync } from 'node:zlib';
import { jsonOctets } from '../json.ts';
import { type Reply, reply } from '../operation.ts';

const kept = new WeakMap<object, Map<string, { items: object[]; octets: string }>>();

/**
 * A list as Langflow sends long ones: compressed whatever the client accepts (FLOWS-008). Compressing takes longer than
 * all else, so the bytes are kept for `owner` until an item of the list is another one.
 */
export function compressedList(owner: object, kind: string, items: object[]): Reply {
  const lists = kept.get(owner) ?? new Map<string, { items: object[]; octets: string }>();
  kept.set(owner, lists);
  let list = lists.get(kind);
  if (!list || !sameItems(list.items, items)) {
    list = { items, octets: gzipSync(Buffer.from(jsonOctets(items), 'latin1'), { level: 6 }).toString('latin1') };
    lists.set(kind, list);
  }
  return reply(200, { octets: list.octets }, { 'content-type': 'application/json', 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
}

const sameItems = (some: object[], others: object[]) => some.length === others.length && some.every((item, index) => item === others[index]);
