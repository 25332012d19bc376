import type { RealtimeEvent } from './realtime.ts';

/** The error for an event of a client, in the form of OpenAI's realtime API. */
export interface EventError {
  code: 'missing_required_parameter' | 'invalid_type' | 'invalid_value';
  message: string;
  param: string;
}

type Kind = 'a string' | 'a number' | 'an object' | 'an array' | readonly string[];

const ITEM: Record<string, Kind> = {
  type: ['message', 'function_call', 'function_call_output'],
  id: 'a string',
  role: ['user', 'assistant', 'system'],
  content: 'an array',
  call_id: 'a string',
  name: 'a string',
  arguments: 'a string',
  output: 'a string',
};
const CONTENT: Record<string, Kind> = { type: 'a string', text: 'a string', transcript: 'a string', audio: 'a string' };
const SESSION: Record<string, Kind> = {
  modalities: 'an array',
  voice: 'a string',
  temperature: 'a number',
  turn_detection: 'an object',
  input_audio_transcription: 'an object',
};
const TURN_DETECTION: Record<string, Kind> = {
  type: 'a string',
  threshold: 'a number',
  silence_duration_ms: 'a number',
};
const RESPONSE: Record<string, Kind> = { modalities: 'an array' };

type Json = Record<string, unknown>;

/** The first error of an event; undefined if it is valid. */
export function eventErrorOf(event: RealtimeEvent): EventError | undefined {
  if (typeof event.type !== 'string') return event.type === undefined ? missing('type') : wrongType('type', 'a string');
  if (event.type === 'conversation.item.create') return itemFault(event['item']);
  if (event.type.endsWith('session.update')) return sessionFault(event['session']);
  if (event.type === 'response.create' && event['response'] !== undefined)
    return fieldsError(event['response'], 'response', RESPONSE);
  return undefined;
}

function itemFault(item: unknown): EventError | undefined {
  const error = fieldsError(item, 'item', ITEM, ['type']);
  const content = ((item as Json | undefined)?.['content'] ?? []) as unknown[];
  return (
    error ??
    content
      .map((part, index) => fieldsError(part, `item.content[${index}]`, CONTENT, ['type']))
      .find((found) => found !== undefined)
  );
}

function sessionFault(session: unknown): EventError | undefined {
  const detection = (session as Json | undefined)?.['turn_detection'] ?? undefined;
  return (
    fieldsError(session, 'session', SESSION) ??
    (detection === undefined ? undefined : fieldsError(detection, 'session.turn_detection', TURN_DETECTION))
  );
}

/** The first error of the fields of an object. Null counts as absent. */
function fieldsError(
  value: unknown,
  path: string,
  kinds: Record<string, Kind>,
  required: string[] = [],
): EventError | undefined {
  if (value === undefined || value === null) return missing(path);
  if (!isOf(value, 'an object')) return wrongType(path, 'an object');
  for (const [name, kind] of Object.entries(kinds)) {
    const field = (value as Json)[name] ?? undefined;
    if (field === undefined && required.includes(name)) return missing(`${path}.${name}`);
    if (field === undefined || isOf(field, kind)) continue;
    return typeof kind === 'string' ? wrongType(`${path}.${name}`, kind) : wrongValue(`${path}.${name}`, field, kind);
  }
  return undefined;
}

function isOf(value: unknown, kind: Kind): boolean {
  if (typeof kind !== 'string') return kind.includes(value as string);
  if (kind === 'an array') return Array.isArray(value);
  if (kind === 'an object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === kind.slice(kind.indexOf(' ') + 1);
}

const missing = (param: string): EventError => ({
  code: 'missing_required_parameter',
  message: `Missing required parameter: '${param}'.`,
  param,
});
const wrongType = (param: string, kind: string): EventError => ({
  code: 'invalid_type',
  message: `Invalid type for '${param}': expected ${kind}.`,
  param,
});
const wrongValue = (param: string, value: unknown, kind: readonly string[]): EventError => ({
  code: 'invalid_value',
  message: `Invalid value: '${String(value)}'. Supported values are: ${kind.map((one) => `'${one}'`).join(', ')}.`,
  param,
});
