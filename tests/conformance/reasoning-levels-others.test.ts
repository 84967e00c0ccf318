import { describe, expect, it } from 'vitest';
import { requestLines } from '../support/request-lines.ts';
import { dig, notesOf, startStage } from './support/stage.ts';

const ASKED = { messages: [{ role: 'user', content: 'Hello' }] };

describe('a Messages client that thinks with a budget, in auto', () => {
  it('C160 asks a Responses model for the nearest effort and a summary', async () => {
    const { ask, sent } = await startStage('openai', { model: 'gpt-5.2' });
    const thinking = { type: 'enabled', budget_tokens: 20000 };
    const { status } = await ask('messages', { ...ASKED, thinking, max_tokens: 30000 });
    expect(status).toBe(200);
    expect(dig(sent(), 'reasoning')).toEqual({ effort: 'high', summary: 'auto' });
    expect(dig(sent(), 'include')).toEqual(['reasoning.encrypted_content']);
    expect(dig(sent(), 'store')).toBe(false);
  });

  it.each([
    [{ thinking: { type: 'adaptive' }, output_config: { effort: 'medium' } }, 'medium'],
    [{ thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }, 'xhigh'],
    [{ thinking: { type: 'enabled', budget_tokens: 2000 } }, 'minimal'],
  ])('C160 names the effort that the model offers for %j', async (wish, effort) => {
    const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'];
    const { ask, sent } = await startStage('openai', { capabilities: { efforts } });
    expect((await ask('messages', { ...ASKED, ...wish, max_tokens: 30000 })).status).toBe(200);
    expect(dig(sent(), 'reasoning', 'effort')).toBe(effort);
  });
});

describe('a Messages client that says how it wants to think, in auto', () => {
  it.each([
    [{ thinking: { type: 'adaptive' } }, { summary: 'auto' }],
    [
      { thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'low' } },
      { effort: 'low' },
    ],
    [{ thinking: { type: 'disabled' } }, { effort: 'none' }],
    [{}, undefined],
  ])('C160 asks a Responses model for no more than that: %j', async (wish, reasoning) => {
    const { ask, sent } = await startStage('openai', { model: 'gpt-5.2' });
    expect((await ask('messages', { ...ASKED, ...wish })).status).toBe(200);
    expect(dig(sent(), 'reasoning')).toEqual(reasoning);
  });

  it.each(['chat', 'responses'] as const)(
    'C160 drops sampling beside an effort, and says so: %s',
    async (client) => {
      const { ask, sent } = await startStage(client === 'chat' ? 'openai' : 'common', { model: 'gpt-5.2' });
      const wish =
        client === 'chat'
          ? { ...ASKED, reasoning_effort: 'low' }
          : { input: 'Hello', reasoning: { effort: 'low' } };
      const answer = await ask(client, { ...wish, temperature: 0.3, top_p: 0.5 });
      expect(answer.status).toBe(200);
      expect(notesOf(answer)).toEqual(expect.arrayContaining(['temperature=dropped', 'top_p=dropped']));
      expect(sent()).not.toHaveProperty('temperature');
      expect(sent()).not.toHaveProperty('top_p');
    },
  );
});

describe('level off of a Responses model', () => {
  it.each([
    ['gpt-5.2', 'none'],
    ['gpt-5', 'minimal'],
    ['gpt-5.4', 'low'],
    ['gpt-5.5-pro', 'medium'],
  ])('C161 is the least that %s offers: %s', async (model, effort) => {
    const { ask, sent } = await startStage('openai', { model, reasoning: 'off' });
    const body = { input: 'Hello', reasoning: { effort: 'high', summary: 'auto' } };
    expect((await ask('responses', body)).status).toBe(200);
    expect(dig(sent(), 'reasoning', 'effort')).toBe(effort);
  });
});

describe('a level of a Chat model', () => {
  it.each([
    ['low', 'low'],
    ['medium', 'high'],
    ['high', 'high'],
    ['xhigh', 'max'],
    ['off', 'low'],
  ])('C162 %s is %s where a vendor knows low, high and max', async (reasoning, effort) => {
    const { ask, sent } = await startStage('common', { model: 'glm-5.3', reasoning });
    expect((await ask('chat', { ...ASKED, reasoning_effort: 'xhigh' })).status).toBe(200);
    expect(sent()).toEqual({ model: 'glm-5.3', ...ASKED, reasoning_effort: effort });
  });

  it('C162 off leaves a model alone that cannot stop thinking, and says so', async () => {
    const { ask, sent, gateway } = await startStage('common', { model: 'kimi-k2.7-code', reasoning: 'off' });
    expect((await ask('chat', { ...ASKED, reasoning_effort: 'high' })).status).toBe(200);
    expect(sent()).toEqual({ model: 'kimi-k2.7-code', ...ASKED });
    expect(requestLines(gateway.logger)).toMatchObject([{ notes: 'reasoning_effort=ignored' }]);
  });

  it('C162 off is noted to a translated client of a model that cannot stop thinking', async () => {
    const { ask, sent } = await startStage('common', { model: 'kimi-k2.7-code', reasoning: 'off' });
    const answer = await ask('messages', { ...ASKED, thinking: { type: 'adaptive' } });
    expect(answer.status).toBe(200);
    expect(JSON.stringify(sent())).not.toMatch(/reasoning|thinking/);
    expect(notesOf(answer)).toContain('reasoning_effort=ignored');
  });

  it.each([
    ['glm-4.6', 'off', { thinking: { type: 'disabled' } }],
    ['glm-4.6', 'medium', { thinking: { type: 'enabled' } }],
    ['kimi-k2.7-code', 'high', {}],
    ['deepseek-v3.1', 'off', { thinking: { type: 'disabled' } }],
    ['qwen3-max', 'off', { enable_thinking: false }],
    ['qwen3-max', 'low', { enable_thinking: true, thinking_budget: 4096 }],
  ])('C162 takes the form of the vendor: %s, %s', async (model, reasoning, members) => {
    const { ask, sent } = await startStage('common', { model, reasoning });
    expect((await ask('chat', ASKED)).status).toBe(200);
    expect(sent()).toEqual({ model, ...ASKED, ...members });
  });
});

