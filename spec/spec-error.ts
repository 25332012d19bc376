/** Thrown for a part of the contract that cannot be used; the message names the file. */
export class SpecError extends Error {
  override name = 'SpecError';
}
