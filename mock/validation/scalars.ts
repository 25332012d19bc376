import type { JsonSchema } from '../../spec/index.ts';
import { toNumber } from '../numbers.ts';
import { repr } from '../python/repr.ts';
import { fail, type Parser } from './errors.ts';

/** Parses a string. Nothing is coerced to a string. */
export function stringParser(schema: JsonSchema): Parser {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = schema;
  const expression = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  const constrained = minLength > 0 || maxLength < Number.POSITIVE_INFINITY;
  return (input, errors) => {
    if (typeof input !== 'string') return fail(errors, 'string_type', 'Input should be a valid string', input);
    if (!input.isWellFormed()) return failUnicode(errors, input);
    if (constrained) {
      const length = [...input].length;
      if (length < minLength)
        return fail(errors, 'string_too_short', `String should have at least ${characters(minLength)}`, input, {
          min_length: minLength,
        });
      if (length > maxLength)
        return fail(errors, 'string_too_long', `String should have at most ${characters(maxLength)}`, input, {
          max_length: maxLength,
        });
    }
    if (expression && !expression.test(input)) {
      return fail(errors, 'string_pattern_mismatch', `String should match pattern '${pattern}'`, input, { pattern });
    }
    return input;
  };
}

/** The error for half of a surrogate pair, which Python allows in a text and pydantic does not. */
export const failUnicode = (errors: Parameters<Parser>[1], input: string) =>
  fail(errors, 'string_unicode', 'Input should be a valid string, unable to parse raw data as a unicode string', input);

const characters = (count: number): string => (count === 1 ? '1 character' : `${count} characters`);

/** pydantic-core's form of an integer: digits with single underscores between them, and zeros after a dot. */
const INTEGER = /^[+-]?\d+(?:_\d+)*(?:\.0+)?$/;

/** Parses an integer. Whole floats, booleans and strings of digits are coerced. */
export function integerParser(schema: JsonSchema): Parser {
  const bounds = boundsParser(schema);
  return (given, errors, state) => {
    const input = toNumber(given);
    let value: number;
    if (typeof input === 'number') {
      if (!Number.isFinite(input)) return fail(errors, 'finite_number', 'Input should be a finite number', given);
      if (!Number.isInteger(input))
        return fail(
          errors,
          'int_from_float',
          'Input should be a valid integer, got a number with a fractional part',
          given,
        );
      value = input;
    } else if (typeof input === 'string') {
      const text = input.trim();
      if (!INTEGER.test(text))
        return fail(
          errors,
          'int_parsing',
          'Input should be a valid integer, unable to parse string as an integer',
          input,
        );
      value = Number(text.replaceAll('_', '')) + 0;
      state.exactness = 0;
    } else if (typeof input === 'boolean') {
      value = Number(input);
      state.exactness = 0;
    } else {
      return fail(errors, 'int_type', 'Input should be a valid integer', input);
    }
    return bounds ? bounds(value, errors, state, given) : value;
  };
}

