import { HttpError, UnhandledError } from '../errors.ts';
import { ValueError } from '../python/errors.ts';
import { repr } from '../python/repr.ts';
import { uuidDigits } from '../python/uuid.ts';
import { emojize, isPurelyEmoji } from './emoji.ts';
import { CheckError } from './errors.ts';
import type { FieldChecks } from './schema.ts';

/** Langflow's own field validators, by schema and field, as observed on 1.7.3. */
export const langflowChecks: Record<string, FieldChecks> = {
  'FlowCreate.endpoint_name': { after: endpointName },
  'FlowUpdate.endpoint_name': { after: endpointName },
  'FlowCreate.icon': { after: icon },
  'FlowCreate.icon_bg_color': { after: hexColor },
  'FlowCreate.data': { after: flowData },
  'FlowCreate.updated_at': { before: isoDatetime },
  'ApiKeyCreate.user_id': { before: pythonUuid },
  // An empty value counts as absent.
  'ApiKeyCreate.created_at': { before: (input) => (isEmpty(input) ? null : input) },
  'MessageUpdate.properties': { before: modelOrNull('Properties') },
  'MessagePropertiesUpdate.source': {
    before: (input) => (typeof input === 'string' ? input : modelOrNull('Source')(input)),
  },
};

/** Throws an error of its own, not one of the list of a 422. Python's `$` also matches before a final newline. */
export function endpointName(value: string | null): string | null {
  if (value === null || /^[a-zA-Z0-9_-]+\n?$/.test(value)) return value;
  throw new HttpError(422, 'Endpoint name must contain only letters, numbers, hyphens, and underscores');
}

/** A text between colons is the name of an emoji. Any other text is the name of an icon, and not checked. */
function icon(value: string | null): string | null {
  if (value === null || (!value.startsWith(':') && !value.endsWith(':'))) return value;
  if (!value.startsWith(':') || !value.endsWith(':'))
    throw new ValueError(`Invalid emoji. ${value} is not a valid emoji.`);
  const emoji = emojize(value);
  if (isPurelyEmoji(emoji)) return emoji;
  if (!isLower(value)) throw new ValueError('Icon must be lowercase');
  throw new ValueError('Icon must contain only letters and hyphens');
}

/** str.islower(): has a letter, and no capital. */
const isLower = (text: string): boolean => /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text);

function hexColor(value: string | null): string | null {
  if (value && !value.startsWith('#')) throw new ValueError('Icon background color must start with #');
  if (value && value.length !== '#rrggbb'.length)
    throw new ValueError('Icon background color must be 7 characters long');
  return value;
}

function flowData(value: Record<string, unknown> | null): Record<string, unknown> | null {
  if (value === null || Object.keys(value).length === 0) return value;
  if (!('nodes' in value)) throw new ValueError('Flow must have nodes');
  if (!('edges' in value)) throw new ValueError('Flow must have edges');
  return value;
}

const ISO = /^\d{4}-?(\d\d)-?(\d\d)(?:.(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** Python's datetime.fromisoformat, with its errors. The result has no zone, as SQLite stores it. */
function isoDatetime(input: unknown): unknown {
  if (input === null) return null;
  if (typeof input !== 'string') throw new UnhandledError('fromisoformat: argument must be str');
  const [, month, day, hour = 0, minute = 0, second = 0] = (ISO.exec(input) ?? []).map((part) => Number(part ?? 0));
  if (month === undefined || day === undefined) throw new ValueError(`Invalid isoformat string: ${repr(input)}`);
  if (month < 1 || month > 12) throw new ValueError('month must be in 1..12');
  if (day < 1 || day > new Date(Date.UTC(2000 + (Number(input.slice(0, 4)) % 400), month, 0)).getUTCDate())
    throw new ValueError('day is out of range for month');
  if (hour > 23) throw new ValueError('hour must be in 0..23');
  if (minute > 59) throw new ValueError('minute must be in 0..59');
  if (second > 59) throw new ValueError('second must be in 0..59');
  const fraction = ISO.exec(input)?.[6]?.slice(0, 6).padEnd(6, '0');
  const [date, time] = [
    [month, day],
    [hour, minute, second],
  ].map((parts) => parts.map((part) => String(part).padStart(2, '0')));
  return `${input.slice(0, 4)}-${date?.join('-')}T${time?.join(':')}${fraction ? `.${fraction}` : ''}`;
}

const isEmpty = (input: unknown): boolean => !input || (typeof input === 'object' && Object.keys(input).length === 0);

/** Python's UUID(text), with its errors. */
function pythonUuid(input: unknown): unknown {
  if (typeof input !== 'string') return input;
  const hex = uuidDigits(input);
  if (hex.length !== 32) throw new ValueError('badly formed hexadecimal UUID string');
  if (!/^[0-9a-f]+$/i.test(hex)) throw new ValueError(`invalid literal for int() with base 16: ${repr(hex)}`);
  return hex;
}

function modelOrNull(class_name: string): (input: unknown) => unknown {
  return (input) => {
    if (input === null || (typeof input === 'object' && !Array.isArray(input))) return input;
    throw new CheckError('model_type', `Input should be a valid dictionary or instance of ${class_name}`, {
      class_name,
    });
  };
}
