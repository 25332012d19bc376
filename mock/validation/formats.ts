import { toNumber } from '../numbers.ts';
import { hyphenate } from '../python/uuid.ts';
import { fail, type Parser } from './errors.ts';
import { failUnicode } from './scalars.ts';

const UUID = /^(?:urn:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const BARE = /^[0-9a-f]{32}$/i;

/** Parses a UUID in any form of Rust's uuid crate. The value has hyphens and lower case. */
export const uuidParser: Parser = (input, errors, state) => {
  if (typeof input !== 'string')
    return fail(errors, 'uuid_type', 'UUID input should be a string, bytes or UUID object', input);
  if (!input.isWellFormed()) return failUnicode(errors, input);
  state.exactness = 0;
  const inner = input.startsWith('{') && input.endsWith('}') ? input.slice(1, -1) : input;
  if (UUID.test(inner)) return inner.slice(-36).toLowerCase();
  if (inner === input && BARE.test(input)) return hyphenate(input);
  const error = uuidError(input);
  return fail(errors, 'uuid_parsing', `Input should be a valid UUID, ${error}`, input, { error });
};

const GROUPS = [8, 4, 4, 4, 12] as const;
const STARTS = [0, 9, 14, 19, 24] as const;

/** The uuid crate's error for a text. Offsets count bytes. */
function uuidError(input: string): string {
  const [text, offset, simple] = unwrap(input);
  const bounds: number[] = [];
  let index = 0;
  for (const character of text) {
    if (character === '-') bounds.push(index);
    else if (!/^[0-9a-f]$/i.test(character)) {
      return `invalid character: expected an optional prefix of \`urn:uuid:\` followed by [0-9a-fA-F-], found \`${character}\` at ${index + offset + 1}`;
    }
    index += Buffer.byteLength(character);
  }
  if (bounds.length === 0 && simple)
    return `invalid length: expected length 32 for simple format, found ${Buffer.byteLength(input)}`;
  if (bounds.length !== 4) return `invalid group count: expected 5, found ${bounds.length + 1}`;
  const wrong = bounds.findIndex((at, group) => at !== (STARTS[group + 1] ?? 0) - 1);
  const group = wrong < 0 ? 4 : wrong;
  const found = wrong < 0 ? Buffer.byteLength(input) - STARTS[4] : (bounds[group] ?? 0) - (STARTS[group] ?? 0);
  return `invalid group length in group ${group}: expected ${GROUPS[group]}, found ${found}`;
}

function unwrap(input: string): [text: string, offset: number, simple: boolean] {
  if (input.startsWith('{') && input.endsWith('}')) return [input.slice(1, -1), 1, false];
  if (input.startsWith('urn:uuid:')) return [input.slice(9), 9, false];
  return [input, 0, true];
}

const DATETIME =
  /^(\d{4}-\d\d-\d\d)(?:[Tt _](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?)?$/;
const TIMESTAMP = /^[+-]?\d+(?:\.\d+)?$/;
/** A Unix time from this number on is in milliseconds, below in seconds. */
const MILLISECONDS = 2e10;

/** Parses a date with or without a time, or a Unix time. The value is ISO 8601 as pydantic writes it. */
export const datetimeParser: Parser = (given, errors, state) => {
  const input = toNumber(given);
  if (typeof input !== 'string' && typeof input !== 'number')
    return fail(errors, 'datetime_type', 'Input should be a valid datetime', input);
  state.exactness = 0;
  if (typeof input === 'number' || TIMESTAMP.test(input)) {
    const outside = whyNoTimestamp(Number(input));
    return outside === undefined
      ? fromTimestamp(Number(input))
      : fail(errors, 'datetime_parsing', `Input should be a valid datetime, ${outside}`, given, { error: outside });
  }
  const error =
    dateError(input) ?? (DATETIME.test(input) ? undefined : 'unexpected extra characters at the end of the input');
  if (error)
    return fail(errors, 'datetime_from_date_parsing', `Input should be a valid datetime or date, ${error}`, input, {
      error,
    });
  return isoFrom(input);
};

const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const FIRST_MS = Date.parse('0000-01-01T00:00:00Z');

const milliseconds = (value: number): number => (Math.abs(value) > MILLISECONDS ? value : value * 1000);

function whyNoTimestamp(value: number): string | undefined {
  if (milliseconds(value) > LAST_MS) return 'dates after 9999 are not supported as unix timestamps';
  return milliseconds(value) < FIRST_MS ? 'dates before 0000 are not supported as unix timestamps' : undefined;
}

function fromTimestamp(value: number): string {
  const time = milliseconds(value);
  if (Number.isNaN(time)) return '1970-01-01T00:00:00Z';
  const seconds = Math.floor(time / 1000);
  const micros = Math.round((Math.abs(value) > MILLISECONDS ? time - seconds * 1000 : (value - seconds) * 1000) * 1000);
  const fraction = micros > 0 ? `.${String(micros).padStart(6, '0')}` : '';
  return new Date(seconds * 1000).toISOString().replace('.000Z', `${fraction}Z`);
}

function isoFrom(input: string): string {
  const date = input.slice(0, 10);
  const [, clock = '00:00', fraction = '', zone = ''] = /^([\d:]*)(?:[.,](\d+))?(.*)$/s.exec(input.slice(11)) ?? [];
  const seconds = clock.length < 8 ? `${clock || '00:00'}:00` : clock;
  const micros = fraction && Number(fraction) > 0 ? `.${fraction.slice(0, 6).padEnd(6, '0')}` : '';
  const offset = /^[Zz]$|^[+-]00:?00$/.test(zone) ? 'Z' : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  return `${date}T${seconds}${micros}${offset}`;
}

/** speedate's error for a date. If no datetime can be parsed, pydantic reports the error of the date. */
function dateError(text: string): string | undefined {
  if (text.length < 10) return 'input is too short';
  const digits = (from: number, to: number) => /^\d+$/.test(text.slice(from, to));
  if (!digits(0, 4)) return 'invalid character in year';
  if (text[4] !== '-') return 'invalid date separator, expected `-`';
  if (!digits(5, 7)) return 'invalid character in month';
  if (text[7] !== '-') return 'invalid date separator, expected `-`';
  if (!digits(8, 10)) return 'invalid character in day';
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  if (month < 1 || month > 12) return 'month value is outside expected range of 1-12';
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (day < 1 || day > days) return 'day value is outside expected range';
  return undefined;
}
