import { gzipSync } from 'node:zlib';
import { jsonLatin1 } from '../json.ts';
import { type HttpResponse, respond } from '../operation.ts';

interface CompressedList {
  version: number;
  items: object[];
  latin1: string;
}

const kept = new WeakMap<object, Map<string, CompressedList>>();

/**
 * A list that Langflow always compresses, whatever the client accepts (FLOWS-008). Compressing is slow, so the bytes
 * are kept for `owner` until an item changes. Items are compared only when `version`, that of their source, has
 * changed.
 */
export function compressedList(owner: object, kind: string, version: number, itemsOf: () => object[]): HttpResponse {
  const lists = kept.get(owner) ?? new Map<string, CompressedList>();
  kept.set(owner, lists);
  let list = lists.get(kind);
  if (list?.version !== version) {
    const items = itemsOf();
    const latin1 = list && sameItems(list.items, items) ? list.latin1 : compressed(items);
    lists.set(kind, (list = { version, items, latin1 }));
  }
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', vary: 'Accept-Encoding' };
  return respond(200, { latin1: list.latin1 }, headers);
}

const compressed = (items: object[]): string =>
  gzipSync(Buffer.from(jsonLatin1(items), 'latin1'), { level: 6 }).toString('latin1');

const sameItems = (some: object[], others: object[]) =>
  some.length === others.length && some.every((item, index) => item === others[index]);
