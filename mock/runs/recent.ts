/** More values would be a leak: the oldest are forgotten. */
const MOST_VALUES = 1000;
const MOST_BYTES = 64 * 1024 * 1024;

/** The newest values by their keys: at most so many, and together of at most about so many bytes. The very newest always stays. */
export class Recent<Value> extends Map<string, Value> {
  readonly #sizes = new Map<string, number>();
  #bytes = 0;

  override set(key: string, value: Value): this {
    this.delete(key);
    const size = roughBytes(value, MOST_BYTES);
    while (this.size >= MOST_VALUES || (this.size > 0 && this.#bytes + size > MOST_BYTES))
      this.delete(this.keys().next().value as string);
    this.#sizes.set(key, size);
    this.#bytes += size;
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    this.#bytes -= this.#sizes.get(key) ?? 0;
    this.#sizes.delete(key);
    return super.delete(key);
  }

  override clear(): void {
    this.#bytes = 0;
    this.#sizes.clear();
    super.clear();
  }
}

/** What an object or a member of one takes beside its texts. */
const BYTES_EACH = 16;

/** About how many bytes hang on a value; counted no further than `most`. */
export function roughBytes(value: unknown, most: number): number {
  const seen = new Set<unknown>();
  const waiting: unknown[] = [value];
  let bytes = 0;
  while (waiting.length > 0 && bytes < most) {
    const next = waiting.pop();
    bytes += BYTES_EACH;
    if (typeof next === 'string') bytes += next.length;
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    if (ArrayBuffer.isView(next)) bytes += next.byteLength;
    else if (next instanceof Map) for (const entry of next) waiting.push(...entry);
    else if (Array.isArray(next) || next instanceof Set) for (const member of next) waiting.push(member);
    else for (const name in next) waiting.push((next as Record<string, unknown>)[name]);
  }
  return bytes;
}
