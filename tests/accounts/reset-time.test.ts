import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findResetMs } from '../../src/accounts/reset-time.ts';
import { DAY, HOUR, MINUTE } from './pool-room.ts';

describe('findResetMs', () => {
  it.each([
    ['It resets in 1h 51min.', HOUR + 51 * MINUTE],
    ['resets in 1h51m', HOUR + 51 * MINUTE],
    ['Resets in 6 days', 6 * DAY],
    ['resets in 2 hours and 5 minutes', 2 * HOUR + 5 * MINUTE],
    ['resets in 1 day, 3 hours, and 4 min', DAY + 3 * HOUR + 4 * MINUTE],
    ['Your limit will reset in about 2 weeks', 14 * DAY],
    ['resets in 45 seconds', 45_000],
    ['resets in 45s.', 45_000],
    ['resets in 1.5 hours', 1.5 * HOUR],
    ['resets in an hour', HOUR],
    ['resets in less than a minute', MINUTE],
    ['resets in <1 min', MINUTE],
    ['Next reset: in 1h 5min', HOUR + 5 * MINUTE],
    ['resets in 0 min', 0],
    ['resets in 1 month', 30 * DAY],
    ['Please try again in 7s.', 7000],
    ['available again in 3 hrs', 3 * HOUR],
    ['reset in the settings; it resets in 4 days', 4 * DAY],
  ])('reads "%s"', (text, expected) => {
    expect(findResetMs(text)).toBe(expected);
  });

  it.each([
    '',
    'Payment required',
    'resets on Monday',
    'reset your password in 5 minutes of work',
    'presets in 5 minutes',
    'resets in -5 min',
    'resets in soon',
    'resets in 5 bananas',
    'within 5 hours',
    'a 5-hour limit',
  ])('finds no countdown in "%s"', (text) => {
    expect(findResetMs(text)).toBeUndefined();
  });

  it('never gives NaN or less than nothing', () => {
    const pieces = fc.array(
      fc.constantFrom(
        'resets in ',
        'an',
        '1',
        '9'.repeat(400),
        '0.5',
        '.',
        ' and ',
        ', ',
        'h',
        'min',
        'days',
        ' ',
        '-',
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(pieces, (words) => {
        expect(findResetMs(words.join('')) ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
