import { describe, expect, it } from 'vitest';
import type { ToolResult } from '../../../src/kernel/conversation.ts';
import {
  assistant,
  call,
  encode,
  messagesOf,
  OPENAI,
  PNG,
  PNG_PART,
  result,
  results,
  text,
  user,
} from './encode-support.ts';

/** The content of the one tool message. */
function toolContent(answer: ToolResult): unknown {
  const [message] = messagesOf([results(answer)]);
  return (message as { readonly content: unknown }).content;
}

describe('openai-chat tool messages', () => {
  it('stand behind their calls, one each, in the order of the calls (C061, C062)', () => {
    const turns = [
      assistant(call('call_1'), call('call_2')),
      results(result('call_1', [text('sun')]), result('call_2', [text('rain')])),
      user(text('Thanks.')),
    ];
    expect(messagesOf(turns).slice(1)).toEqual([
      { role: 'tool', tool_call_id: 'call_1', content: 'sun' },
      { role: 'tool', tool_call_id: 'call_2', content: 'rain' },
      { role: 'user', content: 'Thanks.' },
    ]);
  });

  it('join texts, which not every vendor reads in parts', () => {
    expect(toolContent(result('call_1', [text('a'), text(''), text('b')]))).toBe('a\n\nb');
  });

  it('may be empty', () => {
    expect(toolContent(result('call_1', []))).toBe('');
  });

  it('name the function, but not for OpenAI', () => {
    const turns = [results(result('call_1', [text('sun')], { name: 'get_weather' }))];
    const plain = { role: 'tool', tool_call_id: 'call_1', content: 'sun' };
    expect(messagesOf(turns)).toEqual([{ ...plain, name: 'get_weather' }]);
    expect(messagesOf(turns, OPENAI)).toEqual([plain]);
  });

  it.each([
    ['no such file', 'Error: no such file'],
    ['Error: no such file', 'Error: no such file'],
    ['ERROR 5', 'ERROR 5'],
    ['an error', 'Error: an error'],
  ])('say that the tool failed: %s (C072)', (words, expected) => {
    expect(toolContent(result('call_1', [text(words), text('b')], { isError: true }))).toBe(
      `${expected}\n\nb`,
    );
  });

  it('say so of a tool without words', () => {
    expect(toolContent(result('call_1', [], { isError: true }))).toBe('Error: ');
  });
});

describe('openai-chat media in results', () => {
  const PDF = {
    kind: 'document',
    source: { type: 'base64', data: 'JVBERi0=', mediaType: 'application/pdf' },
  } as const;

  it('go into one user message behind all tool messages, labelled by call (C069)', () => {
    const turns = [
      results(
        result('call_1', [text('Here:'), PNG]),
        result('call_2', [text('none')]),
        result('call_3', [PDF], { at: 'messages[4].tool_call_id' }),
      ),
      user(text('Well?')),
    ];
    const { body, notes } = encode({ turns });
    expect(body['messages']).toEqual([
      { role: 'tool', tool_call_id: 'call_1', content: 'Here:\n\n[image, see the user message below]' },
      { role: 'tool', tool_call_id: 'call_2', content: 'none' },
      { role: 'tool', tool_call_id: 'call_3', content: '[document, see the user message below]' },
      {
        role: 'user',
        content: [
          { type: 'text', text: '[from the result of tool call call_1]' },
          PNG_PART,
          { type: 'text', text: '[from the result of tool call call_3]' },
          {
            type: 'file',
            file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
          },
        ],
      },
      { role: 'user', content: 'Well?' },
    ]);
    expect(notes).toBe('messages[2].content[0]=moved,messages[4]=moved');
  });

  it('stay where they are when they are text', () => {
    const document = { kind: 'document', source: { type: 'text', text: 'body' }, title: 'T' } as const;
    expect(messagesOf([results(result('call_1', [document]))])).toEqual([
      { role: 'tool', tool_call_id: 'call_1', content: 'T\n\nbody' },
    ]);
  });

  it('are refused, naming the result, by a model that cannot see', () => {
    const turns = [results(result('call_1', [PNG]))];
    expect(() => encode({ turns }, { images: false })).toThrow(
      'messages[2].content[0]: this model takes no images',
    );
  });
});
