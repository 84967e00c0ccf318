import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import type { ReasoningWish } from '../../../src/kernel/reasoning.ts';
import { atLevel, INTERLEAVED, override, USER } from './override.ts';

const BUDGET: Capabilities = { thinkingTypes: { enabled: true } };
const ADAPTIVE: Capabilities = { thinkingTypes: { enabled: false, adaptive: true } };
const wished = (wish: Partial<ReasoningWish>, capabilities: Capabilities): ReturnType<typeof override> =>
  override(
    { max_tokens: 64_000, messages: [USER] },
    { reasoning: { mode: 'on', from: 'client', ...wish }, capabilities },
  );

describe('anthropic-messages levels with a budget', () => {
  it.each([
    ['low', 4096],
    ['medium', 12288],
    ['high', 24576],
    ['xhigh', 40960],
  ] as const)('%s thinks with %i tokens and between tools', (level, budget_tokens) => {
    expect(atLevel(level)).toEqual({
      body: {
        model: 'm',
        max_tokens: 64_000,
        messages: [USER],
        thinking: { type: 'enabled', budget_tokens },
      },
      addBetas: [INTERLEAVED],
      removeBetas: [],
      notes: '',
    });
    expect(atLevel(level, {}, BUDGET)).toEqual(atLevel(level));
  });

  it('replaces what the client asked, but not how it wants to see it', () => {
    const thinking = { type: 'enabled', budget_tokens: 1024, display: 'omitted' };
    expect(atLevel('low', { thinking }).body['thinking']).toEqual({ ...thinking, budget_tokens: 4096 });
  });

  it.each<[string, JsonObject, Capabilities, unknown, unknown]>([
    ['makes room above the budget (C153)', { max_tokens: 8000 }, {}, 24576, 32576],
    ['makes room as far as the model goes', { max_tokens: 8000 }, { maxOutput: 30000 }, 24576, 30000],
    ['shrinks to what the model allows', { max_tokens: 8000 }, { maxOutput: 8192 }, 7168, 8192],
    ['leaves a limit that it cannot read', { max_tokens: 'many' }, {}, 24576, 'many'],
    ['needs no room that is there', { max_tokens: 24577 }, {}, 24576, 24577],
  ])('%s', (_what, fields, capabilities, budget, maxTokens) => {
    const { body } = atLevel('high', fields, capabilities);
    expect(body).toMatchObject({ thinking: { budget_tokens: budget }, max_tokens: maxTokens });
  });

  it('fits xhigh into a model of 32000 tokens (C154)', () => {
    const { body, notes } = atLevel('xhigh', { max_tokens: 20_000 }, { maxOutput: 32_000 });
    expect(body).toMatchObject({ thinking: { budget_tokens: 30_976 }, max_tokens: 32_000 });
    expect(notes).toBe('max_tokens=raised');
  });

  it('says a limit only where its default would not do', () => {
    const bare = (level: 'low' | 'xhigh'): JsonObject =>
      override({ messages: [USER] }, { reasoning: { mode: 'on', effort: level, from: 'level' } }).body;
    expect(bare('low')['max_tokens']).toBeUndefined();
    expect(bare('xhigh')['max_tokens']).toBe(72_960);
  });

  it('does not think where there is no room', () => {
    const { body, notes, addBetas } = atLevel('low', { max_tokens: 500 }, { maxOutput: 1000 });
    expect(body).toEqual({ model: 'm', max_tokens: 500, messages: [USER] });
    expect(notes).toBe('reasoning=off-for-small-limit');
    expect(addBetas).toEqual([]);
  });

  it('takes out the sampling that thinking forbids (C155)', () => {
    const { body, notes } = atLevel('low', { temperature: 0.2, top_k: 5, top_p: 0.5 });
    expect(Object.keys(body)).toEqual(['model', 'max_tokens', 'messages', 'thinking']);
    expect(notes).toBe('temperature=dropped,top_k=dropped,top_p=dropped');
  });

  it.each<[number, Capabilities, boolean]>([
    [0.95, {}, true],
    [1, {}, true],
    [0.94, {}, false],
    [0.95, { sampling: { topP: false } }, false],
    [0.99, { sampling: { topP: false } }, true],
  ])('keeps top_p %d for a model with %j: %s', (top_p, capabilities, kept) => {
    expect('top_p' in atLevel('low', { top_p }, capabilities).body).toBe(kept);
  });

  it('drops a temperature of 1 without a note', () => {
    expect(atLevel('low', { temperature: 1 })).toMatchObject({ notes: '' });
  });

  it.each<[Partial<ReasoningWish>, number]>([
    [{ effort: 'medium' }, 12288],
    [{}, 12288],
    [{ budget: 20_000 }, 20_000],
    [{ budget: 100 }, 1024],
    [{ effort: 'minimal' }, 1024],
    [{ effort: 'max' }, 40960],
  ])("follows another dialect's wish %j (C159)", (wish, budget_tokens) => {
    expect(wished(wish, BUDGET).body['thinking']).toEqual({ type: 'enabled', budget_tokens });
  });
});

