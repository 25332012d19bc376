/**
 * Latin-1 strings: the UTF-8 bytes of a text, one character a byte. Node sends head and body in one write when the body
 * is such a string, and V8 keeps it in half the memory of a text with characters beyond Latin-1.
 */

/** A buffer for UTF-8, which has at most three bytes for each UTF-16 unit. */
const room = Buffer.allocUnsafeSlow(3 * 64 * 1024);

/** The UTF-8 bytes of a text, as a Latin-1 string. An ASCII text stays as it is. */
export function toLatin1(text: string): string {
  const bytes = 3 * text.length > room.length ? Buffer.allocUnsafeSlow(3 * text.length) : room;
  const length = bytes.write(text, 'utf8');
  return length === text.length ? text : bytes.toString('latin1', 0, length);
}

/** The text whose UTF-8 bytes are given as a Latin-1 string. */
export function fromLatin1(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? Buffer.from(latin1, 'latin1').toString('utf8') : latin1;
}
