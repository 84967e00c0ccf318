import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { NO_USAGE } from '../../../src/kernel/reply.ts';
import { anthropicMessages } from '../../../src/protocols/anthropic-messages/index.ts';
import { encodeUsage } from '../../../src/protocols/anthropic-messages/usage.ts';

const { findUsage } = anthropicMessages.upstream;
const KNOWN = {
  inputTokens: 125,
  cacheReadTokens: 100,
  cacheWriteTokens: 20,
  outputTokens: 1,
  reasoningTokens: 0,
};

describe('anthropic-messages usage', () => {
  it('counts the cache into the input (C123)', () => {
    const usage = {
      input_tokens: 5,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 20,
      output_tokens: 1,
    };
    expect(findUsage({ usage }, undefined)).toEqual(KNOWN);
    expect(findUsage({ type: 'message_start', message: { usage } }, undefined)).toEqual(KNOWN);
  });

  it('lets a later event replace only what it tells', () => {
    const usage = {
      input_tokens: null,
      cache_read_input_tokens: null,
      output_tokens: 40,
      output_tokens_details: { thinking_tokens: 30 },
    };
    expect(findUsage({ type: 'message_delta', usage }, KNOWN)).toEqual({
      ...KNOWN,
      outputTokens: 40,
      reasoningTokens: 30,
    });
  });

  it('lets a later event correct the input', () => {
    expect(findUsage({ usage: { input_tokens: 7 } }, KNOWN)).toMatchObject({ inputTokens: 127 });
  });

  it('sums cache writes that are told by lifetime only', () => {
    const cache_creation = { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 };
    expect(findUsage({ usage: { input_tokens: 1, cache_creation } }, undefined)).toMatchObject({
      inputTokens: 8,
      cacheWriteTokens: 7,
    });
  });

  it.each<JsonObject>([{}, { type: 'ping' }, { usage: null }, { message: 'x' }, { usage: [] }])(
    'keeps what was known when %j tells nothing',
    (data) => {
      expect(findUsage(data, KNOWN)).toBe(KNOWN);
      expect(findUsage(data, undefined)).toBeUndefined();
    },
  );

  it('takes the cache out of the input again (C122)', () => {
    const usage = { ...NO_USAGE, inputTokens: 1000, cacheReadTokens: 400, cacheWriteTokens: 100 };
    expect(encodeUsage(usage)).toEqual({
      input_tokens: 500,
      cache_read_input_tokens: 400,
      cache_creation_input_tokens: 100,
      output_tokens: 0,
    });
  });

  it('never shows a negative count', () => {
    expect(encodeUsage({ ...NO_USAGE, cacheReadTokens: 5 })).toMatchObject({ input_tokens: 0 });
  });

  it('tells thinking tokens when there were any', () => {
    expect(encodeUsage({ ...NO_USAGE, outputTokens: 9, reasoningTokens: 4 })).toMatchObject({
      output_tokens: 9,
      output_tokens_details: { thinking_tokens: 4 },
    });
  });
});
