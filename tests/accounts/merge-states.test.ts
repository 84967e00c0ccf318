import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountState, Parking } from '../../src/accounts/account-state.ts';
import { keepRecent, mergeState, mergeStates } from '../../src/accounts/merge-states.ts';
import { newState } from '../../src/accounts/statistics.ts';
import { DAY } from './pool-room.ts';

const base: AccountState = { ...newState(1000), requests: 10, failures: { server: 2 } };
const parked = (at: number): Parking => ({
  kind: 'throttle',
  scope: 'account',
  reason: 'busy',
  at,
  count: 1,
});
const withParkings = (...parkings: Parking[]): AccountState => ({ ...base, parkings });

describe('mergeState', () => {
  it('adds up what both have counted since', () => {
    const count = fc.nat(1000);
    fc.assert(
      fc.property(count, count, (ours, theirs) => {
        const merged = mergeState(
          base,
          { ...base, requests: 10 + ours, failures: { server: 2 + ours, timeout: 1 } },
          { ...base, requests: 10 + theirs, failures: { server: 2 + theirs } },
        );
        expect(merged.requests).toBe(10 + ours + theirs);
        expect(merged.failures).toEqual({ server: 2 + ours + theirs, timeout: 1 });
      }),
    );
  });

  it.each([
    ['neither', [5], [5], [5], [5]],
    ['ours anew', [5], [7], [5], [7]],
    ['theirs anew', [5], [5], [7], [7]],
    ['both anew, ours later', [5], [9], [7], [9]],
    ['both anew, theirs later', [5], [7], [9], [9]],
    ['ours is back', [5], [], [5], []],
    ['theirs is back', [5], [5], [], []],
    ['ours is back, theirs anew', [5], [], [7], [7]],
    ['theirs is back, ours anew', [5], [7], [], [7]],
    ['ours for the first time', [], [7], [], [7]],
    ['theirs for the first time', [], [], [7], [7]],
  ])('takes the change of a parking: %s', (_name, before, ours, theirs, expected) => {
    const [first, second, third] = [before, ours, theirs].map((times) => withParkings(...times.map(parked)));
    const merged = mergeState(first, second ?? base, third ?? base);
    expect(merged.parkings.map(({ at }) => at)).toEqual(expected);
  });

  it.each([
    [1000, 2000, 50],
    [3000, 2000, 70],
    [1500, 1000, 70],
  ])(
    'takes the health that has changed, the later one of two: ours at %d, theirs at %d',
    (ours, theirs, health) => {
      const merged = mergeState(
        base,
        { ...base, health: 70, healthAt: ours },
        { ...base, health: 50, healthAt: theirs },
      );
      expect(merged.health).toBe(health);
    },
  );

  it('keeps the last use and the last error of either', () => {
    const error = (at: number): AccountState['lastError'] => ({ at, kind: 'server', message: `${at}` });
    const merged = mergeState(
      base,
      { ...base, lastUsedAt: 5, lastError: error(5) ?? { at: 0, kind: '', message: '' } },
      { ...base, lastUsedAt: 7, lastError: error(3) ?? { at: 0, kind: '', message: '' } },
    );
    expect(merged).toMatchObject({ lastUsedAt: 7, lastError: { at: 5 } });
  });
});

describe('mergeStates', () => {
  const only = (id: string, state = base): ReadonlyMap<string, AccountState> => new Map([[id, state]]);

  it('takes up accounts that only one of the two knows', () => {
    const merged = mergeStates(new Map(), only('a'), only('b'));
    expect([...merged.keys()].sort()).toEqual(['a', 'b']);
  });

  it('does not take a missing account for one that has been reset', () => {
    const ours = { ...base, requests: 12, parkings: [parked(5)] };
    const merged = mergeStates(only('a', { ...base, parkings: [parked(5)] }), only('a', ours), new Map());
    expect(merged.get('a')).toMatchObject({ requests: 12, parkings: [{ at: 5 }] });
  });
});

describe('keepRecent', () => {
  it('keeps members for good, and of the others the 2,000 that were used last within a month', () => {
    const now = 100 * DAY;
    const used = (days: number): AccountState => ({ ...base, lastUsedAt: now - days * DAY });
    const many = Array.from({ length: 2100 }, (_, index) => [`${index}`, used(index / 100)] as const);
    const states = new Map([['old member', used(90)], ['old', used(31)], ...many]);
    const kept = keepRecent(states, (id) => id === 'old member', now);
    expect(kept.size).toBe(2000);
    expect([kept.has('old member'), kept.has('old'), kept.has('0'), kept.has('1999')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});
