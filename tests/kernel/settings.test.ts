import { describe, expect, it } from 'vitest';
import { PROTOCOL_OF, UPSTREAM_TYPES } from '../../src/kernel/settings.ts';

describe('PROTOCOL_OF', () => {
  it('gives every type of config.json a format of its own', () => {
    expect(UPSTREAM_TYPES.map((type) => PROTOCOL_OF[type])).toEqual([
      'anthropic-messages',
      'openai-responses',
      'openai-chat',
      'google-generate',
    ]);
  });
});
