import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/kernel/capabilities.ts';
import type { Overrides } from '../../../src/kernel/codec.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { wishOfLevel } from '../../../src/kernel/reasoning.ts';
import type { ReasoningLevel, ReasoningWish } from '../../../src/kernel/reasoning.ts';
import { override } from './support.ts';

const level = (word: ReasoningLevel): ReasoningWish => {
  const wish = wishOfLevel(word);
  if (wish === undefined) throw new Error('auto is no wish');
  return wish;
};
const on = (members: Partial<ReasoningWish>): ReasoningWish => ({ mode: 'on', from: 'client', ...members });
const reasoningOf = (wish: ReasoningWish, capabilities: Capabilities = {}, body: JsonObject = {}) =>
  override(body, { reasoning: wish, capabilities }).body['reasoning'];

describe('openai-responses overrides', () => {
  it('sets the model and touches nothing else', () => {
    const body = { model: 'alias', input: 'hi', temperature: 1, reasoning: { effort: 'low' } };
    expect(override(body, { model: 'real' }).body).toEqual({ ...body, model: 'real' });
  });

  it.each<[string, JsonObject, string, Json | undefined]>([
    ['is set where there are no instructions', {}, 'You are Droid.', 'You are Droid.'],
    ['replaces null', { instructions: null }, 'P', 'P'],
    ['replaces the empty string', { instructions: '' }, 'P', 'P'],
    ['stands before the old with a blank line', { instructions: 'Old.' }, 'P', 'P\n\nOld.'],
    ['brings its own blank line', { instructions: 'Old.' }, 'P\n\n', 'P\n\nOld.'],
    ['stands there for a stored response too (C121)', { previous_response_id: 'resp_1' }, 'P', 'P'],
    ['leaves instructions of a wrong type alone', { instructions: ['x'] }, 'P', ['x']],
    ['is nothing when empty', {}, '', undefined],
  ])('prefix %s', (_name, body, systemPrompt, expected) => {
    expect(override(body, { systemPrompt }).body['instructions']).toEqual(expected);
  });

  it.each<[JsonObject, boolean, Json | undefined]>([
    [{}, true, 'priority'],
    [{ service_tier: null }, true, 'priority'],
    [{ service_tier: 'flex' }, true, 'flex'],
    [{}, false, undefined],
  ])('sets the fast tier on %o with fast %s', (body, fast, expected) => {
    expect(override(body, { fast }).body['service_tier']).toBe(expected);
  });
});

describe('openai-responses reasoning', () => {
  it.each(['low', 'medium', 'high', 'xhigh'] as const)('writes the level %s with a summary', (word) => {
    expect(reasoningOf(level(word))).toEqual({ effort: word, summary: 'auto' });
  });

  it('removes reasoning for off when nothing is known of the model', () => {
    expect(override({ reasoning: { effort: 'high' } }, { reasoning: level('off') }).body).toEqual({
      model: 'm',
    });
    expect(override({}, { reasoning: level('off') }).body).toEqual({ model: 'm' });
  });

  it.each<[Capabilities, string]>([
    [{ efforts: ['low', 'medium', 'high'] }, 'low'],
    [{ efforts: ['high', 'minimal', 'low'] }, 'minimal'],
    [{ efforts: ['none', 'low', 'high'] }, 'none'],
    [{ efforts: ['none', 'low'], canDisableReasoning: false }, 'low'],
    [{ canDisableReasoning: false }, 'low'],
  ])('turns off to the lowest that a model with %o offers (C161)', (capabilities, effort) => {
    expect(
      reasoningOf(level('off'), capabilities, { reasoning: { effort: 'high', context: 'auto' } }),
    ).toEqual({
      effort,
      context: 'auto',
    });
  });

  it.each<[ReasoningWish, Capabilities, string | undefined]>([
    [on({ budget: 20000 }), {}, 'high'],
    [on({ effort: 'minimal' }), {}, 'minimal'],
    [on({ effort: 'max' }), {}, 'xhigh'],
    [on({ effort: 'max' }), { efforts: ['low', 'max'] }, 'max'],
    [on({ effort: 'xhigh' }), { efforts: ['low', 'high'] }, 'high'],
    [on({ effort: 'low' }), { efforts: ['none', 'high'] }, 'high'],
    [on({}), {}, undefined],
  ])('translates the wish %o for a model with %o to %s (C160)', (wish, capabilities, effort) => {
    expect(reasoningOf(wish, capabilities)).toEqual({
      summary: 'auto',
      ...(effort !== undefined && { effort }),
    });
  });

  it('takes a wish for no effort as off', () => {
    expect(reasoningOf(on({ effort: 'none' }))).toBeUndefined();
  });

  it('asks for no summary that nobody wants to read', () => {
    expect(reasoningOf(on({ effort: 'low', show: false }))).toEqual({ effort: 'low' });
  });

  it.each<[JsonObject | null, JsonObject]>([
    [
      { summary: 'detailed', mode: 'pro' },
      { summary: 'detailed', mode: 'pro', effort: 'high' },
    ],
    [{ summary: null }, { summary: null, effort: 'high' }],
    [{ generate_summary: 'concise' }, { generate_summary: 'concise', effort: 'high' }],
    [null, { summary: 'auto', effort: 'high' }],
  ])("keeps the client's own members of %o", (own, expected) => {
    expect(reasoningOf(level('high'), {}, { reasoning: own })).toEqual(expected);
  });

  it.each<[Json]>([['high'], [3], [['high']]])('leaves reasoning of a wrong type alone: %j', (value) => {
    expect(override({ reasoning: value, temperature: 1 }, { reasoning: level('high') }).body).toEqual({
      model: 'm',
      reasoning: value,
      temperature: 1,
    });
  });

  it('sends nothing to a model that does not reason, and says so', () => {
    const wishes: Partial<Overrides> = { reasoning: level('high'), capabilities: { reasoning: false } };
    expect(override({ reasoning: { effort: 'low' }, temperature: 1 }, wishes)).toEqual({
      body: { model: 'm', temperature: 1 },
      notes: 'reasoning=dropped',
    });
  });

  it('has nothing to say when such a model is switched off', () => {
    expect(override({}, { reasoning: level('off'), capabilities: { reasoning: false } }).notes).toBe('');
  });

  const sampled = {
    temperature: 0.2,
    top_p: 0.9,
    top_logprobs: 2,
    include: ['reasoning.encrypted_content', 'message.output_text.logprobs'],
  };

  it('takes out what is refused beside reasoning, and says so', () => {
    expect(override(sampled, { reasoning: level('low') })).toEqual({
      body: {
        model: 'm',
        reasoning: { effort: 'low', summary: 'auto' },
        include: ['reasoning.encrypted_content'],
      },
      notes: 'temperature=dropped,top_p=dropped,top_logprobs=dropped',
    });
  });

  it('takes out what changes nothing without a word', () => {
    expect(override({ temperature: 1, top_p: 1 }, { reasoning: level('low') })).toEqual({
      body: { model: 'm', reasoning: { effort: 'low', summary: 'auto' } },
      notes: '',
    });
  });

  it.each<[string, Partial<Overrides>]>([
    ['nothing is asked', {}],
    ['reasoning is off', { reasoning: level('off') }],
    [
      'reasoning is switched off by name',
      { reasoning: level('off'), capabilities: { efforts: ['none', 'low'] } },
    ],
  ])('keeps sampling when %s', (_name, wishes) => {
    expect(override(sampled, wishes).body).toMatchObject(sampled);
  });
});
