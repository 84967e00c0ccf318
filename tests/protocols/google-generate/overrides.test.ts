import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { Overrides } from '../../../src/kernel/codec.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import { NO_WISH, wishOfLevel } from '../../../src/kernel/reasoning.ts';
import type { ReasoningLevel, ReasoningWish } from '../../../src/kernel/reasoning.ts';
import { applyEdits, viewOfObject } from '../../../src/kernel/wire-object.ts';
import { upstream } from './support.ts';

const PLAIN: Overrides = {
  model: 'm-1',
  systemPrompt: '',
  reasoning: NO_WISH,
  fast: false,
  capabilities: {},
};

function edit(body: JsonObject, wanted: Partial<Overrides>): { body: JsonObject; notes: string } {
  const losses = createLossLog();
  const { edits } = upstream.overrides(viewOfObject(body), { ...PLAIN, ...wanted }, losses);
  return { body: applyEdits(body, edits), notes: losses.summary() };
}

const configFor = (reasoning: ReasoningWish, capabilities: Capabilities = {}, config?: JsonObject): unknown =>
  edit(config === undefined ? {} : { generationConfig: config }, { reasoning, capabilities }).body[
    'generationConfig'
  ];

const level = (name: ReasoningLevel): ReasoningWish => wishOfLevel(name) ?? NO_WISH;
const client = (wish: Partial<ReasoningWish>): ReasoningWish => ({ mode: 'on', from: 'client', ...wish });

describe('google-generate overrides', () => {
  it('set the model and nothing else when nothing else is wanted', () => {
    const body = { model: 'old', generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } } };
    expect(edit(body, {}).body).toEqual({ ...body, model: 'm-1' });
  });

  it.each<[string, JsonObject, unknown]>([
    ['none', {}, { parts: [{ text: 'P' }] }],
    ['null', { systemInstruction: null }, { parts: [{ text: 'P' }] }],
    ['one without parts', { systemInstruction: { role: 'user' } }, { role: 'user', parts: [{ text: 'P' }] }],
    [
      'one with parts',
      { systemInstruction: { role: 'user', parts: [{ text: 'a' }] } },
      { role: 'user', parts: [{ text: 'P' }, { text: 'a' }] },
    ],
    ['text', { systemInstruction: 'a' }, 'a'],
    ['one with strange parts', { systemInstruction: { parts: 'a' } }, { parts: 'a' }],
  ])('put the system prompt in front of %s', (_case, body, expected) => {
    expect(edit(body, { systemPrompt: 'P' }).body['systemInstruction']).toEqual(expected);
  });

  it.each(['text', 7, [1]])('leave a generation config alone that is %j', (generationConfig) => {
    expect(edit({ generationConfig }, { reasoning: level('high') }).body['generationConfig']).toEqual(
      generationConfig,
    );
  });
});

describe('google-generate reasoning of a model that nothing is known of', () => {
  it.each<[ReasoningLevel, string]>([
    ['low', 'LOW'],
    ['medium', 'MEDIUM'],
    ['high', 'HIGH'],
    ['xhigh', 'HIGH'],
  ])('writes the level %s as %s, over what the client asked', (name, thinkingLevel) => {
    const config = { topK: 4, thinkingConfig: { thinkingBudget: 5 } };
    expect(configFor(level(name), {}, config)).toEqual({
      topK: 4,
      thinkingConfig: { thinkingLevel, includeThoughts: true },
    });
  });

  it('shows no thoughts to a client that wants to see none', () => {
    expect(configFor({ ...level('high'), show: false })).toEqual({
      thinkingConfig: { thinkingLevel: 'HIGH' },
    });
  });

  it.each<[string, ReasoningWish]>([
    ['the level off', level('off')],
    ["a client's off", { mode: 'off', from: 'client' }],
    ["a client's effort none", client({ effort: 'none' })],
  ])('removes thinking for %s', (_case, wish) => {
    expect(configFor(wish, {}, { topK: 4, thinkingConfig: { thinkingLevel: 'HIGH' } })).toEqual({ topK: 4 });
    expect(configFor(wish)).toBeUndefined();
  });

  it.each<[Partial<ReasoningWish>, unknown]>([
    [{ effort: 'minimal' }, { thinkingLevel: 'LOW' }],
    [
      { effort: 'max', show: true },
      { thinkingLevel: 'HIGH', includeThoughts: true },
    ],
    [{ budget: 10_000 }, { thinkingLevel: 'MEDIUM' }],
    [{ show: true }, { includeThoughts: true }],
  ])("writes a client's %j", (wish, thinkingConfig) => {
    expect(configFor(client(wish))).toEqual({ thinkingConfig });
  });

  it('asks nothing for a wish that says nothing', () => {
    expect(configFor(client({}))).toBeUndefined();
  });
});

