import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import { describe, expect, it } from 'vitest';
import type { Overrides } from '../../../src/kernel/codec.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { createLossLog } from '../../../src/kernel/losses.ts';
import { NO_WISH } from '../../../src/kernel/reasoning.ts';
import type { ReasoningWish } from '../../../src/kernel/reasoning.ts';
import { applyEdits, viewOfObject } from '../../../src/kernel/wire-object.ts';
import { upstream } from './support.ts';

const QUIET: Overrides = { model: 'up', systemPrompt: '', reasoning: NO_WISH, fast: false, capabilities: {} };

function edit(body: JsonObject, wished: Partial<Overrides>): { body: JsonObject; notes: string } {
  const losses = createLossLog();
  const { edits } = upstream.overrides(viewOfObject(body), { ...QUIET, ...wished }, losses);
  return { body: applyEdits(body, edits), notes: losses.summary() };
}

const user = { role: 'user', content: 'hi' };
const BODY: JsonObject = { model: 'asked', messages: [user], temperature: 0.2 };

describe('openai-chat overrides', () => {
  it('changes the model alone when nothing else is wished', () => {
    const kept = { ...BODY, reasoning_effort: 'high', thinking: { type: 'enabled' } };
    expect(edit(kept, {})).toEqual({ body: { ...kept, model: 'up' }, notes: '' });
  });

  it('writes a body that the SDK accepts', () => {
    const reasoning: ReasoningWish = { mode: 'on', effort: 'high', from: 'level' };
    const expected = {
      model: 'up',
      messages: [
        { role: 'system', content: 'You are Droid.\n\n' },
        { role: 'user', content: 'hi' },
      ],
      temperature: 0.2,
      reasoning_effort: 'high',
      service_tier: 'priority',
    } satisfies ChatCompletionCreateParamsNonStreaming;
    expect(edit(BODY, { systemPrompt: 'You are Droid.\n\n', reasoning, fast: true }).body).toEqual(expected);
  });

  it.each([
    ['a string', 'Be kind.', 'You are Droid.\n\nBe kind.'],
    [
      'its first text part',
      [
        { type: 'image_url' },
        { type: 'text', text: 'Be kind.', cache_control: {} },
        { type: 'text', text: 'b' },
      ],
      [
        { type: 'image_url' },
        { type: 'text', text: 'You are Droid.\n\nBe kind.', cache_control: {} },
        { type: 'text', text: 'b' },
      ],
    ],
    ['a list without text', [5], [{ type: 'text', text: 'You are Droid.' }, 5]],
  ])('puts the prefix in front of a leading system message that is %s', (_what, content, expected) => {
    const first = { role: 'developer', name: 'n', content };
    expect(
      edit({ ...BODY, messages: [first, user] }, { systemPrompt: 'You are Droid.' }).body['messages'],
    ).toEqual([{ role: 'developer', name: 'n', content: expected }, user]);
  });

  it.each(['system', 'developer'])(
    'makes the prefix the content of a leading %s message without any',
    (role) => {
      const messages = [{ role, name: 'n', content: null }, user];
      expect(edit({ messages }, { systemPrompt: 'You are Droid.' }).body['messages']).toEqual([
        { role, name: 'n', content: 'You are Droid.' },
        user,
      ]);
    },
  );

  it('adds no line break to a prefix that brings its own', () => {
    const messages = [{ role: 'system', content: 'b' }];
    expect(edit({ messages }, { systemPrompt: 'a\n' }).body['messages']).toEqual([
      { role: 'system', content: 'a\nb' },
    ]);
  });

  it.each([
    ['another role', user],
    ['no content', { role: 'system' }],
    ['content of a wrong type', { role: 'system', content: 5 }],
    ['no object', 'hello'],
  ])('makes the prefix a message of its own before %s', (_what, first) => {
    expect(edit({ messages: [first] }, { systemPrompt: 'a' }).body['messages']).toEqual([
      { role: 'system', content: 'a' },
      first,
    ]);
  });

  it.each([{}, { messages: [] }, { messages: 'hi' }, { messages: null }])('leaves %j alone', (body) => {
    expect(edit(body, { systemPrompt: 'a' }).body).toEqual({ ...body, model: 'up' });
  });

  it.each([
    [{}, 'priority'],
    [{ service_tier: null }, 'priority'],
    [{ service_tier: 'flex' }, 'flex'],
  ])('asks for the fast tier of %j only where the client chose none', (body, tier) => {
    expect(edit(body, { fast: true }).body['service_tier']).toBe(tier);
  });
});
