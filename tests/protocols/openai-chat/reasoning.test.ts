import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import type { Effort, ReasoningWish } from '../../../src/kernel/reasoning.ts';
import { applyEdits, viewOfObject } from '../../../src/kernel/wire-object.ts';
import { upstream } from './support.ts';

const OFF: ReasoningWish = { mode: 'off', from: 'level' };
const level = (effort: Effort): ReasoningWish => ({ mode: 'on', effort, from: 'level' });

/** The body after the edits, without its model; and the notes. */
function edit(body: JsonObject, reasoning: ReasoningWish, capabilities: Capabilities = {}) {
  const losses = createLossLog();
  const wished = { model: 'm', systemPrompt: '', fast: false, reasoning, capabilities };
  const { edits } = upstream.overrides(viewOfObject(body), wished, losses);
  const { model, ...rest } = applyEdits(body, edits);
  expect(model).toBe('m');
  return { body: rest, notes: losses.summary() };
}

describe('openai-chat reasoning of a model of which nothing is known', () => {
  it.each([
    [level('low'), { reasoning_effort: 'low' }],
    [level('medium'), { reasoning_effort: 'medium' }],
    [level('high'), { reasoning_effort: 'high' }],
    [level('xhigh'), { reasoning_effort: 'xhigh' }],
    [OFF, {}],
    [{ mode: 'on', budget: 20000, from: 'client' }, { reasoning_effort: 'high' }],
    [{ mode: 'on', from: 'client' }, { reasoning_effort: 'medium' }],
  ] satisfies [ReasoningWish, JsonObject][])('follows %j', (wish, expected) => {
    expect(edit({}, wish)).toEqual({ body: expected, notes: '' });
  });

  it.each([OFF, level('low')])('takes away what the client wished otherwise, for %j', (wish) => {
    const client = {
      reasoning_effort: 'max',
      reasoning: {},
      thinking: 5,
      enable_thinking: true,
      thinking_budget: 1,
    };
    expect(edit(client, wish)).toEqual(edit({}, wish));
  });
});

describe('openai-chat reasoning by the style of its vendor', () => {
  const efforts = (...offered: Effort[]): Capabilities => ({ efforts: offered });
  const style = (reasoningStyle: NonNullable<Capabilities['reasoningStyle']>): Capabilities => ({
    reasoningStyle,
  });

  it.each([
    [style('effort'), OFF, { reasoning_effort: 'none' }, ''],
    [style('effort'), level('high'), { reasoning_effort: 'high' }, ''],
    [
      { ...style('effort'), canDisableReasoning: false },
      OFF,
      { reasoning_effort: 'low' },
      'reasoning_effort=raised',
    ],
    [efforts('none', 'low', 'high'), OFF, { reasoning_effort: 'none' }, ''],
    [efforts('minimal', 'low', 'high'), OFF, { reasoning_effort: 'minimal' }, 'reasoning_effort=raised'],
    [efforts('low', 'high'), level('medium'), { reasoning_effort: 'low' }, ''],
    [efforts('low', 'medium', 'high'), level('xhigh'), { reasoning_effort: 'high' }, ''],
    [style('effort-lhm'), OFF, { reasoning_effort: 'low' }, 'reasoning_effort=raised'],
    [style('effort-lhm'), level('low'), { reasoning_effort: 'low' }, ''],
    [style('effort-lhm'), level('medium'), { reasoning_effort: 'high' }, ''],
    [style('effort-lhm'), level('high'), { reasoning_effort: 'high' }, ''],
    [style('effort-lhm'), level('xhigh'), { reasoning_effort: 'max' }, ''],
    [style('thinking-type'), OFF, { thinking: { type: 'disabled' } }, ''],
    [style('thinking-type'), level('low'), { thinking: { type: 'enabled' } }, ''],
    [style('deepseek'), OFF, { thinking: { type: 'disabled' } }, ''],
    [style('deepseek'), level('high'), { thinking: { type: 'enabled' } }, ''],
    [
      { ...style('deepseek'), ...efforts('low', 'high', 'max') },
      level('high'),
      { thinking: { type: 'enabled' }, reasoning_effort: 'high' },
      '',
    ],
    [style('enable-thinking'), OFF, { enable_thinking: false }, ''],
    [style('enable-thinking'), level('medium'), { enable_thinking: true, thinking_budget: 12288 }, ''],
    [
      { ...style('enable-thinking'), thinkingBudget: { min: 0, max: 8192 } },
      level('xhigh'),
      { enable_thinking: true, thinking_budget: 8192 },
      '',
    ],
    [style('always-on'), OFF, {}, 'reasoning_effort=ignored'],
    [style('always-on'), level('high'), {}, ''],
    [style('none'), OFF, {}, ''],
    [style('none'), level('high'), {}, 'reasoning_effort=ignored'],
    [{ reasoning: false }, level('high'), {}, 'reasoning_effort=ignored'],
  ] satisfies [Capabilities, ReasoningWish, JsonObject, string][])(
    'of %j follows %j (C162)',
    (capabilities, wish, body, notes) => {
      expect(edit({}, wish, capabilities)).toEqual({ body, notes });
    },
  );

  it("keeps what else the client's own switch holds", () => {
    const thinking = { type: 'disabled', clear_thinking: false };
    expect(edit({ thinking }, level('low'), style('thinking-type')).body).toEqual({
      thinking: { type: 'enabled', clear_thinking: false },
    });
  });

  it('replaces a switch of a wrong type', () => {
    expect(edit({ thinking: 'on' }, OFF, style('deepseek')).body).toEqual({ thinking: { type: 'disabled' } });
  });
});

