import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterFailure, afterSuccess, healthNow } from '../../src/accounts/health.ts';
import type { Health } from '../../src/accounts/health.ts';

const MINUTE = 60_000;
const at = (health: number): Health => ({ health, healthAt: 0 });

describe('health', () => {
  it.each([
    [100, 0, 100],
    [50, 0, 50],
    [50, 10, 75],
    [50, 20, 87.5],
    [20, 10, 60],
    [0, 0, 1],
    [50, -600, 50],
  ])('of %d is after %d minutes %d', (health, minutes, expected) => {
    expect(healthNow(at(health), minutes * MINUTE)).toBeCloseTo(expected, 9);
  });

  it('loses a fifth by a failure and wins back a tenth of what is missing by a success', () => {
    expect(afterFailure(at(100), 0)).toEqual({ health: 80, healthAt: 0 });
    expect(afterSuccess(at(50), 0)).toEqual({ health: 55, healthAt: 0 });
  });

  it('heals first and fails then', () => {
    expect(afterFailure(at(50), 10 * MINUTE)).toEqual({ health: 60, healthAt: 10 * MINUTE });
  });

  it('stays between 1 and 100 whatever happens', () => {
    const steps = fc.array(fc.record({ isGood: fc.boolean(), minutes: fc.integer({ min: -100, max: 100 }) }));
    fc.assert(
      fc.property(steps, (events) => {
        const end = events.reduce(
          (health, { isGood, minutes }) =>
            (isGood ? afterSuccess : afterFailure)(health, health.healthAt + minutes * MINUTE),
          at(100),
        );
        expect(end.health).toBeGreaterThanOrEqual(1);
        expect(end.health).toBeLessThanOrEqual(100);
      }),
    );
  });
});