describe('a forced tool', () => {
  const tools = [
    { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } },
  ];

  it.each([
    ['deepseek-v3.1', { thinking: { type: 'disabled' } }],
    ['qwen3-max', { enable_thinking: false }],
  ])('C162 wins over a level where the two exclude each other: %s', async (model, members) => {
    const { ask, sent } = await startStage('common', { model, reasoning: 'high' });
    const body = { ...ASKED, tools, tool_choice: 'required' };
    expect((await ask('chat', body)).status).toBe(200);
    expect(sent()).toEqual({ model, ...body, ...members });
  });
});

describe('a level of a Gemini model', () => {
  it.each([
    ['gemini-3.1-pro-preview', { thinkingLevel: 'LOW' }],
    ['gemini-3-pro-preview', { thinkingLevel: 'LOW' }],
    ['gemini-3-flash-preview', { thinkingLevel: 'MINIMAL' }],
    ['gemini-2.5-pro', { thinkingBudget: 128 }],
    ['gemini-2.5-flash', { thinkingBudget: 0 }],
    ['gemini-2.5-flash-lite', { thinkingBudget: 0 }],
  ])('C163 off is the least that %s takes, said in one way: %j', async (model, thinkingConfig) => {
    const { ask, sent } = await startStage('google', { model, reasoning: 'off' });
    expect((await ask('chat', { ...ASKED, reasoning_effort: 'high' })).status).toBe(200);
    expect(dig(sent(), 'generationConfig', 'thinkingConfig')).toEqual(thinkingConfig);
  });

  it.each([
    ['gemini-3-pro-preview', 'medium', { thinkingLevel: 'HIGH' }],
    ['gemini-3.1-pro-preview', 'medium', { thinkingLevel: 'MEDIUM' }],
    ['gemini-2.5-pro', 'xhigh', { thinkingBudget: 32768 }],
    ['gemini-2.5-flash', 'xhigh', { thinkingBudget: 24576 }],
    ['gemini-2.5-flash', 'low', { thinkingBudget: 4096 }],
  ])('C163 is said to %s in one way: %s is %j', async (model, reasoning, thinkingConfig) => {
    const { ask, sent } = await startStage('google', { model, reasoning });
    expect((await ask('chat', ASKED)).status).toBe(200);
    expect(dig(sent(), 'generationConfig', 'thinkingConfig')).toEqual({
      ...thinkingConfig,
      includeThoughts: true,
    });
  });

  it.each([
    ['gemini-3-pro-preview', 'minimal', { thinkingLevel: 'LOW' }],
    ['gemini-3-flash-preview', 'none', { thinkingLevel: 'MINIMAL' }],
    ['gemini-2.5-flash', 'high', { thinkingBudget: 24576, includeThoughts: true }],
    ['gemini-2.5-flash', 'none', { thinkingBudget: 0 }],
  ])('C163 is left to the client in auto: %s, %s', async (model, reasoning_effort, thinkingConfig) => {
    const { ask, sent } = await startStage('google', { model });
    expect((await ask('chat', { ...ASKED, reasoning_effort })).status).toBe(200);
    expect(dig(sent(), 'generationConfig', 'thinkingConfig')).toMatchObject(thinkingConfig);
    expect(dig(sent(), 'generationConfig')).not.toHaveProperty('maxOutputTokens');
  });

  it.each([
    ['gemini-2.5-pro', 25576],
    ['gemini-3.1-pro-preview', 25576],
  ])('C164 leaves room for the thoughts that it brings in: %s', async (model, maxOutputTokens) => {
    const { ask, sent } = await startStage('google', { model, reasoning: 'high' });
    expect((await ask('chat', { ...ASKED, max_tokens: 1000 })).status).toBe(200);
    expect(dig(sent(), 'generationConfig', 'maxOutputTokens')).toBe(maxOutputTokens);
  });

  it('C164 leaves no more room than the model has', async () => {
    const capabilities = { maxOutput: 20000 };
    const { ask, sent } = await startStage('google', {
      model: 'gemini-2.5-flash',
      reasoning: 'high',
      capabilities,
    });
    expect((await ask('chat', { ...ASKED, max_tokens: 1000 })).status).toBe(200);
    expect(dig(sent(), 'generationConfig', 'maxOutputTokens')).toBe(20000);
  });
});