describe('openai-chat reasoning beside a forced tool', () => {
  const named = { type: 'function', function: { name: 'f' } };
  const allowed = (mode: string) => ({ type: 'allowed_tools', allowed_tools: { mode, tools: [] } });
  const qwen: Capabilities = { reasoningStyle: 'enable-thinking' };

  it.each(['required', named, allowed('required')])('gives way to %j', (tool_choice) => {
    expect(edit({ tool_choice }, level('low'), qwen)).toEqual({
      body: { tool_choice, enable_thinking: false },
      notes: 'reasoning_effort=dropped',
    });
  });

  it.each(['auto', 'none', allowed('auto'), {}, 5, null])('stays beside %j', (tool_choice) => {
    expect(edit({ tool_choice }, level('low'), qwen).body).toMatchObject({ enable_thinking: true });
  });

  it.each([
    [{ reasoningStyle: 'deepseek' }, 'disabled'],
    [{ reasoningStyle: 'deepseek', forcedToolWithThinking: true }, 'enabled'],
    [{ reasoningStyle: 'thinking-type' }, 'enabled'],
    [{ reasoningStyle: 'thinking-type', forcedToolWithThinking: false }, 'disabled'],
  ] satisfies [Capabilities, string][])('with %j is %s', (capabilities, type) => {
    expect(edit({ tool_choice: 'required' }, level('low'), capabilities).body).toMatchObject({
      thinking: { type },
    });
  });
});

describe('openai-chat sampling beside reasoning', () => {
  const body = { temperature: 1, top_p: 1, top_k: 1, frequency_penalty: 1, presence_penalty: 1, seed: 1 };
  const refused: Capabilities = {
    sampling: { temperature: false, topP: false, topK: false, penalties: false },
  };

  it('drops what the model is known to refuse', () => {
    expect(edit(body, level('low'), refused)).toEqual({
      body: { seed: 1, reasoning_effort: 'low' },
      notes:
        'temperature=dropped,top_p=dropped,top_k=dropped,frequency_penalty=dropped,presence_penalty=dropped',
    });
  });

  it('stays as it is otherwise, and when reasoning is off', () => {
    expect(edit(body, level('low')).body).toMatchObject(body);
    expect(edit(body, OFF, refused).body).toEqual(body);
  });
});
