import { GRAPH } from './graphs.ts';

/** Numbers as JSON writes them that many a JSON library changes: beyond 53 bits, whole floats, a zero below zero. */
const DIGITS = '[9007199254740993,12345678901234567890,-9007199254740995,1.0,-0.0,0.1]';

/** The JSON of an object with those numbers in it, beside `members`. */
export const withDigits = (members: object = {}): string =>
  JSON.stringify({ ...members, digits: 0 }).replace('"digits":0', `"digits":${DIGITS}`);

/** The JSON of a flow that has them in its graph, or something else under their name. */
export const flowWithDigits = (name: string, digits = DIGITS): string =>
  JSON.stringify({ name, data: GRAPH }).replace('"template":{}', `"template":{"digits":${digits}}`);

/** Whether a JSON text has those numbers, to the digit. */
export const hasDigits = (text: string): boolean => text.replaceAll(/\s/g, '').includes(`"digits":${DIGITS}`);
