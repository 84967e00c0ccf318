import { describe, expect, it } from 'vitest';
import { builtInCapabilities, modelLine } from '../../src/config/capability-table.ts';
import { DEFAULT_MODELS } from '../../src/config/default-models.ts';

describe('modelLine', () => {
  it.each([
    ['claude-opus-5-fast', 'claude-opus-5'],
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
    ['anthropic/claude-opus-4.6', 'claude-opus-4-6'],
    ['claude-fable-5.1', 'claude-fable-5-1'],
    ['claude-3-7-sonnet-latest', 'claude-3-7-sonnet'],
    ['gpt-5.2-2025-12-11', 'gpt-5.2'],
    ['GPT-5.6-sol-fast', 'gpt-5.6-sol'],
    ['gemini-3-flash-preview', 'gemini-3-flash-preview'],
    ['', ''],
  ])('reads %s as %s', (id, line) => {
    expect(modelLine(id)).toBe(line);
  });
});

describe('Claude', () => {
  it.each([
    'claude-opus-4-5-20251101',
    'claude-sonnet-4-5',
    'claude-haiku-4-5-20251001',
    'claude-opus-4-20250514',
  ])('takes a token budget only: %s', (id) => {
    const capabilities = builtInCapabilities(id);
    expect(capabilities.thinkingTypes).toEqual({ enabled: true });
    expect(capabilities.efforts).toBeUndefined();
    expect(capabilities.sampling).toBeUndefined();
  });

  it.each(['claude-opus-4-6', 'claude-sonnet-4-6'])('takes both forms: %s', (id) => {
    expect(builtInCapabilities(id)).toMatchObject({
      thinkingTypes: { enabled: true, adaptive: true, disabled: true },
      efforts: ['low', 'medium', 'high', 'max'],
      prefill: false,
    });
  });

  it.each([
    ['claude-opus-4-7', { disabled: true }],
    ['claude-opus-4-8-fast', { disabled: true }],
    ['claude-opus-5', { disabled: true }],
    ['claude-sonnet-5', { disabled: true }],
    ['claude-haiku-5-5', { disabled: true }],
    ['claude-sonnet-5-5', { disabled: false, betweenTools: true }],
    ['claude-opus-5-5-fast', { disabled: false }],
    ['claude-fable-5.1', { disabled: false }],
    ['claude-fable-5', { disabled: false }],
    ['atlas-07-21', {}],
    ['claude-opus-6', {}],
    ['claude-saga-7-20270101', {}],
  ])('thinks adaptively only and refuses sampling: %s', (id, off) => {
    const capabilities = builtInCapabilities(id);
    expect(capabilities.thinkingTypes).toEqual({ enabled: false, adaptive: true, ...off });
    expect(capabilities.efforts).toEqual(['low', 'medium', 'high', 'xhigh', 'max']);
    expect(capabilities.sampling).toMatchObject({ temperature: false, topP: false, topK: false });
  });

  it.each([
    ['claude-3-5-haiku-20241022', 8192],
    ['claude-3-haiku-20240307', 4096],
  ])('did not think before 3.7: %s', (id, maxOutput) => {
    expect(builtInCapabilities(id)).toMatchObject({ reasoning: false, maxOutput });
  });

  it.each([
    ['claude-opus-4-7', false],
    ['claude-opus-4-8', true],
    ['claude-sonnet-5', true],
    ['claude-opus-6', false],
  ])('takes system messages inside the conversation where that is known: %s %s', (id, midSystem) => {
    expect(builtInCapabilities(id).midSystem).toBe(midSystem);
  });

  it('leaves room for the largest budget in every budget model since 4.5', () => {
    const outputs = ['claude-opus-4-5', 'claude-sonnet-4-5', 'claude-haiku-4-5'].map(
      (id) => builtInCapabilities(id).maxOutput,
    );
    expect(outputs).toEqual([64_000, 64_000, 64_000]);
  });
});

describe('GPT and Grok', () => {
  it.each([
    ['gpt-6-sol', ['none', 'low', 'medium', 'high', 'xhigh', 'max']],
    ['gpt-5.6-sol-fast', ['none', 'low', 'medium', 'high', 'xhigh', 'max']],
    ['gpt-6-astra', ['low', 'medium', 'high', 'xhigh', 'max']],
    ['gpt-6.1-sol', ['low', 'medium', 'high', 'xhigh', 'max']],
    ['gpt-5.5', ['low', 'medium', 'high', 'xhigh']],
    ['gpt-5.5-pro', ['medium', 'high', 'xhigh']],
    ['gpt-5.4-mini-fast', ['low', 'medium', 'high', 'xhigh']],
    ['gpt-5.3-codex', ['low', 'medium', 'high', 'xhigh']],
    ['gpt-5.2', ['none', 'low', 'medium', 'high', 'xhigh']],
    ['gpt-5.2-codex', ['low', 'medium', 'high', 'xhigh']],
    ['gpt-5.1', ['none', 'low', 'medium', 'high']],
    ['gpt-5.1-codex', ['low', 'medium', 'high']],
    ['gpt-5-mini', ['minimal', 'low', 'medium', 'high']],
    ['o3', ['low', 'medium', 'high']],
    ['grok-4.7', ['low', 'medium', 'high', 'xhigh']],
    ['grok-4.5', ['low', 'medium', 'high']],
  ])('offers its efforts: %s', (id, efforts) => {
    expect(builtInCapabilities(id)).toMatchObject({ reasoning: true, efforts });
  });

  it('refuses sampling while it cannot but think', () => {
    expect(builtInCapabilities('gpt-5.6-luna').sampling?.temperature).toBe(false);
    expect(builtInCapabilities('gpt-5.2').sampling).toBeUndefined();
  });

  it.each(['gpt-4o-mini', 'gpt-4.1', 'gpt-5.1-chat-latest'])('knows those that do not reason: %s', (id) => {
    expect(builtInCapabilities(id)).toMatchObject({ reasoning: false, issuer: 'openai' });
  });
});

