import { createHash, randomUUID } from 'node:crypto';

/** Time and ids of a mock: real, or seeded and then the same in every run. */
export interface Clock {
  now(): Date;
  /** A UUID (version 4 in form). */
  uuid(): string;
  /** Random-looking text of `length` characters from A-Z a-z 0-9 - _. */
  token(length: number): string;
}

export const systemClock: Clock = {
  now: () => new Date(),
  uuid: randomUUID,
  token: (length) => urlSafe(length, () => randomUUID()),
};

/** A clock that starts at a fixed time, advances one millisecond at each call, and derives its ids from a seed. */
export function seededClock(seed: string, start = new Date('2026-01-01T00:00:00Z')): Clock {
  let time = start.getTime();
  let count = 0;
  const digest = () => createHash('sha256').update(`${seed}:${count++}`).digest('hex');
  return {
    now: () => new Date(time++),
    uuid: () => {
      const hex = digest();
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    },
    token: (length) => urlSafe(length, digest),
  };
}

function urlSafe(length: number, source: () => string): string {
  let text = '';
  while (text.length < length) text += createHash('sha256').update(source()).digest('base64url');
  return text.slice(0, length);
}

/** `2026-01-01T00:00:00.123000+00:00`: a time as pydantic writes an aware datetime. */
export function isoWithOffset(date: Date): string {
  return `${isoNaive(date)}+00:00`;
}

/** `2026-01-01T00:00:00.123000` or `2026-01-01T00:00:00`: a time in UTC as pydantic writes a naive datetime. */
export function isoNaive(date: Date): string {
  const text = iso(date);
  return text.endsWith('.000Z') ? text.slice(0, -'.000Z'.length) : `${text.slice(0, -1)}000`;
}

/** Removes the zone of a datetime, as SQLite does. The time of day stays the same. */
export const withoutZone = (time: string): string => time.replace(/(?:Z|[+-]\d\d:\d\d)$/, '');

let last = { time: Number.NaN, text: '' };

/** `2026-01-01T00:00:00.123Z`. The last text is kept: one request needs the same time more than once. */
export function iso(date: Date): string {
  const time = date.getTime();
  if (time !== last.time) last = { time, text: date.toISOString() };
  return last.text;
}
