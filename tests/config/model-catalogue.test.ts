import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/config/check-config.ts';
import { createCatalogue } from '../../src/config/model-catalogue.ts';
import type { Catalogue } from '../../src/kernel/settings.ts';

function catalogueOf(ids: readonly string[], redirects: Readonly<Record<string, string>> = {}): Catalogue {
  const models = ids.map((id) => ({ id, type: 'common' }));
  const result = checkConfig({ models, model_redirects: redirects });
  if (!result.ok) throw new Error(result.mistakes.join('\n'));
  return createCatalogue(result.settings);
}

describe('createCatalogue', () => {
  it('lists the models in the order of the configuration', () => {
    const ids = catalogueOf(['b', 'a', 'c'])
      .list()
      .map(({ id }) => id);
    expect(ids).toEqual(['b', 'a', 'c']);
  });

  it('finds a configured id and no other', () => {
    const catalogue = catalogueOf(['vendor/model', 'b']);
    expect(catalogue.find('vendor/model')?.id).toBe('vendor/model');
    expect(catalogue.find('VENDOR/model')).toBeUndefined();
    expect(catalogue.find('')).toBeUndefined();
    expect(catalogue.find('__proto__')).toBeUndefined();
  });

  it.each([
    ['an exact key over a pattern', { 'x-*': 'a', 'x-1': 'b' }, 'x-1', 'b'],
    ['an exact key over a configured id', { a: 'b' }, 'a', 'b'],
    ['a configured id over a pattern', { '*': 'b' }, 'a', 'a'],
    ['the longest pattern that fits', { 'x*': 'a', 'x-long-*': 'b', 'x-other-long-*': 'c' }, 'x-long-1', 'b'],
    ['of equal patterns the first', { 'x*z': 'b', 'xy*': 'a' }, 'xyz', 'b'],
    ['a pattern with several stars', { 'claude-*-haiku-*': 'c' }, 'claude-3-5-haiku-20241022', 'c'],
  ])('prefers %s', (_rule, redirects, asked, found) => {
    expect(catalogueOf(['a', 'b', 'c'], redirects).find(asked)?.id).toBe(found);
  });

  it('follows a redirect once', () => {
    expect(catalogueOf(['a', 'b'], { x: 'a', a: 'b' }).find('x')?.id).toBe('a');
  });

  it.each(['x', 'y-1', 'a'])(
    'finds nothing for %s, redirected to a model that is not configured',
    (asked) => {
      expect(catalogueOf(['a'], { x: 'gone', 'y-*': 'gone', a: 'gone' }).find(asked)).toBeUndefined();
    },
  );
});

describe('closest', () => {
  const catalogue = catalogueOf(['claude-opus-5', 'claude-sonnet-5', 'gpt-6-sol', 'glm-5.3', 'kimi-k3']);

  it.each([
    ['claude-opus-5-20260401', 'claude-opus-5'],
    ['claude-sonet-5', 'claude-sonnet-5'],
    ['CLAUDE-OPUS-5', 'claude-opus-5'],
    ['opus', 'claude-opus-5'],
    ['sol', 'gpt-6-sol'],
    ['kimi/k3', 'kimi-k3'],
  ])('answers %s with %s first', (asked, first) => {
    expect(catalogue.closest(asked, 3)[0]).toBe(first);
  });

  it('answers with as many ids as asked for, or as there are', () => {
    expect(catalogue.closest('claude', 2)).toHaveLength(2);
    expect(catalogue.closest('claude', 9)).toHaveLength(5);
    expect(catalogueOf([]).closest('claude', 3)).toEqual([]);
  });

  it('puts up with any text that a client sends', () => {
    expect(catalogue.closest('', 1)).toHaveLength(1);
    expect(catalogue.closest(`gpt-6-sol ${'x'.repeat(100_000)}`, 1)).toEqual(['gpt-6-sol']);
  });
});
