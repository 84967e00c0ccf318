import { describe, expect, it } from 'vitest';
import { dig, listAt, notesOf, startStage } from './support/stage.ts';

const call = { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{"at":"sea"}' } };
const LOOK = { name: 'look', input_schema: { type: 'object', properties: { at: { type: 'string' } } } };
const CHAT_LOOK = { type: 'function', function: { name: 'look', parameters: LOOK.input_schema } };

describe('system text in the middle of a conversation', () => {
  const messages = [
    { role: 'user', content: 'One?' },
    { role: 'assistant', content: 'One.' },
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Two?' },
  ];

  it('C098 opens the next message of the user for a model that takes it at the top only', async () => {
    const { ask, sent } = await startStage('common', { capabilities: { midSystem: false } });
    const answer = await ask('messages', { system: 'Be kind.', messages });
    expect(answer.status).toBe(200);
    expect(listAt(sent(), 'messages')).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'One?' },
      { role: 'assistant', content: 'One.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: '<system-reminder>\nBe brief.\n</system-reminder>' },
          { type: 'text', text: 'Two?' },
        ],
      },
    ]);
    expect(notesOf(answer)).toEqual(['messages[2]=folded']);
  });

  it('C098 stays in its place for a model that takes it there', async () => {
    const { ask, sent } = await startStage('common', { capabilities: { midSystem: true } });
    const answer = await ask('messages', { messages });
    expect(answer.status).toBe(200);
    expect(listAt(sent(), 'messages')).toEqual(messages);
    expect(notesOf(answer)).toEqual([]);
  });

  it('C098 makes a message of its own where no word of the user follows', async () => {
    const { ask, sent } = await startStage('common', { capabilities: { midSystem: false } });
    expect((await ask('messages', { messages: messages.slice(0, 3) })).status).toBe(200);
    expect(dig(listAt(sent(), 'messages').at(-1))).toEqual({
      role: 'user',
      content: '<system-reminder>\nBe brief.\n</system-reminder>',
    });
  });
});

describe('instructions of a Responses client', () => {
  it('C099 are system text for Claude, those in the first item of the input too', async () => {
    const { ask, sent } = await startStage('anthropic');
    const { status } = await ask('responses', {
      instructions: 'Be kind.',
      input: [
        { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Be brief.' }] },
        { type: 'message', role: 'user', content: 'Hi' },
      ],
    });
    expect(status).toBe(200);
    expect(listAt(sent(), 'system')).toEqual([
      { type: 'text', text: 'Be kind.' },
      { type: 'text', text: 'Be brief.' },
    ]);
    expect(listAt(sent(), 'messages')).toEqual([{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]);
  });
});

describe('an assistant message that says nothing but calls', () => {
  it('C100 has no empty text block for Claude', async () => {
    const { ask, sent } = await startStage('anthropic');
    const { status } = await ask('chat', {
      tools: [CHAT_LOOK],
      messages: [
        { role: 'user', content: 'Look!' },
        { role: 'assistant', content: '', tool_calls: [call] },
        { role: 'tool', tool_call_id: 'call_1', content: 'Blue.' },
      ],
    });
    expect(status).toBe(200);
    expect(dig(sent(), 'messages', 1)).toEqual({
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'call_1', name: 'look', input: { at: 'sea' } }],
    });
  });

  it('C101 has null for its text towards Chat Completions', async () => {
    const { ask, sent } = await startStage('common');
    const { status } = await ask('messages', {
      tools: [LOOK],
      messages: [
        { role: 'user', content: 'Look!' },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'call_1', name: 'look', input: { at: 'sea' } }],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'Blue.' }] },
      ],
    });
    expect(status).toBe(200);
    expect(dig(sent(), 'messages', 1)).toEqual({ role: 'assistant', content: null, tool_calls: [call] });
  });
});

describe('an answer that the client has begun itself', () => {
  it('C102 loses the blanks at its end, which Claude refuses', async () => {
    const { ask, sent } = await startStage('anthropic', { model: 'claude-opus-4-5-20251101' });
    const { status } = await ask('chat', {
      messages: [
        { role: 'user', content: 'A poem?' },
        { role: 'assistant', content: 'Once upon  \n a time \n ' },
      ],
    });
    expect(status).toBe(200);
    expect(dig(sent(), 'messages', 1)).toEqual({
      role: 'assistant',
      content: [{ type: 'text', text: 'Once upon  \n a time' }],
    });
  });

  it('C102 keeps the blanks at the end of an earlier answer', async () => {
    const { ask, sent } = await startStage('anthropic', { model: 'claude-opus-4-5-20251101' });
    await ask('chat', {
      messages: [
        { role: 'user', content: 'A poem?' },
        { role: 'assistant', content: 'Once upon ' },
        { role: 'user', content: 'Go on.' },
      ],
    });
    expect(dig(sent(), 'messages', 1, 'content', 0, 'text')).toBe('Once upon ');
  });
});
