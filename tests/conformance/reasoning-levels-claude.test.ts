import { describe, expect, it } from 'vitest';
import { dig, notesOf, startStage } from './support/stage.ts';
import type { StageOptions } from './support/stage.ts';

const BUDGET = 'claude-sonnet-4-5-20250929';
const ADAPTIVE = 'claude-opus-4-7';
const ASKED = { messages: [{ role: 'user', content: 'Hello' }] };
const TOOL = { name: 'look', input_schema: { type: 'object', properties: {} } };

/** What Claude is sent for a request of its own dialect; the sandbox refuses what its real service would. */
async function sentToClaude(options: StageOptions, body: object): Promise<unknown> {
  const { ask, sent } = await startStage('anthropic', options);
  const answer = await ask('messages', { ...ASKED, ...body });
  expect(answer).toMatchObject({ status: 200 });
  return sent();
}

describe('a level of a model that thinks within a budget', () => {
  it('C153 raises max_tokens by the budget', async () => {
    const body = await sentToClaude({ model: BUDGET, reasoning: 'high' }, { max_tokens: 8000 });
    expect(body).toEqual({
      model: BUDGET,
      ...ASKED,
      thinking: { type: 'enabled', budget_tokens: 24576 },
      max_tokens: 32576,
    });
  });

  it('C153 leaves max_tokens that has room for the budget', async () => {
    const body = await sentToClaude({ model: BUDGET, reasoning: 'high' }, { max_tokens: 30000 });
    expect(body).toMatchObject({ thinking: { budget_tokens: 24576 }, max_tokens: 30000 });
  });

  it('C153 raises max_tokens no further than the model goes', async () => {
    const options = { model: BUDGET, reasoning: 'high', capabilities: { maxOutput: 30000 } };
    const body = await sentToClaude(options, { max_tokens: 8000 });
    expect(body).toMatchObject({ thinking: { budget_tokens: 24576 }, max_tokens: 30000 });
  });

  it('C154 takes a smaller budget where the model does not write that much', async () => {
    const body = await sentToClaude(
      { model: 'claude-opus-4-1-20250805', reasoning: 'xhigh' },
      { max_tokens: 8000 },
    );
    expect(body).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 30976 }, max_tokens: 32000 });
  });

  it('C155 takes out the sampling that thinking does not go with', async () => {
    const sampling = { temperature: 0.2, top_k: 5 };
    const body = await sentToClaude({ model: BUDGET, reasoning: 'low' }, { ...sampling, max_tokens: 8000 });
    expect(body).toEqual({
      model: BUDGET,
      ...ASKED,
      thinking: { type: 'enabled', budget_tokens: 4096 },
      max_tokens: 8000,
    });
  });

  it('C156 gives way to a tool that is forced', async () => {
    const forced = { tools: [TOOL], tool_choice: { type: 'any' }, max_tokens: 8000 };
    const body = await sentToClaude({ model: BUDGET, reasoning: 'high' }, forced);
    expect(body).toEqual({ model: BUDGET, ...ASKED, ...forced });
  });
});

describe('a level of a model that thinks as it sees fit', () => {
  it('C156 gives way to a tool that is forced', async () => {
    const forced = { tools: [TOOL], tool_choice: { type: 'tool', name: 'look' } };
    const body = await sentToClaude({ model: ADAPTIVE, reasoning: 'high' }, forced);
    expect(body).toMatchObject(forced);
    expect(dig(body, 'thinking', 'type')).toBe('disabled');
  });

  it('C157 is an effort, without budget and without sampling', async () => {
    const sampling = { temperature: 0.2, top_p: 0.9, top_k: 5 };
    const body = await sentToClaude(
      { model: ADAPTIVE, reasoning: 'high' },
      { ...sampling, max_tokens: 8000, thinking: { type: 'enabled', budget_tokens: 2000 } },
    );
    expect(body).toEqual({
      model: ADAPTIVE,
      ...ASKED,
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
      max_tokens: 8000,
    });
  });

  const format = { type: 'json_schema', schema: { type: 'object', additionalProperties: false } };

  it.each([
    ['claude-sonnet-5-5', { type: 'between_tools' }, { format }],
    ['claude-opus-5-5', { type: 'adaptive' }, { format, effort: 'low' }],
    ['claude-opus-4-7', { type: 'disabled' }, { format }],
  ])('C158 is off in the way that the model takes, and the format stays: %s', async (model, ...expected) => {
    const [thinking, output_config] = expected;
    const body = await sentToClaude({ model, reasoning: 'off' }, { output_config: { format } });
    expect(body).toEqual({ model, ...ASKED, max_tokens: 1000, thinking, output_config });
  });
});

describe('the wish of a chat client, in auto', () => {
  it('C159 is a budget for a model that thinks within one', async () => {
    const { ask, sent } = await startStage('anthropic', { model: BUDGET });
    const { status } = await ask('chat', { ...ASKED, reasoning_effort: 'medium', max_tokens: 500 });
    expect(status).toBe(200);
    expect(dig(sent(), 'thinking')).toMatchObject({ type: 'enabled', budget_tokens: 12288 });
    expect(dig(sent(), 'max_tokens')).toBe(12788);
  });

  it('C159 is an effort for a model that thinks as it sees fit', async () => {
    const { ask, sent } = await startStage('anthropic', { model: ADAPTIVE });
    const { status } = await ask('chat', { ...ASKED, reasoning_effort: 'medium', temperature: 0.3 });
    expect(status).toBe(200);
    expect(dig(sent(), 'thinking', 'type')).toBe('adaptive');
    expect(dig(sent(), 'output_config')).toEqual({ effort: 'medium' });
    expect(sent()).not.toHaveProperty('temperature');
  });

  it.each([BUDGET, ADAPTIVE])('C159 is not made up where there is none: %s', async (model) => {
    const { ask, sent } = await startStage('anthropic', { model });
    expect((await ask('chat', ASKED)).status).toBe(200);
    expect(sent()).not.toHaveProperty('thinking');
    expect(sent()).not.toHaveProperty('output_config');
  });

  it('C159 C156 gives way to a tool that is forced', async () => {
    const { ask, sent } = await startStage('anthropic', { model: BUDGET });
    const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
    const body = { ...ASKED, reasoning_effort: 'high', tools, tool_choice: 'required' };
    const answer = await ask('chat', body);
    expect(answer).toMatchObject({ status: 200 });
    expect(notesOf(answer)).toContain('reasoning=off-for-forced-tool');
    expect(sent()).not.toHaveProperty('thinking');
    expect(sent()).toMatchObject({ tool_choice: { type: 'any' } });
  });

  it('C159 C157 is an effort for a model that is newer than what is known', async () => {
    const { ask, sent } = await startStage('anthropic', { model: 'claude-opus-9-1' });
    const answer = await ask('responses', {
      input: 'Hello',
      reasoning: { effort: 'high' },
      temperature: 0.3,
    });
    expect(answer).toMatchObject({ status: 200 });
    expect(dig(sent(), 'thinking', 'type')).toBe('adaptive');
    expect(dig(sent(), 'output_config')).toEqual({ effort: 'high' });
    expect(sent()).not.toHaveProperty('temperature');
  });
});
