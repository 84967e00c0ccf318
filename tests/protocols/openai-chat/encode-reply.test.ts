import type { ChatCompletion } from 'openai/resources/chat/completions';
import { describe, expect, it } from 'vitest';
import type { Block, Reply, StopReason } from '../../../src/kernel/reply.ts';
import { answerContext, client } from './support.ts';

const reply = (members: Partial<Reply> = {}): Reply => ({
  id: 'msg_1',
  model: 'upstream-model',
  createdAt: 1795800000,
  blocks: [],
  stop: { reason: 'stop' },
  ...members,
});
const text = (value: string, annotations: Extract<Block, { kind: 'text' }>['annotations'] = []): Block => ({
  kind: 'text',
  text: value,
  annotations,
});
const encode = (members: Partial<Reply>) => client.encodeReply(reply(members), answerContext());
const messageOf = (members: Partial<Reply>) =>
  (encode(members) as unknown as ChatCompletion).choices[0]?.message;
const finishOf = (members: Partial<Reply>) =>
  (encode(members) as unknown as ChatCompletion).choices[0]?.finish_reason;

describe('openai-chat encodeReply', () => {
  it('writes what the SDK calls a ChatCompletion', () => {
    const expected = {
      id: expect.stringMatching(/^chatcmpl-\w{24}$/) as string,
      object: 'chat.completion',
      created: 1795800000,
      model: 'asked-model',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Hello.',
            refusal: null,
            tool_calls: [
              { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"n":1234567890123456789}' } },
              { id: 'c2', type: 'custom', custom: { name: 'g', input: 'free' } },
            ],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      usage: {
        prompt_tokens: 125,
        completion_tokens: 7,
        total_tokens: 132,
        prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 20 },
        completion_tokens_details: { reasoning_tokens: 3 },
      },
    } satisfies ChatCompletion;
    const args = '{"n":1234567890123456789}';
    expect(
      encode({
        blocks: [
          text('Hello.'),
          { kind: 'tool-call', id: 'c1', callKind: 'function', name: 'f', args },
          { kind: 'tool-call', id: 'c2', callKind: 'custom', name: 'g', args: 'free' },
        ],
        stop: { reason: 'tool-calls' },
        usage: {
          inputTokens: 125,
          cacheReadTokens: 100,
          cacheWriteTokens: 20,
          outputTokens: 7,
          reasoningTokens: 3,
        },
      }),
    ).toEqual(expected);
  });

  it('keeps an id of its own form, and takes the present for an unknown time', () => {
    const { id, model, blocks, stop } = reply({ id: 'chatcmpl-theirs' });
    expect(client.encodeReply({ id, model, blocks, stop }, answerContext())).toMatchObject({
      id: 'chatcmpl-theirs',
      created: 1795800123,
    });
  });

  it('has no usage when the upstream told none', () => {
    expect(encode({})).not.toHaveProperty('usage');
  });

  it('is an empty string without any content, with the reason why (C129)', () => {
    const members: Partial<Reply> = { stop: { reason: 'length' } };
    expect([messageOf(members)?.content, finishOf(members)]).toEqual(['', 'length']);
  });

  it('has null for content when it only calls, and an object for arguments that are empty', () => {
    const call: Block = { kind: 'tool-call', id: 'c', callKind: 'function', name: 'f', args: '' };
    expect(messageOf({ blocks: [call] })).toMatchObject({
      content: null,
      tool_calls: [{ function: { arguments: '{}' } }],
    });
  });

  it('makes a namespace part of the name', () => {
    const call: Block = {
      kind: 'tool-call',
      id: 'c',
      callKind: 'function',
      namespace: 'ns',
      name: 'f',
      args: '{}',
    };
    expect(messageOf({ blocks: [call] })).toMatchObject({ tool_calls: [{ function: { name: 'ns__f' } }] });
  });

  it('joins texts as they are and passages of reasoning by a blank line', () => {
    const reasoning = (raw: string, ...summary: string[]): Block => ({ kind: 'reasoning', raw, summary });
    expect(
      messageOf({
        blocks: [reasoning('raw'), reasoning('', 'a', '', 'b'), reasoning(''), text('x'), text('y')],
      }),
    ).toEqual({ role: 'assistant', content: 'xy', refusal: null, reasoning_content: 'raw\n\na\n\nb' });
  });

  const phased = (value: string, phase: string): Block => ({
    kind: 'text',
    text: value,
    annotations: [{ kind: 'url', url: 'https://a.example' }],
    phase,
  });

  it('parts remarks on the way from the answer by a blank line, and shifts citations with them', () => {
    const blocks = [
      phased('', 'commentary'),
      phased('Let me ', 'commentary'),
      phased('look.', 'commentary'),
      phased('', 'final_answer'),
      phased('Done.', 'final_answer'),
    ];
    expect(messageOf({ blocks })).toMatchObject({
      content: 'Let me look.\n\nDone.',
      annotations: [
        [0, 0],
        [0, 7],
        [7, 12],
        [12, 12],
        [14, 19],
      ].map(([start_index, end_index]) => ({ url_citation: { start_index, end_index } })),
    });
  });

  it('shows the summary where a block tells both', () => {
    expect(messageOf({ blocks: [{ kind: 'reasoning', raw: 'raw', summary: ['told'] }] })).toMatchObject({
      reasoning_content: 'told',
    });
  });

  it('shifts citations to the place of their text, and gives one without offsets the whole text (C042)', () => {
    const blocks = [
      text('Zürich. '),
      text('Bern.', [
        { kind: 'url', url: 'https://a.example', title: 'A', start: 1, end: 3 },
        { kind: 'url', url: 'https://b.example' },
      ]),
    ];
    expect(messageOf({ blocks })?.annotations).toEqual([
      {
        type: 'url_citation',
        url_citation: { url: 'https://a.example', title: 'A', start_index: 9, end_index: 11 },
      },
      {
        type: 'url_citation',
        url_citation: { url: 'https://b.example', title: '', start_index: 8, end_index: 13 },
      },
    ]);
  });

  it('leaves out what ran at the upstream', () => {
    const hosted: Block = { kind: 'hosted', protocol: 'anthropic-messages', raw: {} };
    expect(messageOf({ blocks: [hosted, text('a')] })).toEqual({
      role: 'assistant',
      content: 'a',
      refusal: null,
    });
  });

  it.each([
    ['stop', 'stop'],
    ['stop-sequence', 'stop'],
    ['tool-calls', 'tool_calls'],
    ['length', 'length'],
    ['context', 'length'],
    ['content-filter', 'content_filter'],
    ['refusal', 'content_filter'],
    ['pause', 'length'],
  ] satisfies [StopReason, string][])('ends an answer that stopped by %s with %s (C128)', (reason, word) => {
    expect(finishOf({ stop: { reason, raw: 'foreign_word' } })).toBe(word);
  });

  it('tells why an answer was cut off by a refusal (C036)', () => {
    const members: Partial<Reply> = {
      blocks: [text('Sure, ')],
      stop: { reason: 'refusal', explanation: 'This is not allowed.' },
    };
    expect(messageOf(members)).toMatchObject({ content: 'Sure, ', refusal: 'This is not allowed.' });
    expect(finishOf(members)).toBe('content_filter');
  });

  it('takes a refusal that is a block for a whole answer (C040)', () => {
    const members: Partial<Reply> = {
      blocks: [{ kind: 'refusal', text: 'I will not.' }],
      stop: { reason: 'refusal', explanation: 'unused' },
    };
    expect(messageOf(members)).toMatchObject({ content: '', refusal: 'I will not.' });
    expect(finishOf(members)).toBe('stop');
  });
});
