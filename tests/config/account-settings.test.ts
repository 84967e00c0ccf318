import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/config/check-config.ts';

describe('the allowance that a model draws on', () => {
  it.each([
    ['anthropic', 'standard'],
    ['vertex_anthropic', 'standard'],
    ['azure_openai', 'standard'],
    ['xai', 'standard'],
    ['google', 'standard'],
    ['fireworks', 'core'],
    ['baseten', 'core'],
    ['mistral', 'core'],
  ])('of the provider %s is the %s one', (provider, pool) => {
    const config = checkConfig({ models: [{ id: 'x', type: 'openai', provider }] });
    expect(config.ok && config.settings.models[0]?.pool).toBe(pool);
  });
});

describe('the affinity of conversations to accounts', () => {
  it('can be switched on', () => {
    const config = checkConfig({ account_affinity: 'conversation' });
    expect(config.ok && config.settings.accountAffinity).toBe('conversation');
  });

  it('knows no other word', () => {
    expect(checkConfig({ account_affinity: 'on' })).toMatchObject({
      ok: false,
      mistakes: [expect.stringContaining('account_affinity')],
    });
  });
});