describe('anthropic-messages levels on adaptive models', () => {
  it('say effort, no budget, no beta and no sampling (C157)', () => {
    const format = { type: 'json_schema', schema: {} };
    const result = atLevel('high', { temperature: 0.2, output_config: { format, effort: 'low' } }, ADAPTIVE);
    expect(result.body).toEqual({
      model: 'm',
      max_tokens: 64_000,
      messages: [USER],
      thinking: { type: 'adaptive' },
      output_config: { format, effort: 'high' },
    });
    expect(result).toMatchObject({ addBetas: [], removeBetas: [] });
  });

  it('take the adaptive form where the model knows both', () => {
    expect(atLevel('low', {}, { thinkingTypes: { enabled: true, adaptive: true } }).body['thinking']).toEqual(
      { type: 'adaptive' },
    );
  });

  it.each<[Partial<ReasoningWish>, Capabilities, unknown]>([
    [{ effort: 'xhigh' }, { efforts: ['low', 'medium', 'high'] }, { effort: 'high' }],
    [{ effort: 'minimal' }, {}, { effort: 'low' }],
    [{ effort: 'minimal' }, { efforts: ['none', 'minimal', 'medium'] }, { effort: 'medium' }],
    [{ budget: 20_000 }, {}, { effort: 'high' }],
    [{ effort: 'low' }, { efforts: [] }, undefined],
    [{}, {}, undefined],
  ])('wish %j with %j asks for %j', (wish, capabilities, config) => {
    expect(wished(wish, { ...ADAPTIVE, ...capabilities }).body['output_config']).toEqual(config);
  });

  it('show reasoning to a client that wants it, else as the client said', () => {
    expect(wished({ show: true }, ADAPTIVE).body['thinking']).toEqual({
      type: 'adaptive',
      display: 'summarized',
    });
    expect(atLevel('low', { thinking: { display: 'omitted' } }, ADAPTIVE).body['thinking']).toEqual({
      type: 'adaptive',
      display: 'omitted',
    });
  });

  it.each([['high'], [null]])('leave output_config %j alone only where it has a wrong type', (config) => {
    const expected = config === null ? { effort: 'low' } : config;
    expect(atLevel('low', { output_config: config }, ADAPTIVE).body['output_config']).toEqual(expected);
  });
});

