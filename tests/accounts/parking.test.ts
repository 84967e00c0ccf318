import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parking } from '../../src/accounts/account-state.ts';
import { PROBE_INTERVAL_MS, confine, gateOf } from '../../src/accounts/parking.ts';
import { DAY, HOUR } from './pool-room.ts';

const NOW = 100 * DAY;
const of = (times: Partial<Parking>): Parking => ({
  kind: 'quota',
  scope: 'account',
  reason: 'spent',
  at: NOW - HOUR,
  count: 1,
  ...times,
});

describe('confine', () => {
  it.each([
    ['leaves what is well', of({ until: NOW + 2 * HOUR, probeAt: NOW }), {}],
    ['leaves one without an end', of({ kind: 'login' }), {}],
    ['adds the trial that is missing', of({ until: NOW + 2 * HOUR }), { probeAt: NOW }],
    ['ends a quota within a month', of({ until: NOW + 900 * DAY, probeAt: NOW }), { until: NOW + 31 * DAY }],
    [
      'ends a cool-down within five hours',
      of({ kind: 'throttle', until: NOW + DAY, probeAt: NOW }),
      { until: NOW + 5 * HOUR },
    ],
    ['tries within an hour', of({ until: NOW + 3 * DAY, probeAt: NOW + 2 * DAY }), { probeAt: NOW + HOUR }],
    [
      'begins now what another clock dated into the future',
      of({ at: NOW + 9 * DAY, until: NOW + 9 * DAY + 2 * HOUR, probeAt: NOW + 9 * DAY + HOUR }),
      { at: NOW, until: NOW + 2 * HOUR, probeAt: NOW + HOUR },
    ],
  ])('%s', (_name, parking, changes) => {
    expect(confine(parking, NOW)).toEqual({ ...parking, ...changes });
  });

  it('gives the same object where nothing is wrong', () => {
    const parking = of({ until: NOW + 2 * HOUR, probeAt: NOW });
    expect(confine(parking, NOW)).toBe(parking);
  });

  it('has whatever ends by itself tried within one probe interval', () => {
    const time = fc.integer({ min: 0, max: 8.64e15 });
    const kind = fc.constantFrom<Parking['kind']>('login', 'quota', 'throttle');
    fc.assert(
      fc.property(kind, time, time, fc.option(time, { nil: undefined }), (word, at, until, probeAt) => {
        const wild = of({ kind: word, at, until, ...(probeAt !== undefined && { probeAt }) });
        const later = NOW + PROBE_INTERVAL_MS;
        expect(gateOf([confine(wild, NOW)], 'core', later)).toBe('trial');
      }),
    );
  });
});
