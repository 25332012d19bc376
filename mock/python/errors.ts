/** Python's ValueError, with Python's message. */
export class ValueError extends Error {
  override name = 'ValueError';
}
