/** Thrown when a part of the contract can't be used; the message names the file. */
export class SpecError extends Error {
  override name = 'SpecError';
}
