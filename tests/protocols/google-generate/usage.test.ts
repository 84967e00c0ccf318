import { describe, expect, it } from 'vitest';
import { upstream } from './support.ts';

const known = {
  inputTokens: 10,
  cacheReadTokens: 4,
  cacheWriteTokens: 0,
  outputTokens: 9,
  reasoningTokens: 6,
};

describe('google-generate usage', () => {
  it('counts thoughts as output and tool prompts as input', () => {
    const usageMetadata = {
      promptTokenCount: 15,
      toolUsePromptTokenCount: 5,
      cachedContentTokenCount: 3,
      candidatesTokenCount: 359,
      thoughtsTokenCount: 661,
      totalTokenCount: 1040,
    };
    expect(upstream.findUsage({ usageMetadata }, undefined)).toEqual({
      inputTokens: 20,
      cacheReadTokens: 3,
      cacheWriteTokens: 0,
      outputTokens: 1020,
      reasoningTokens: 661,
    });
  });

  it('keeps what was known where a chunk is silent', () => {
    expect(upstream.findUsage({ usageMetadata: { candidatesTokenCount: 5 } }, known)).toEqual({
      ...known,
      outputTokens: 11,
    });
    expect(upstream.findUsage({ usageMetadata: { toolUsePromptTokenCount: 2 } }, undefined)).toMatchObject({
      inputTokens: 2,
    });
  });

  it.each([{}, { usageMetadata: null }, { usageMetadata: 'x' }])('finds none in %j', (data) => {
    expect(upstream.findUsage(data, undefined)).toBeUndefined();
    expect(upstream.findUsage(data, known)).toBe(known);
  });
});
