import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from './pool-room.ts';
import { playMonth } from './simulated-month.ts';

/** One request a minute, five accounts: the trial of one may have to wait for those of the others. */
const QUEUE_MINUTES = 6;

const JUMPS = [3 * HOUR, -3 * HOUR, 9 * DAY, -9 * DAY, -20 * DAY, 40 * DAY, -40 * DAY, -1];

describe('a month of steady traffic', () => {
  it.each([
    { name: 'a clock that jumps', seed: 2, jumps: JUMPS },
    { name: 'a clock that runs ahead', seed: 4, jumps: [11 * DAY, 5 * HOUR] },
  ])(
    'leaves no account that would answer idle for longer than one probe interval: $name',
    ({ seed, jumps }) => {
      const { idleMinutes, served } = playMonth({ seed, jumps, hasSilent: false });
      expect(Math.max(...idleMinutes)).toBeLessThanOrEqual(60 + QUEUE_MINUTES);
      expect(served).toBeGreaterThan(10_000);
    },
  );

  it.each([
    { name: 'a right clock', seed: 5, jumps: [0] },
    { name: 'a clock that jumps', seed: 6, jumps: JUMPS },
  ])(
    'leaves none idle for longer than until its next refresh, where nothing was said: $name',
    ({ seed, jumps }) => {
      const { idleMinutes } = playMonth({ seed, jumps, hasSilent: true });
      expect(Math.max(...idleMinutes)).toBeLessThanOrEqual(360 + QUEUE_MINUTES);
    },
  );
});