describe('Gemini', () => {
  it.each([
    ['gemini-3.8-flash', ['LOW', 'MEDIUM', 'HIGH']],
    ['gemini-3.1-pro-preview', ['LOW', 'MEDIUM', 'HIGH']],
    ['gemini-3-flash-preview', ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH']],
    ['gemini-3-pro-preview', ['LOW', 'HIGH']],
  ])('3.x thinks in levels and wants its signatures back: %s', (id, thinkingLevels) => {
    expect(builtInCapabilities(id)).toMatchObject({ thinkingLevels, thoughtSignatureRequired: true });
  });

  it.each([
    ['gemini-2.5-pro', { min: 128, max: 32_768 }],
    ['gemini-2.5-flash', { min: 0, max: 24_576, off: 0 }],
    ['gemini-2.5-flash-lite', { min: 512, max: 24_576, off: 0 }],
  ])('2.5 thinks within a budget: %s', (id, thinkingBudget) => {
    const capabilities = builtInCapabilities(id);
    expect(capabilities.thinkingBudget).toEqual(thinkingBudget);
    expect(capabilities.thinkingLevels).toBeUndefined();
  });

  it('takes a newer one for 3.x', () => {
    expect(builtInCapabilities('gemini-4-pro')).toMatchObject({ thoughtSignatureRequired: true });
  });
});

describe('open models', () => {
  it.each([
    ['glm-5.3', 'effort-lhm'],
    ['glm-5.3-flash', 'effort-lhm'],
    ['glm-5.2', 'effort'],
    ['glm-4.6', 'thinking-type'],
    ['kimi-k3', 'effort-lhm'],
    ['kimi-k2.5', 'thinking-type'],
    ['kimi-k2.7-code', 'always-on'],
    ['deepseek-v4.1-flash', 'effort'],
    ['deepseek-chat', 'deepseek'],
    ['qwen3.8-max', 'effort'],
    ['qwen3-235b-a22b', 'enable-thinking'],
    ['nemotron-3-ultra', 'none'],
    ['mistral-medium-3.5', 'effort'],
    ['inkling', 'effort'],
    ['minimax-m3', 'effort'],
    ['gpt-oss-120b', 'effort'],
  ])('%s is told to reason by %s', (id, reasoningStyle) => {
    expect(builtInCapabilities(id).reasoningStyle).toBe(reasoningStyle);
  });

  it.each([
    'deepseek-v4-pro',
    'deepseek-v4-flash-0731',
    'deepseek-reasoner',
    'kimi-k2.7-code',
    'kimi-k2.6',
    'kimi-k2.5',
  ])('%s wants its reasoning back', (id) => {
    expect(builtInCapabilities(id).needsReasoningEcho).toBe(true);
  });

  it.each(['kimi-k2.6', 'kimi-k2.5', 'deepseek-chat'])('%s does not think beside a forced tool', (id) => {
    expect(builtInCapabilities(id).forcedToolWithThinking).toBe(false);
  });

  it.each(['qwen3-coder-plus', 'glm-5.3', 'kimi-k3', 'mistral-large-4'])(
    '%s takes system messages at the top only',
    (id) => {
      expect(builtInCapabilities(id).midSystem).toBe(false);
    },
  );

  it.each(['glm-5.2', 'deepseek-v4-pro', 'inkling', 'mistral-medium-3.5'])(
    '%s can be told not to think',
    (id) => {
      expect(builtInCapabilities(id).efforts?.[0]).toBe('none');
      expect(builtInCapabilities(id).canDisableReasoning).toBe(true);
    },
  );

  it.each(['glm-5.3', 'qwen3.8-max', 'minimax-m3', 'gpt-oss-20b'])('%s cannot be told not to think', (id) => {
    expect(builtInCapabilities(id).efforts).not.toContain('none');
    expect(builtInCapabilities(id).canDisableReasoning).toBe(false);
  });

  it('MiniMax M2 takes the budgets of the older Claude', () => {
    expect(builtInCapabilities('minimax-m2.7')).toMatchObject({
      issuer: 'minimax',
      thinkingTypes: { enabled: true },
      maxOutput: 64_000,
    });
  });

  it('has no issuer, so no family either', () => {
    expect(builtInCapabilities('glm-5.3')).not.toHaveProperty('family');
  });
});

describe('builtInCapabilities', () => {
  it.each(['my-model', 'llama-4', '', '__proto__', 'not-claude-opus-5', 'glm-9'])(
    'knows nothing of %j',
    (id) => {
      expect(builtInCapabilities(id)).toEqual({});
    },
  );

  it.each([
    ['claude-opus-5-fast', 'anthropic', 'claude-opus-5'],
    ['gpt-5.6-sol', 'openai', 'gpt-5.6-sol'],
    ['gemini-3.8-flash', 'gemini', 'gemini-3.8-flash'],
    ['grok-4.7', 'xai', 'grok-4.7'],
  ])('names issuer and family of the reasoning state: %s', (id, issuer, family) => {
    expect(builtInCapabilities(id)).toMatchObject({ issuer, family });
  });

  it.each([
    ...DEFAULT_MODELS.map(({ id }) => id),
    'deepseek-v4-pro',
    'minimax-m3',
    'mistral-large-4',
    'aster-07-15',
    'garnet-07-15',
  ])('knows the largest output of %s', (id) => {
    expect(builtInCapabilities(id).maxOutput).toBeGreaterThan(30_000);
    expect(builtInCapabilities(id).reasoning).toBe(true);
  });
});
