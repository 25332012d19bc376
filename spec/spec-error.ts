/** Thrown for a part of the contract that cannot be used; the message names the file. */
export class SpecError extends Error {
  override name = 'SpecError';
}

export const unknownVersion = (version: string, known: string[]): SpecError =>
  new SpecError(`There is no profile for Langflow ${version}; there is one for ${known.join(', ')}`);
