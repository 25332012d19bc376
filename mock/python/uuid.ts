import { strip } from './strip.ts';

/** Ids as Python's uuid.UUID reads them. */

/** What is left of a text without the marks that may surround and part an id: the 32 digits, where it is one. */
export const uuidDigits = (text: string): string => strip(text.replaceAll('urn:', '').replaceAll('uuid:', ''), '{}').replaceAll('-', '');

/** 32 digits with hyphens between them, in small letters. */
export const hyphenate = (digits: string): string => digits.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
