import { describe, expect, it } from 'vitest';
import type { ChatRequest, FunctionTool } from '../../src/kernel/conversation.ts';
import { createUsageEstimate, estimateTokens, roughInputTokens } from '../../src/pipeline/estimate-tokens.ts';
import { emptyRequest } from '../support/empty-request.ts';

/** A vocabulary of one token a character. */
const byCharacter = (texts: readonly string[]): Promise<number> => Promise.resolve(texts.join('').length);

const tool: FunctionTool = { kind: 'function', at: 'tools[0]', name: 'read', schema: { type: 'object' } };
const user = (...parts: { kind: 'text'; text: string }[]): ChatRequest['turns'][number] => ({
  ...{ role: 'user', at: 'messages[0]', parts },
});
const image = {
  kind: 'image',
  source: { type: 'base64', data: 'A'.repeat(3000), mediaType: 'image/png' },
} as const;

const estimate = (request: Partial<ChatRequest>, type: 'anthropic' | 'openai' = 'openai'): Promise<number> =>
  estimateTokens({ ...emptyRequest, ...request }, type, byCharacter);

describe('estimateTokens', () => {
  it.each<[string, Partial<ChatRequest>]>([
    ['a system text', { system: [{ role: 'system', text: 'be brief' }] }],
    ['a tool', { tools: [tool] }],
    ['a message', { turns: [user({ kind: 'text', text: 'q' })] }],
    ['an image', { turns: [{ ...user(), parts: [image] } as ChatRequest['turns'][number]] }],
  ])('grows with %s, C165', async (_name, request) => {
    expect(await estimate(request)).toBeGreaterThan(await estimate({}));
  });

  it('adds a margin for the vocabulary of another vendor, to texts only', async () => {
    const request = { turns: [user({ kind: 'text', text: 'x'.repeat(98) })] };
    const marks = await estimate({ turns: [user()] });
    expect([await estimate(request), await estimate(request, 'anthropic')]).toEqual([
      108 + marks,
      147 + marks,
    ]);
    expect(await estimate({ turns: [user()] }, 'anthropic')).toBe(marks);
  });

  it('is a whole number', async () => {
    expect(await estimate({ system: [{ role: 'system', text: 'x' }] })).toBe(2);
  });
});

describe('roughInputTokens', () => {
  it('goes by the size of the body, without its media', () => {
    const text = { ...emptyRequest, turns: [user({ kind: 'text', text: 'q' })] };
    const seen = { ...emptyRequest, turns: [{ ...user(), parts: [image] } as ChatRequest['turns'][number]] };
    expect(roughInputTokens(text, 3301) - roughInputTokens(text, 301)).toBe(1000);
    expect(roughInputTokens(seen, 3300) - roughInputTokens(seen, 3000)).toBe(100);
  });

  it('is never less than the media alone', () => {
    const seen = { ...emptyRequest, turns: [{ ...user(), parts: [image] } as ChatRequest['turns'][number]] };
    expect(roughInputTokens(seen, 0)).toBeGreaterThanOrEqual(1600);
  });
});

describe('createUsageEstimate', () => {
  it('counts text, arguments and reasoning of an answer, the last apart as well', () => {
    const { observe, usage } = createUsageEstimate(7);
    observe({ type: 'reply-start', id: 'r', model: 'm' });
    observe({ type: 'reasoning-delta', index: 0, form: 'raw', part: 0, text: 'x'.repeat(29) });
    observe({ type: 'reasoning-delta', index: 0, form: 'summary', part: 0, text: 'x' });
    observe({ type: 'block-delta', index: 1, text: 'x'.repeat(60) });
    observe({ type: 'block-delta', index: 2, text: '{}' });
    expect(usage()).toEqual({
      inputTokens: 7,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: 31,
      reasoningTokens: 10,
    });
  });

  it('is all zeros but for the input while nothing was said', () => {
    expect(createUsageEstimate(3).usage()).toMatchObject({
      inputTokens: 3,
      outputTokens: 0,
      reasoningTokens: 0,
    });
  });
});
