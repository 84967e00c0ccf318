import { describe, expect, it } from 'vitest';
import { createCarrier } from '../../src/kernel/carrier.ts';
import { seal } from '../../src/sandbox/seal.ts';
import { questionOf } from './support/speech.ts';
import { dig, listAt, notesOf, readBody, startStage } from './support/stage.ts';
import { callDelta, chatStream } from './support/wire-chat.ts';

const CLAUDE = 'claude-opus-4-5-20251101';
const question = { role: 'user', content: 'What is the weather?' };
const messagesTool = { name: 'get_weather', input_schema: { type: 'object', properties: {} } };
const chatTool = { type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } };
const signature = seal('anthropic', 'Let me think.');
const sealed = seal('openai', 'what it thought');

it('C030 reasoning_content without a signature is not sent to Claude', async () => {
  const { ask, sent } = await startStage('anthropic', { model: CLAUDE });
  const answer = await ask('chat', {
    messages: [question, { role: 'assistant', content: 'Sunny.', reasoning_content: 'Hm.' }, question],
  });
  expect(answer.status).toBe(200);
  expect(dig(sent(), 'messages', 1)).toEqual({
    role: 'assistant',
    content: [{ type: 'text', text: 'Sunny.' }],
  });
  expect(notesOf(answer)).toContainEqual(expect.stringContaining('reasoning'));
});

describe('C031 an open tool loop without signed thinking', () => {
  const loop = [
    question,
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
  ];

  it.each([{}, { reasoning_effort: 'high' }])(
    'goes to a model with thinking budgets without thinking (client asks %j)',
    async (wish) => {
      const { ask, sent } = await startStage('anthropic', { model: CLAUDE, reasoning: 'high' });
      const answer = await ask('chat', { ...wish, messages: loop, tools: [chatTool] });
      expect(answer.status).toBe(200);
      expect(dig(sent(), 'thinking')).toBeUndefined();
      expect(dig(sent(), 'messages', 1, 'content', 0, 'type')).toBe('tool_use');
    },
  );

  it('thinks again in the next turn', async () => {
    const { ask, sent } = await startStage('anthropic', { model: CLAUDE, reasoning: 'high' });
    const messages = [...loop, { role: 'assistant', content: 'Sunny.' }, question];
    expect((await ask('chat', { messages, tools: [chatTool] })).status).toBe(200);
    expect(sent()).toMatchObject({ thinking: { type: 'enabled' } });
  });
});

describe('C032 a vendor that wants its reasoning repeated', () => {
  it.each([
    ['told by the vendor itself', undefined],
    ['signed by Claude', signature],
  ])('gets the thinking beside a call: %s', async (_what, signed) => {
    const { ask, script, sent } = await startStage('common', { model: 'deepseek-v4' });
    script(
      chatStream([
        { reasoning_content: 'Let me think.' },
        callDelta(0, { id: 'call_1', name: 'get_weather', arguments: '{}' }),
      ]),
    );
    const first = readBody(await ask('messages', questionOf('messages', false)));
    const [thinking, call] = listAt(first, 'content');
    const echoed = { ...(thinking as object), ...(signed !== undefined && { signature: signed }) };
    const answer = await ask('messages', {
      messages: [
        question,
        { role: 'assistant', content: [echoed, call] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'sunny' }] },
      ],
      tools: [messagesTool],
    });
    expect(answer.status).toBe(200);
    expect(dig(sent(), 'messages', 1)).toMatchObject({
      role: 'assistant',
      reasoning_content: 'Let me think.',
      tool_calls: [{ id: 'call_1', function: { name: 'get_weather', arguments: '{}' } }],
    });
  });

  it('gets an empty one where there was none', async () => {
    const { ask, sent } = await startStage('common', { capabilities: { needsReasoningEcho: true } });
    await ask('messages', {
      messages: [
        question,
        { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'get_weather', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'sunny' }] },
      ],
      tools: [messagesTool],
    });
    expect(dig(sent(), 'messages', 1, 'reasoning_content')).toBe('');
  });

  it('is not bothered with it when it does not want it', async () => {
    const { ask, sent } = await startStage('common');
    const thinking = { type: 'thinking', thinking: 'Let me think.', signature };
    const assistant = { role: 'assistant', content: [thinking, { type: 'text', text: 'Sunny.' }] };
    await ask('messages', { messages: [question, assistant, question] });
    expect(dig(sent(), 'messages', 1)).toEqual({ role: 'assistant', content: 'Sunny.' });
  });
});

describe('C033 a redacted block in a history that goes to a Responses upstream', () => {
  const historyOf = (data: string): object => ({
    messages: [
      question,
      {
        role: 'assistant',
        content: [
          { type: 'redacted_thinking', data },
          { type: 'text', text: 'Sunny.' },
        ],
      },
      question,
    ],
  });
  const state = { issuer: 'openai', family: 'gpt-5.2', kind: 'encrypted_content', data: sealed } as const;

  it('is the encrypted reasoning that its carrier holds', async () => {
    const { ask, sent } = await startStage('openai', { model: 'gpt-5.2' });
    expect((await ask('messages', historyOf(createCarrier(state, '')))).status).toBe(200);
    expect(dig(sent(), 'input', 1)).toMatchObject({
      type: 'reasoning',
      summary: [],
      encrypted_content: sealed,
    });
  });

  it.each([
    ['Claude’s own', seal('anthropic', 'secret')],
    ['a carrier of another service', createCarrier({ ...state, issuer: 'xai' }, '')],
    ['a carrier of another family', createCarrier({ ...state, family: 'other' }, '')],
    ['a carrier of other words', createCarrier(state, 'others')],
    ['a broken carrier', 'px1.broken'],
  ])('is left out when it is foreign: %s', async (_whose, data) => {
    const { ask, sent } = await startStage('openai', { model: 'gpt-5.2' });
    const answer = await ask('messages', historyOf(data));
    expect(answer.status).toBe(200);
    expect(listAt(sent(), 'input').map((item) => dig(item, 'type') ?? dig(item, 'role'))).not.toContain(
      'reasoning',
    );
    expect(notesOf(answer)).toHaveLength(1);
  });
});