describe('google-generate reasoning of a known model', () => {
  const levels = (...thinkingLevels: ('MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH')[]): Capabilities => ({
    thinkingLevels,
  });
  const pro = { thinkingBudget: { min: 128, max: 32_768 } };
  const flash = { thinkingBudget: { min: 1, max: 24_576, off: 0 } };

  it.each<[string, Capabilities, object]>([
    ['3.x without MINIMAL', levels('LOW', 'HIGH'), { thinkingLevel: 'LOW' }],
    ['3.x with MINIMAL', levels('MINIMAL', 'LOW', 'MEDIUM', 'HIGH'), { thinkingLevel: 'MINIMAL' }],
    ['3.x from MEDIUM up', levels('MEDIUM', 'HIGH'), { thinkingLevel: 'MEDIUM' }],
    ['2.5 Pro', pro, { thinkingBudget: 128 }],
    ['2.5 Flash', flash, { thinkingBudget: 0 }],
    ['a model that always thinks', { canDisableReasoning: false }, { thinkingLevel: 'LOW' }],
  ])('turns thinking off as far as %s lets it (C163)', (_case, capabilities, thinkingConfig) => {
    expect(configFor(level('off'), capabilities, { thinkingConfig: { includeThoughts: true } })).toEqual({
      thinkingConfig,
    });
  });

  it.each<[ReasoningLevel, Capabilities, object]>([
    ['medium', levels('LOW', 'HIGH'), { thinkingLevel: 'HIGH' }],
    ['medium', levels('LOW', 'MEDIUM', 'HIGH'), { thinkingLevel: 'MEDIUM' }],
    ['high', levels('LOW', 'MEDIUM'), { thinkingLevel: 'MEDIUM' }],
    ['low', levels(), { thinkingLevel: 'LOW' }],
    ['low', pro, { thinkingBudget: 4096 }],
    ['xhigh', pro, { thinkingBudget: 32_768 }],
    ['xhigh', flash, { thinkingBudget: 24_576 }],
    ['medium', { ...levels('LOW', 'HIGH'), ...pro }, { thinkingLevel: 'HIGH' }],
  ])('writes the level %s for %j, never in two forms', (name, capabilities, thinkingConfig) => {
    expect(configFor(level(name), capabilities)).toEqual({
      thinkingConfig: { ...thinkingConfig, includeThoughts: true },
    });
  });

  it("keeps a client's own budget within the model's bounds, and lets the model choose for none", () => {
    expect(configFor(client({ budget: 20_000 }), pro)).toEqual({
      thinkingConfig: { thinkingBudget: 20_000 },
    });
    expect(configFor(client({ budget: 50 }), pro)).toEqual({ thinkingConfig: { thinkingBudget: 128 } });
    expect(configFor(client({}), pro)).toEqual({ thinkingConfig: { thinkingBudget: -1 } });
  });

  it('asks nothing of a model that does not reason', () => {
    const config = { generationConfig: { topK: 1, thinkingConfig: {} } };
    const capabilities = { reasoning: false };
    expect(edit(config, { reasoning: level('high'), capabilities })).toEqual({
      body: { model: 'm-1', generationConfig: { topK: 1 } },
      notes: 'generationConfig.thinkingConfig=dropped',
    });
    expect(edit(config, { reasoning: level('off'), capabilities }).notes).toBe('');
  });
});

describe('google-generate token limit under an injected level', () => {
  const limited = (maxOutputTokens: number): JsonObject => ({ generationConfig: { maxOutputTokens } });
  const limitOf = (body: JsonObject): unknown => (body['generationConfig'] as JsonObject)['maxOutputTokens'];

  it.each<[number, ReasoningLevel, Capabilities, number]>([
    [1000, 'high', {}, 25_576],
    [1000, 'low', {}, 5096],
    [60_000, 'xhigh', {}, 65_536],
    [1000, 'xhigh', { maxOutput: 8192 }, 8192],
    [1000, 'xhigh', { thinkingBudget: { min: 1, max: 24_576 } }, 25_576],
  ])('goes from %i up by what %s thinks (C164)', (limit, name, capabilities, expected) => {
    const { body, notes } = edit(limited(limit), { reasoning: level(name), capabilities });
    expect([limitOf(body), notes]).toEqual([expected, 'generationConfig.maxOutputTokens=raised']);
  });

  it.each<[string, number, ReasoningWish]>([
    ["under a client's own wish", 1000, client({ effort: 'high' })],
    ['when thinking is off', 1000, level('off')],
    ['beyond what models write', 70_000, level('high')],
  ])('stays as it is %s', (_case, limit, reasoning) => {
    const capabilities: Capabilities = { thinkingLevels: ['LOW', 'HIGH'] };
    const { body, notes } = edit(limited(limit), { reasoning, capabilities });
    expect([limitOf(body), notes]).toEqual([limit, '']);
  });

  it('is not invented where the client gave none', () => {
    expect(configFor(level('high'), {}, { maxOutputTokens: 'many' })).toMatchObject({
      maxOutputTokens: 'many',
    });
    expect(configFor(level('high'))).not.toHaveProperty('maxOutputTokens');
  });
});