describe('anthropic-messages level off', () => {
  it('removes thinking and its beta', () => {
    const thinking = { type: 'enabled', budget_tokens: 2000 };
    expect(atLevel('off', { thinking })).toEqual({
      body: { model: 'm', max_tokens: 64_000, messages: [USER] },
      addBetas: [],
      removeBetas: [INTERLEAVED],
      notes: '',
    });
  });

  it.each<[string, Capabilities, JsonObject | undefined]>([
    ['a model that does not reason', { reasoning: false, ...ADAPTIVE }, undefined],
    ['a model with budgets', BUDGET, undefined],
    [
      'a model with both forms',
      { thinkingTypes: { enabled: true, adaptive: true, disabled: true } },
      undefined,
    ],
    [
      'an adaptive model that takes the word',
      { thinkingTypes: { enabled: false, adaptive: true, disabled: true } },
      { type: 'disabled' },
    ],
    [
      'one that thinks between tools only',
      { thinkingTypes: { adaptive: true, betweenTools: true } },
      { type: 'between_tools' },
    ],
    ['one that is known to be quiet by itself', { ...ADAPTIVE, canDisableReasoning: true }, undefined],
  ])('is said to %s in its own way', (_what, capabilities, thinking) => {
    const { body, removeBetas, notes } = atLevel('off', { thinking: { type: 'adaptive' } }, capabilities);
    expect(body['thinking']).toEqual(thinking);
    expect(removeBetas).toEqual([INTERLEAVED]);
    expect(notes).toBe('');
  });

  it('takes out the sampling that the model never takes, and leaves the rest', () => {
    const capabilities = { sampling: { temperature: false, topP: false, topK: false } };
    const given = { temperature: 0.2, top_k: 5, top_p: 0.5 };
    const { body, notes } = atLevel('off', given, {
      ...ADAPTIVE,
      ...capabilities,
      canDisableReasoning: true,
    });
    expect(Object.keys(body)).toEqual(['model', 'max_tokens', 'messages']);
    expect(notes).toBe('temperature=dropped,top_k=dropped,top_p=dropped');
    expect(atLevel('off', { top_p: 0.99 }, capabilities).body['top_p']).toBe(0.99);
    expect(atLevel('off', given)).toMatchObject({ body: given, notes: '' });
  });

  it('asks the least of a model that always thinks, keeping the format (C158)', () => {
    const format = { type: 'json_schema', schema: {} };
    const { body, notes } = atLevel('off', { output_config: { format }, top_k: 3 }, ADAPTIVE);
    expect(body).toMatchObject({ thinking: { type: 'adaptive' }, output_config: { format, effort: 'low' } });
    expect(body['top_k']).toBeUndefined();
    expect(notes).toBe('reasoning=lowest,top_k=dropped');
  });

  it.each<[JsonObject, unknown]>([
    [{ effort: 'xhigh' }, undefined],
    [{ effort: 'max', format: {} }, { format: {} }],
    [{ effort: 'high' }, { effort: 'high' }],
  ])('leaves of output_config %j what needs no thinking', (config, expected) => {
    expect(atLevel('off', { output_config: config }).body['output_config']).toEqual(expected);
  });

  it.each<[JsonObject, unknown]>([
    [{ edits: [{ type: 'clear_thinking_20251015' }] }, undefined],
    [{ edits: [{ type: 'clear_thinking_20251015' }], other: 1 }, { other: 1 }],
    [
      { edits: [{ type: 'clear_thinking_20251015' }, { type: 'clear_tool_uses_20250919' }] },
      { edits: [{ type: 'clear_tool_uses_20250919' }] },
    ],
    [
      { edits: [{ type: 'clear_tool_uses_20250919' }, 'x'] },
      { edits: [{ type: 'clear_tool_uses_20250919' }, 'x'] },
    ],
    [{ edits: 'x' }, { edits: 'x' }],
  ])('takes out of context_management %j what needs thinking', (management, expected) => {
    const betweenTools = { thinkingTypes: { adaptive: true, betweenTools: true } };
    expect(atLevel('off', { context_management: management }).body['context_management']).toEqual(expected);
    expect(
      atLevel('off', { context_management: management }, betweenTools).body['context_management'],
    ).toEqual(expected);
  });
});
