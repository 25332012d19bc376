/**
 * Octets: the bytes of a text's UTF-8, each as a character. Node sends those fastest, in one write with the head of a response, and V8
 * keeps them in half the room of a text that has characters beyond Latin-1.
 */

/** Room for the UTF-8 of a text, which is at most three times as long. */
const room = Buffer.allocUnsafeSlow(3 * 64 * 1024);

/** The UTF-8 of a text, each byte as a character: an ASCII text itself. */
export function octetsOf(text: string): string {
  const bytes = 3 * text.length > room.length ? Buffer.allocUnsafeSlow(3 * text.length) : room;
  const length = bytes.write(text, 'utf8');
  return length === text.length ? text : bytes.toString('latin1', 0, length);
}

/** The text of octets. */
export function textOf(octets: string): string {
  return /[\x80-\xff]/.test(octets) ? Buffer.from(octets, 'latin1').toString('utf8') : octets;
}
