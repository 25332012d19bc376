/**
 * Decodes a JSON body as Python's json.loads does: UTF-8, UTF-16 or UTF-32, recognized by a byte order mark or by the
 * zeros of the first bytes. Halves of surrogate pairs are accepted.
 *
 * @throws RangeError for bytes that are no such text
 */
export function decodeJson(buffer: Buffer): string {
  const encoding = encodingOf(buffer);
  if (encoding === 'utf-8') return fromUtf8(buffer);
  const text = encoding.startsWith('utf-16')
    ? fromUtf16(buffer, encoding === 'utf-16-be')
    : fromUtf32(buffer, encoding === 'utf-32-be');
  const marked = buffer[0] === 0xff || buffer[0] === 0xfe || (buffer[2] === 0xfe && buffer[3] === 0xff);
  return marked ? text.slice(1) : text;
}

/** Whether the bytes of a JSON text are UTF-8 without a byte order mark: the only encoding of orjson. */
export const isPlainUtf8 = (bytes: Buffer): boolean => encodingOf(bytes) === 'utf-8' && bytes[0] !== 0xef;

type Encoding = 'utf-8' | 'utf-16-le' | 'utf-16-be' | 'utf-32-le' | 'utf-32-be';

/** Python's json.detect_encoding. */
function encodingOf(bytes: Buffer): Encoding {
  // Nearly every body starts with two ASCII characters.
  if (bytes[0] !== 0 && bytes[1] !== 0 && (bytes[0] as number) < 0xfe) return 'utf-8';
  const start = bytes.toString('hex', 0, 4);
  if (start === '0000feff') return 'utf-32-be';
  if (start === 'fffe0000') return 'utf-32-le';
  if (start.startsWith('feff')) return 'utf-16-be';
  if (start.startsWith('fffe')) return 'utf-16-le';
  const [first, second, third, fourth] = bytes;
  if (bytes.length >= 4) {
    if (first === 0) return second === 0 ? 'utf-32-be' : 'utf-16-be';
    if (second === 0) return third === 0 && fourth === 0 ? 'utf-32-le' : 'utf-16-le';
  } else if (bytes.length === 2) {
    if (first === 0) return 'utf-16-be';
    if (second === 0) return 'utf-16-le';
  }
  return 'utf-8';
}

const withMark = new TextDecoder('utf-8', { fatal: true });
const plain = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const HALF = /\xed([\xa0-\xbf])([\x80-\xbf])/g;

function fromUtf8(bytes: Buffer): string {
  try {
    return withMark.decode(bytes);
  } catch {
    return fromUtf8WithHalves(bytes);
  }
}

/**
 * Decodes UTF-8 with encoded halves of surrogate pairs. Such a half starts with a byte that is never inside a
 * character.
 */
function fromUtf8WithHalves(bytes: Buffer): string {
  const parts: string[] = [];
  let from = 0;
  for (const { index, 0: half } of bytes.toString('latin1').matchAll(HALF)) {
    parts.push(
      strict(bytes.subarray(from, index)),
      String.fromCharCode(0xd000 | ((half.charCodeAt(1) & 0x3f) << 6) | (half.charCodeAt(2) & 0x3f)),
    );
    from = index + half.length;
  }
  return [...parts, strict(bytes.subarray(from))].join('').replace(/^\ufeff/, '');
}

function strict(bytes: Buffer): string {
  try {
    return plain.decode(bytes);
  } catch {
    throw new RangeError('no UTF-8');
  }
}

function fromUtf16(bytes: Buffer, bigEndian: boolean): string {
  if (bytes.length % 2 !== 0) throw new RangeError('UTF-16 cut short');
  return (bigEndian ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');
}

function fromUtf32(bytes: Buffer, bigEndian: boolean): string {
  if (bytes.length % 4 !== 0) throw new RangeError('UTF-32 cut short');
  const signs: string[] = [];
  for (let at = 0; at < bytes.length; at += 4)
    signs.push(String.fromCodePoint(bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)));
  return signs.join('');
}