const FLOAT = /^[+-]?(?:(?:\d+(?:_\d+)*)(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const SPECIAL = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i;

/** Parses a number. Booleans and strings are coerced. */
export function numberParser(schema: JsonSchema): Parser {
  const bounds = boundsParser(schema);
  return (given, errors, state) => {
    const input = toNumber(given);
    let value: number;
    if (typeof input === 'number') {
      value = input;
      if (Number.isInteger(input)) state.exactness = Math.min(state.exactness, 1);
    } else if (typeof input === 'string') {
      value = floatFrom(input.trim());
      if (value === undefined)
        return fail(
          errors,
          'float_parsing',
          'Input should be a valid number, unable to parse string as a number',
          input,
        );
      state.exactness = 0;
    } else if (typeof input === 'boolean') {
      value = Number(input);
      state.exactness = 0;
    } else {
      return fail(errors, 'float_type', 'Input should be a valid number', input);
    }
    return bounds ? bounds(value, errors, state, given) : value;
  };
}

function floatFrom(text: string): number {
  if (FLOAT.test(text)) return Number(text.replaceAll('_', ''));
  const special = SPECIAL.exec(text);
  if (!special) return undefined as never;
  return special[2] ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
}

type Bounds = (value: number, errors: Parameters<Parser>[1], state: Parameters<Parser>[2], input: unknown) => unknown;

/** The bounds in pydantic's order: le, lt, ge, gt. */
function boundsParser(schema: JsonSchema): Bounds | undefined {
  const rules = [
    {
      limit: schema.maximum,
      type: 'less_than_equal',
      words: 'less than or equal to',
      key: 'le',
      ok: (v: number, l: number) => v <= l,
    },
    {
      limit: schema.exclusiveMaximum,
      type: 'less_than',
      words: 'less than',
      key: 'lt',
      ok: (v: number, l: number) => v < l,
    },
    {
      limit: schema.minimum,
      type: 'greater_than_equal',
      words: 'greater than or equal to',
      key: 'ge',
      ok: (v: number, l: number) => v >= l,
    },
    {
      limit: schema.exclusiveMinimum,
      type: 'greater_than',
      words: 'greater than',
      key: 'gt',
      ok: (v: number, l: number) => v > l,
    },
  ].flatMap(({ limit, ...rule }) => (limit === undefined ? [] : [{ limit, ...rule }]));
  if (rules.length === 0) return undefined;
  return (value, errors, _state, input) => {
    for (const { limit, type, words, key, ok } of rules) {
      if (!ok(value, limit)) return fail(errors, type, `Input should be ${words} ${limit}`, input, { [key]: limit });
    }
    return value;
  };
}

const TRUE = new Set(['1', 'on', 't', 'true', 'y', 'yes']);
const FALSE = new Set(['0', 'off', 'f', 'false', 'n', 'no']);

/** Parses a boolean. 0, 1 and the usual words are coerced. */
export const booleanParser: Parser = (given, errors, state) => {
  const input = toNumber(given);
  if (typeof input === 'boolean') return input;
  if (typeof input === 'number' && (!Number.isInteger(input) || Math.abs(input) >= 2 ** 63))
    return fail(errors, 'bool_type', 'Input should be a valid boolean', given);
  if (typeof input !== 'string' && typeof input !== 'number')
    return fail(errors, 'bool_type', 'Input should be a valid boolean', given);
  state.exactness = 0;
  const word = String(input).toLowerCase();
  if (TRUE.has(word)) return true;
  if (FALSE.has(word)) return false;
  return fail(errors, 'bool_parsing', 'Input should be a valid boolean, unable to interpret input', given);
};

/**
 * Parses one of several values: `enum` for a Python Enum (a named schema), `literal_error` for a Literal (an inline
 * schema).
 */
export function choiceParser(choices: unknown[], type: 'enum' | 'literal_error'): Parser {
  const allowed = new Set(choices);
  const expected = choices
    .map(repr)
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' or ');
  return (input, errors, state) => {
    if (!allowed.has(input)) return fail(errors, type, `Input should be ${expected}`, input, { expected });
    if (type === 'enum') state.exactness = 0;
    return input;
  };
}

/** Parses a file of a multipart form: any value of the front that is no text. */
export const fileParser: Parser = (input, errors) => {
  if (typeof input === 'object' && input !== null) return input;
  return fail(
    errors,
    'value_error',
    `Value error, Expected UploadFile, received: <class '${typeof input === 'string' ? 'str' : typeof input}'>`,
    input,
    {
      error: {},
    },
  );
};

export const anyParser: Parser = (input, _errors, state) => {
  state.exactness = 0;
  return input;
};

export const nullParser: Parser = (input, errors) =>
  input === null ? null : fail(errors, 'none_required', 'Input should be None', input);
