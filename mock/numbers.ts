/**
 * JSON numbers as Python keeps them. JavaScript has only doubles: it writes `1.0` as `1`, `-0.0` as `0` and
 * 9007199254740993 as 9007199254740992. A number that it would write otherwise is parsed into raw JSON with Python's
 * text, which `JSON.stringify` writes unchanged.
 */

/** The result of `JSON.rawJSON`: an object, whose `typeof` is not `number`. */
export interface ExactNumber {
  readonly rawJSON: string;
}

/** Functions of ES2026, which the types of TypeScript 5.9 lack. */
const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON(text: string): ExactNumber;
  isRawJSON(value: unknown): value is ExactNumber;
};

export const isExactNumber = isRawJSON;

/** The text of a number as Python's `json.dumps(json.loads(text))` writes it; undefined for an infinite float. */
export function pythonNumber(text: string): string | undefined {
  return /[.eE]/.test(text) ? pythonFloat(Number(text)) : text === '-0' ? '0' : text;
}

/** Python's `repr` of a float; undefined for NaN and infinite numbers. */
export function pythonFloat(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  const [digits = '', exponent] = value.toExponential().split('e');
  // Python switches to exponents at other magnitudes than JavaScript, and writes them with two digits.
  if (Number(exponent) < -4 || Number(exponent) >= 16) return `${digits}e${exponent?.replace(/^([+-])(\d)$/, '$10$2')}`;
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Parses a number: a plain one if JavaScript writes it as Python does, else an exact one. */
export function exactNumber(text: string): number | ExactNumber {
  const value = Number(text);
  const written = pythonNumber(text);
  return written === undefined || String(value) === written ? value : rawJSON(written);
}

/** A float of a response, which Python writes as `1.0` where JavaScript writes `1`. */
export const float = (value: number): number => exactNumber(pythonFloat(value) ?? String(value)) as number;

/** Turns an exact number into a plain one, to calculate with. Returns any other value unchanged. */
export const toNumber = (value: unknown): unknown => (isRawJSON(value) ? Number(value.rawJSON) : value);

/** Replaces all exact numbers in a value by plain ones. */
export function withPlainNumbers<Value>(value: Value): Value;
export function withPlainNumbers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isRawJSON(value)) return Number(value.rawJSON);
  if (Array.isArray(value)) return value.map((item) => withPlainNumbers(item));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withPlainNumbers(member)]));
}

/** Parses JSON with exact numbers. @throws SyntaxError */
export function parseExact(text: string, read: (text: string) => number | ExactNumber = exactNumber): unknown {
  const keepDigits = (_key: string, value: unknown, { source = '' }: { source?: string }) =>
    typeof value === 'number' ? read(source) : value;
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}

/** Parses a number as orjson does: an integer beyond 64 bits becomes a float. */
export function orjsonNumber(text: string): number | ExactNumber {
  const isLong = /^-?\d{19,}$/.test(text) && (BigInt(text) >= 2n ** 64n || BigInt(text) < -(2n ** 63n));
  return exactNumber(isLong ? `${text}.0` : text);
}
