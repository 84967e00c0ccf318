import { describe, expect, it } from 'vitest';
import {
  budgetOf,
  effortOf,
  effortOfBudget,
  EFFORTS,
  isEffort,
  NO_WISH,
  offeredEffort,
  wishOfLevel,
} from '../../src/kernel/reasoning.ts';
import type { Effort, ReasoningWish } from '../../src/kernel/reasoning.ts';

const wish = (rest: Partial<ReasoningWish>): ReasoningWish => ({ mode: 'on', from: 'client', ...rest });

describe('effortOfBudget', () => {
  it.each<[number, Effort]>([
    [-1, 'none'],
    [0, 'none'],
    [1, 'minimal'],
    [2047, 'minimal'],
    [2048, 'low'],
    [8191, 'low'],
    [8192, 'medium'],
    [18431, 'medium'],
    [18432, 'high'],
    [32767, 'high'],
    [32768, 'xhigh'],
    [200_000, 'xhigh'],
  ])('takes %i tokens for %s', (budget, effort) => {
    expect(effortOfBudget(budget)).toBe(effort);
  });

  it.each(EFFORTS.filter((effort) => effort !== 'max'))('gives %s back from its own budget', (effort) => {
    expect(effortOfBudget(budgetOf(wish({ effort })))).toBe(effort);
  });
});

describe('budgetOf', () => {
  it.each<[Partial<ReasoningWish>, number]>([
    [{ effort: 'none' }, 0],
    [{ effort: 'minimal' }, 1024],
    [{ effort: 'low' }, 4096],
    [{ effort: 'medium' }, 12288],
    [{ effort: 'high' }, 24576],
    [{ effort: 'xhigh' }, 40960],
    [{ effort: 'max' }, 40960],
    [{ budget: 5000 }, 5000],
    [{ budget: 0, effort: 'high' }, 0],
    [{}, 12288],
  ])('of %j is %i tokens', (rest, budget) => {
    expect(budgetOf(wish(rest))).toBe(budget);
  });
});

describe('effortOf', () => {
  it.each<[Partial<ReasoningWish>, Effort | undefined]>([
    [{ effort: 'low' }, 'low'],
    [{ effort: 'max', budget: 10 }, 'max'],
    [{ budget: 12288 }, 'medium'],
    [{}, undefined],
  ])('of %j is %s', (rest, effort) => {
    expect(effortOf(wish(rest))).toBe(effort);
  });
});

describe('offeredEffort', () => {
  it.each<[Effort, Effort[] | undefined, Effort]>([
    ['high', ['low', 'high'], 'high'],
    ['xhigh', ['high', 'low', 'medium'], 'high'],
    ['max', ['xhigh', 'none'], 'xhigh'],
    ['medium', ['high', 'low'], 'low'],
    ['minimal', ['high', 'low', 'medium'], 'low'],
    ['none', ['medium', 'low'], 'low'],
    ['low', ['xhigh', 'high'], 'high'],
    ['medium', [], 'medium'],
    ['medium', undefined, 'medium'],
  ])('rounds %s on the offer of %j to %s', (wanted, offered, given) => {
    expect(offeredEffort(wanted, offered)).toBe(given);
  });

  it('leaves the order of the offer alone', () => {
    const offered: Effort[] = ['high', 'low'];
    offeredEffort('medium', offered);
    expect(offered).toEqual(['high', 'low']);
  });
});

describe('wishOfLevel', () => {
  it('is nothing for auto', () => {
    expect(wishOfLevel('auto')).toBeUndefined();
  });

  it('is off for off', () => {
    expect(wishOfLevel('off')).toEqual({ mode: 'off', from: 'level' });
  });

  it.each(['low', 'medium', 'high', 'xhigh'] as const)('is on for %s', (level) => {
    expect(wishOfLevel(level)).toEqual({ mode: 'on', effort: level, from: 'level' });
  });
});

describe('isEffort', () => {
  it.each([...EFFORTS])('knows %s', (effort) => {
    expect(isEffort(effort)).toBe(true);
  });

  it.each(['auto', 'off', 'HIGH', '', 'constructor', 3, null, undefined])('does not know %j', (value) => {
    expect(isEffort(value)).toBe(false);
  });
});

describe('NO_WISH', () => {
  it('asks for nothing', () => {
    expect(NO_WISH).toEqual({ mode: 'unset', from: 'client' });
  });
});
