import { describe, expect, it } from 'vitest';
import { matchesGlob } from '../../src/config/glob.ts';

describe('matchesGlob', () => {
  it.each([
    ['gpt-5', 'gpt-5'],
    ['*', ''],
    ['*', 'anything'],
    ['claude-*', 'claude-'],
    ['claude-*-haiku-*', 'claude-3-5-haiku-20241022'],
    ['*-fast', 'glm-5.2-fast'],
    ['a*b*c', 'abbc'],
    ['a**b', 'ab'],
    ['*aab', 'aaab'],
  ])('lets %s stand for %s', (pattern, text) => {
    expect(matchesGlob(pattern, text)).toBe(true);
  });

  it.each([
    ['gpt-5', 'gpt-5.4'],
    ['claude-*', 'gpt-claude-5'],
    ['claude-*-haiku-*', 'claude-haiku-4-5'],
    ['aba*ba', 'aba'],
    ['a*bc*c', 'abc'],
    ['a.c*', 'abc'],
    ['*x*', 'abc'],
  ])('does not let %s stand for %s', (pattern, text) => {
    expect(matchesGlob(pattern, text)).toBe(false);
  });
});
