import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../../src/kernel/reply.ts';
import { upstream } from './support.ts';

const find = (usage: object) => upstream.findUsage({ usage: { ...usage } }, undefined);

describe('openai-chat findUsage', () => {
  it('reads totals that include the cache and reasoning (C122)', () => {
    expect(
      find({
        prompt_tokens: 1000,
        completion_tokens: 50,
        prompt_tokens_details: { cached_tokens: 400, cache_write_tokens: 100 },
        completion_tokens_details: { reasoning_tokens: 30 },
      }),
    ).toEqual({
      inputTokens: 1000,
      cacheReadTokens: 400,
      cacheWriteTokens: 100,
      outputTokens: 50,
      reasoningTokens: 30,
    });
  });

  it.each([
    ['DeepSeek', { prompt_tokens: 9, prompt_cache_hit_tokens: 4 }],
    ['Kimi', { prompt_tokens: 9, cached_tokens: 4 }],
  ])("reads %s's own word for the cache", (_vendor, usage) => {
    expect(find(usage)).toEqual({ ...NO_USAGE, inputTokens: 9, cacheReadTokens: 4 });
  });

  it.each([
    [{ total_tokens: 30 }, 20],
    [{ total_tokens: 22 }, 12],
    [{}, 12],
  ])('adds reasoning that is counted beside the output, as xAI does, with %j', (total, outputTokens) => {
    const completion_tokens_details = { reasoning_tokens: 8 };
    expect(find({ prompt_tokens: 10, completion_tokens: 12, completion_tokens_details, ...total })).toEqual({
      ...NO_USAGE,
      inputTokens: 10,
      outputTokens,
      reasoningTokens: 8,
    });
  });

  it('keeps what was known where nothing newer is told', () => {
    const known = { ...NO_USAGE, inputTokens: 5, cacheReadTokens: 3, outputTokens: 1 };
    expect(upstream.findUsage({ usage: { completion_tokens: 8 } }, known)).toEqual({
      ...known,
      outputTokens: 8,
    });
  });

  it.each([
    {},
    { usage: null },
    { usage: {} },
    { usage: { prompt_tokens: null } },
    { usage: { prompt_tokens: -1 } },
  ])('knows no more after %j', (data) => {
    const known = { ...NO_USAGE, inputTokens: 5 };
    expect([upstream.findUsage(data, undefined), upstream.findUsage(data, known)]).toEqual([
      undefined,
      known,
    ]);
  });

  it('reads a whole body and a choice', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2 };
    const inChoice = { choices: [{ delta: {}, usage }] };
    expect(upstream.findUsage(inChoice, undefined)).toEqual(
      upstream.findUsage({ choices: [], usage }, undefined),
    );
  });
});
