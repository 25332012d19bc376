/**
 * Numbers of JSON as Python keeps them. JavaScript has doubles alone: it writes `1.0` as `1`, `-0.0` as `0` and 9007199254740993 as
 * 9007199254740992. A number that it would write otherwise is read as the raw JSON of Python's text, which `JSON.stringify` writes as it is.
 */

/** What `JSON.rawJSON` makes: an object, which is no number to `typeof`. */
export interface ExactNumber {
  readonly rawJSON: string;
}

/** Of ES2026; TypeScript 5.9 does not have them. */
const { rawJSON, isRawJSON } = JSON as unknown as { rawJSON(text: string): ExactNumber; isRawJSON(value: unknown): value is ExactNumber };

export const isExactNumber = isRawJSON;

/** The text of a number as Python's `json.dumps(json.loads(text))` gives it; undefined for a float that is not finite. */
export function pythonNumber(text: string): string | undefined {
  return /[.eE]/.test(text) ? pythonFloat(Number(text)) : text === '-0' ? '0' : text;
}

/** Python's `repr` of a float; undefined where JSON has no such number. */
export function pythonFloat(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  const [digits = '', exponent] = value.toExponential().split('e');
  // Python goes over to exponents at another size, and gives them two digits.
  if (Number(exponent) < -4 || Number(exponent) >= 16) return `${digits}e${exponent?.replace(/^([+-])(\d)$/, '$10$2')}`;
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** A number from its JSON text: a plain one where JavaScript writes what Python does. */
export function exactNumber(text: string): number | ExactNumber {
  const value = Number(text);
  const written = pythonNumber(text);
  return written === undefined || String(value) === written ? value : rawJSON(written);
}

/** A float of a response, which Python writes as `1.0` where JavaScript writes `1`. */
export const float = (value: number): number => exactNumber(pythonFloat(value) ?? String(value)) as number;

/** The number, of one that is exact: for whoever calculates. Any other value is itself. */
export const toNumber = (value: unknown): unknown => (isRawJSON(value) ? Number(value.rawJSON) : value);

/** The value with plain numbers alone, however deep. */
export function withPlainNumbers<Value>(value: Value): Value;
export function withPlainNumbers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isRawJSON(value)) return Number(value.rawJSON);
  if (Array.isArray(value)) return value.map((item) => withPlainNumbers(item));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withPlainNumbers(member)]));
}

/** The value of a JSON text, with exact numbers. @throws SyntaxError */
export function parseExact(text: string, read: (text: string) => number | ExactNumber = exactNumber): unknown {
  const keepDigits = (_key: string, value: unknown, { source = '' }: { source?: string }) => (typeof value === 'number' ? read(source) : value);
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}

/** As orjson reads numbers: a whole one that 64 bits do not hold is a float. */
export function orjsonNumber(text: string): number | ExactNumber {
  const isLong = /^-?\d{19,}$/.test(text) && (BigInt(text) >= 2n ** 64n || BigInt(text) < -(2n ** 63n));
  return exactNumber(isLong ? `${text}.0` : text);
}
