/** Python's ValueError: the message is Python's own. */
export class ValueError extends Error {
  override name = 'ValueError';
}
