/**
 * Python's error for bytes that are not UTF-8: `'utf-8' codec can't decode byte 0xff in position 1: invalid start
 * byte`.
 */
export function whyNotUtf8(bytes: Uint8Array): string {
  for (let at = 0; at < bytes.length; ) {
    const found = sequenceAt(bytes, at);
    if (found.error === undefined) {
      at += found.length;
      continue;
    }
    const what =
      found.length === 1
        ? `byte 0x${(bytes[at] as number).toString(16).padStart(2, '0')} in position ${at}`
        : `bytes in position ${at}-${at + found.length - 1}`;
    return `'utf-8' codec can't decode ${what}: ${found.error}`;
  }
  return "'utf-8' codec can't decode bytes";
}

/** The length of a sequence, or of its invalid part. */
function sequenceAt(bytes: Uint8Array, at: number): { length: number; error?: string } {
  const first = bytes[at] as number;
  const wanted = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (wanted === 0) return { length: 1, error: 'invalid start byte' };
  for (let have = 1; have < wanted; have++) {
    const next = bytes[at + have];
    if (next === undefined) return { length: have, error: 'unexpected end of data' };
    const [from, to] = have === 1 ? (SECOND[first] ?? [0x80, 0xbf]) : [0x80, 0xbf];
    if (next < from || next > to) return { length: have, error: 'invalid continuation byte' };
  }
  return { length: wanted };
}

/** The allowed second bytes after special first bytes. Others would be overlong, a surrogate, or beyond Unicode. */
const SECOND: Record<number, [from: number, to: number]> = {
  224: [0xa0, 0xbf],
  237: [0x80, 0x9f],
  240: [0x90, 0xbf],
  244: [0x80, 0x8f],
};
