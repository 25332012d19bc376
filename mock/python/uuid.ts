import { strip } from './strip.ts';

/** Ids as Python's uuid.UUID reads them. */

/** Removes the marks that may be around and inside an id. The rest has 32 digits if it is one. */
export const uuidDigits = (text: string): string =>
  strip(text.replaceAll('urn:', '').replaceAll('uuid:', ''), '{}').replaceAll('-', '');

/** 32 digits in lower case, with hyphens. */
export const hyphenate = (digits: string): string =>
  digits.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
