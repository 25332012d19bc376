import { expect, test } from 'vitest';
import { isoNaive, isoWithOffset, withoutZone } from '../../mock/clock.ts';

test('a time is written as pydantic writes it: six digits of a fraction, or none', () => {
  expect(isoNaive(new Date('2026-01-01T00:00:00.120Z'))).toBe('2026-01-01T00:00:00.120000');
  expect(isoNaive(new Date('2026-01-01T00:00:00Z'))).toBe('2026-01-01T00:00:00');
  expect(isoWithOffset(new Date('2026-01-01T00:00:00Z'))).toBe('2026-01-01T00:00:00+00:00');
});

test.each(['2020-01-02T03:04:05', '2020-01-02T03:04:05Z', '2020-01-02T03:04:05+02:00', '2020-01-02T03:04:05-11:30'])(
  '%s is kept without its zone',
  (time) => {
    expect(withoutZone(time)).toBe('2020-01-02T03:04:05');
  },
);
