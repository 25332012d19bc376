import { isExactNumber } from '../numbers.ts';

/** JSON values in Python's notation. */

/** `repr(value)`: `{'name': "it's", 'n': None}`. */
export function repr(value: unknown): string {
  if (typeof value === 'string') return reprOfText(value);
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return reprOfNumber(value);
  if (isExactNumber(value)) return value.rawJSON;
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  const members = Object.entries(value as object).map(([name, member]) => `${reprOfText(name)}: ${repr(member)}`);
  return `{${members.join(', ')}}`;
}

export function reprOfNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (Number.isInteger(value)) return BigInt(value).toString();
  // Python switches to exponents at other magnitudes.
  const text = Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function reprOfText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll(/[\\\p{C}\p{Z}']/gu, (char) => {
    if (char === ' ') return char;
    if (char === "'") return quote === "'" ? "\\'" : char;
    return ESCAPES[char] ?? hexOf(char.codePointAt(0) as number);
  });
  return quote + escaped + quote;
}

function hexOf(code: number): string {
  const hex = (digits: number) => code.toString(16).padStart(digits, '0');
  return code <= 0xff ? `\\x${hex(2)}` : code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}

/** The name of a value's Python type. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (isExactNumber(value)) return /^-?\d+$/.test(value.rawJSON) ? 'int' : 'float';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return { string: 'str', boolean: 'bool' }[typeof value as string] ?? 'dict';
}
