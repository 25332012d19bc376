/**
 * The most of a value that builds show: `serialization_max_text_length` and `serialization_max_items_length` of the
 * configuration.
 */
export const DISPLAY_LIMITS = { text: 6000, items: 1000 };

/** Cuts long texts and lists of a value, with a real server's own mark at the cut (CONFIG-017). */
export function cutForDisplay<T>(value: T): T {
  return cut(value) as T;
}

function cut(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length > DISPLAY_LIMITS.text ? `${value.slice(0, DISPLAY_LIMITS.text)}...` : value;
  if (Array.isArray(value)) return cutList(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cut(one)]));
}

function cutList(list: unknown[]): unknown[] {
  const kept = list.slice(0, DISPLAY_LIMITS.items).map(cut);
  return kept.length < list.length ? [...kept, `... [truncated ${list.length - kept.length} items]`] : kept;
}
