import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import type { Effort, ReasoningWish } from '../../../src/kernel/reasoning.ts';
import { applyEdits, viewOfObject } from '../../../src/kernel/wire-object.ts';
import { openaiChat } from '../../../src/protocols/openai-chat/index.ts';
import { OPENAI } from './encode-support.ts';

const OFF: ReasoningWish = { mode: 'off', from: 'client' };
const on = (effort: Effort): ReasoningWish => ({ mode: 'on', effort, from: 'client' });

/** The body with the edits for a wish, without its model; and the notes. */
function edit(body: JsonObject, reasoning: ReasoningWish, capabilities: Capabilities) {
  const losses = createLossLog();
  const wished = { model: 'm', systemPrompt: '', fast: false, reasoning, capabilities };
  const { edits } = openaiChat.upstream.overrides(viewOfObject(body), wished, losses);
  const { model, ...rest } = applyEdits(body, edits);
  expect(model).toBe('m');
  return { body: rest, notes: losses.summary() };
}

const GPT: Capabilities = { ...OPENAI, reasoning: true };
const gpt = (...efforts: Effort[]): Capabilities => ({ ...GPT, efforts });

describe('openai-chat reasoning of the models of OpenAI', () => {
  it.each<[Capabilities, ReasoningWish, Effort, string]>([
    [gpt('none', 'low', 'high'), OFF, 'none', ''],
    [
      { ...gpt('minimal', 'low', 'high'), canDisableReasoning: false },
      OFF,
      'minimal',
      'reasoning_effort=raised',
    ],
    [{ ...gpt('low', 'high'), canDisableReasoning: false }, OFF, 'low', 'reasoning_effort=raised'],
    [{ ...gpt('medium', 'high'), canDisableReasoning: false }, OFF, 'medium', 'reasoning_effort=raised'],
    [gpt('low', 'medium', 'high'), on('xhigh'), 'high', ''],
    [gpt('low', 'high', 'xhigh'), on('xhigh'), 'xhigh', ''],
    [gpt('low', 'high', 'xhigh'), on('max'), 'xhigh', ''],
    [gpt('low', 'high', 'xhigh', 'max'), on('max'), 'max', ''],
    [GPT, on('max'), 'xhigh', ''],
    [gpt('low', 'medium'), on('minimal'), 'low', ''],
  ])('with %j follows %j', (capabilities, wish, effort, notes) => {
    expect(edit({}, wish, capabilities)).toEqual({ body: { reasoning_effort: effort }, notes });
  });

  const sampled = {
    temperature: 1,
    top_p: 1,
    frequency_penalty: 1,
    presence_penalty: 1,
    logprobs: true,
    top_logprobs: 2,
  };

  it('excludes sampling', () => {
    expect(edit({ ...sampled, seed: 1 }, on('low'), gpt('low'))).toEqual({
      body: { seed: 1, reasoning_effort: 'low' },
      notes:
        'temperature=dropped,top_p=dropped,frequency_penalty=dropped,presence_penalty=dropped,logprobs=dropped,top_logprobs=dropped',
    });
  });

  it('leaves sampling where it is off', () => {
    expect(edit(sampled, OFF, gpt('none', 'low')).body).toEqual({ ...sampled, reasoning_effort: 'none' });
  });

  it.each([on('high'), OFF])(
    'is not asked of a model that has none, nor is its sampling touched: %j',
    (wish) => {
      const asked = { ...sampled, reasoning_effort: 'high' };
      expect(edit(asked, wish, { ...OPENAI, reasoning: false }).body).toEqual(sampled);
    },
  );

  it('stays beside a forced tool', () => {
    expect(edit({ tool_choice: 'required' }, on('low'), gpt('low')).body).toEqual({
      tool_choice: 'required',
      reasoning_effort: 'low',
    });
  });
});
