import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWheel } from '../../src/accounts/wheel.ts';
import type { Wheel } from '../../src/accounts/wheel.ts';

function wheelOf(weights: readonly number[]): Wheel {
  const wheel = createWheel();
  wheel.arrange(weights.map(() => -1));
  weights.forEach((weight, slot) => {
    wheel.setWeight(slot, weight);
  });
  return wheel;
}

const turns = (wheel: Wheel, count: number): number[] => Array.from({ length: count }, () => wheel.next());

const countOf = (slots: readonly number[], slot: number): number =>
  slots.filter((one) => one === slot).length;

describe('the wheel', () => {
  it('spreads the turns as nginx does', () => {
    expect(turns(wheelOf([5, 1, 1]), 7)).toEqual([0, 0, 1, 0, 2, 0, 0]);
  });

  it.each([
    { weights: [100, 50] },
    { weights: [100, 100, 100] },
    { weights: [100, 64, 51.2, 1] },
    { weights: [1, 99.7, 33.3, 80] },
    { weights: [1, 1, 1, 1, 100] },
  ])('shares 3000 turns out by $weights', ({ weights }) => {
    const slots = turns(wheelOf(weights), 3000);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const errors = weights.map((weight, slot) => Math.abs(countOf(slots, slot) - (3000 * weight) / total));
    expect(Math.max(...errors)).toBeLessThanOrEqual(1.5);
  });

  it('keeps every share within 2 % of all turns, and starves none', () => {
    const weights = fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(weights, (given) => {
        const slots = turns(wheelOf(given), 3000);
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const errors = given.map((weight, slot) => Math.abs(countOf(slots, slot) / 3000 - weight / total));
        expect(Math.max(...errors)).toBeLessThan(0.02);
        expect(new Set(slots).size).toBe(given.length);
      }),
      { numRuns: 60 },
    );
  });

  it('has no turn for anybody when nobody has a weight', () => {
    expect(wheelOf([0, 0]).next()).toBe(-1);
    expect(createWheel().next()).toBe(-1);
  });

  it('passes over a slot without weight', () => {
    expect(new Set(turns(wheelOf([1, 0, 1]), 10))).toEqual(new Set([0, 2]));
  });

  it('passes over barred slots, and finds none when all are', () => {
    const wheel = wheelOf([1, 1, 1]);
    expect(wheel.next((slot) => slot === 0)).toBe(1);
    expect(wheel.next(() => true)).toBe(-1);
    expect(countOf(turns(wheel, 300), 2)).toBeGreaterThanOrEqual(99);
  });

  it('gives the next turn to another one after a retry, as nginx does', () => {
    const wheel = wheelOf([1, 1]);
    const firsts = Array.from({ length: 6 }, () => {
      const first = wheel.next();
      wheel.next((slot) => slot === first);
      return first;
    });
    expect(countOf(firsts, 0)).toBe(3);
  });

  it('does not let one pay for what it owed before it was away', () => {
    const wheel = wheelOf([1, 1, 1]);
    [1, 2, 3].forEach(() => {
      wheel.charge(0);
    });
    wheel.setWeight(0, 0);
    wheel.setWeight(0, 1);
    expect(turns(wheel, 3)).toContain(0);
  });

  it.each([1, 10, 1000])('does not let one catch up that was away for %d turns', (away) => {
    const wheel = wheelOf([100, 100, 100]);
    turns(wheel, 2);
    wheel.setWeight(0, 0);
    turns(wheel, away);
    wheel.setWeight(0, 100);
    expect(countOf(turns(wheel, 9), 0)).toBeLessThanOrEqual(4);
  });

  it('stays fair when slots come and go all the time', () => {
    const wheel = wheelOf([100, 100, 100, 100]);
    const comings = Array.from({ length: 2000 }, (_, round) => {
      wheel.setWeight(round % 3, round % 2 === 0 ? 0 : 100);
      return wheel.next();
    });
    expect(countOf(comings.slice(-400), 3)).toBeGreaterThan(100);
    [0, 1, 2].forEach((slot) => {
      wheel.setWeight(slot, 100);
    });
    expect(countOf(turns(wheel, 40), 0)).toBeLessThanOrEqual(12);
  });

  it('books uses that were decided elsewhere', () => {
    const wheel = wheelOf([1, 1]);
    wheel.charge(0);
    wheel.charge(0);
    expect(turns(wheel, 4)).toEqual([1, 1, 0, 1]);
  });

  it('does not let such uses starve a slot afterwards', () => {
    const wheel = wheelOf([1, 1]);
    Array.from({ length: 10_000 }, () => {
      wheel.charge(0);
    });
    expect(turns(wheel, 20)).toContain(0);
  });

  it('keeps the turn of those who stay when others come', () => {
    const wheel = wheelOf([1, 1, 1]);
    wheel.next();
    wheel.arrange([2, -1, 0]);
    wheel.setWeight(1, 1);
    expect(turns(wheel, 2)).not.toContain(2);
  });
});
