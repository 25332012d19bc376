import { gzipSync } from 'node:zlib';
import { jsonOctets } from '../json.ts';
import { type Reply, reply } from '../operation.ts';

interface CompressedList {
  version: number;
  items: object[];
  octets: string;
}

const kept = new WeakMap<object, Map<string, CompressedList>>();

/**
 * A list as Langflow sends long ones: compressed whatever the client accepts (FLOWS-008). Compressing takes longer than
 * all else, so the bytes are kept for `owner` until an item of the list is another one; the items are only looked at in
 * another version of what they come from.
 */
export function compressedList(owner: object, kind: string, version: number, itemsOf: () => object[]): Reply {
  const lists = kept.get(owner) ?? new Map<string, CompressedList>();
  kept.set(owner, lists);
  let list = lists.get(kind);
  if (list?.version !== version) {
    const items = itemsOf();
    const octets = list && sameItems(list.items, items) ? list.octets : compressed(items);
    lists.set(kind, (list = { version, items, octets }));
  }
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', vary: 'Accept-Encoding' };
  return reply(200, { octets: list.octets }, headers);
}

const compressed = (items: object[]): string => gzipSync(Buffer.from(jsonOctets(items), 'latin1'), { level: 6 }).toString('latin1');

const sameItems = (some: object[], others: object[]) => some.length === others.length && some.every((item, index) => item === others[index]);
