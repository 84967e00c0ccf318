import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import type { BlockHead, StreamEvent } from '../../../src/kernel/stream-event.ts';
import { answerContext, chunksOfText, client, encodeEvents } from './support.ts';

const START: StreamEvent = { type: 'reply-start', id: 'msg_1', model: 'u', createdAt: 1795800000 };
const END: StreamEvent = { type: 'reply-end', stop: { reason: 'stop' } };
const open = (index: number, block: BlockHead): StreamEvent => ({ type: 'block-start', index, block });
const more = (index: number, text: string): StreamEvent => ({ type: 'block-delta', index, text });
const close = (index: number): StreamEvent => ({ type: 'block-end', index });
const think = (index: number, text: string, part = 0, form: 'raw' | 'summary' = 'raw'): StreamEvent => ({
  type: 'reasoning-delta',
  index,
  form,
  part,
  text,
});
const call = (id: string, callKind: 'function' | 'custom' = 'function'): BlockHead => ({
  kind: 'tool-call',
  id,
  callKind,
  name: `name_${id}`,
});

const chunksOf = (...events: StreamEvent[]) => chunksOfText(encodeEvents(events));
const deltasOf = (...events: StreamEvent[]) =>
  chunksOfText(encodeEvents([START, ...events]))
    .slice(1)
    .filter((chunk) => chunk !== '[DONE]')
    .map((chunk) => (chunk as ChatCompletionChunk).choices[0]?.delta as unknown);

describe('openai-chat createStreamEncoder', () => {
  it('says the role first, the reason last but for the marker, and the same names on every chunk (C007)', () => {
    const names = {
      id: expect.stringMatching(/^chatcmpl-\w{24}$/) as string,
      object: 'chat.completion.chunk',
      created: 1795800000,
      model: 'asked-model',
    } as const;
    const choice = { index: 0, logprobs: null, finish_reason: null };
    const expected = [
      { ...names, choices: [{ ...choice, delta: { role: 'assistant', content: '' } }] },
      { ...names, choices: [{ ...choice, delta: { content: 'Zürich 🎉' } }] },
      { ...names, choices: [{ ...choice, delta: {}, finish_reason: 'stop' }] },
    ] satisfies ChatCompletionChunk[];
    const chunks = chunksOf(START, open(0, { kind: 'text' }), more(0, 'Zürich 🎉'), close(0), END);
    expect(chunks).toEqual([...expected, '[DONE]']);
    expect(new Set(chunks.slice(0, 3).map((chunk) => (chunk as ChatCompletionChunk).id)).size).toBe(1);
  });

  it('numbers calls by themselves, not by their blocks (C055)', () => {
    expect(
      deltasOf(
        open(0, { kind: 'reasoning' }),
        open(1, { kind: 'text' }),
        open(2, call('a')),
        more(2, '{"x":'),
        open(3, call('b', 'custom')),
        more(3, 'free'),
        more(2, '1}'),
      ),
    ).toEqual([
      {
        tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'name_a', arguments: '' } }],
      },
      { tool_calls: [{ index: 0, function: { arguments: '{"x":' } }] },
      { tool_calls: [{ index: 1, id: 'b', type: 'custom', custom: { name: 'name_b', input: '' } }] },
      { tool_calls: [{ index: 1, custom: { input: 'free' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '1}' } }] },
    ]);
  });

  it('gives a function without arguments an object, a custom tool nothing (C054)', () => {
    const deltas = deltasOf(open(0, call('a')), close(0), open(1, call('b', 'custom')), close(1));
    expect(deltas.slice(1)).toEqual([
      { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
      { tool_calls: [{ index: 1, id: 'b', type: 'custom', custom: { name: 'name_b', input: '' } }] },
    ]);
  });

  it('makes a namespace part of the name', () => {
    expect(deltasOf(open(0, { ...call('a'), namespace: 'ns' } as BlockHead))).toMatchObject([
      { tool_calls: [{ function: { name: 'ns__name_a' } }] },
    ]);
  });

  it('parts passages of reasoning by a blank line', () => {
    expect(
      deltasOf(
        open(0, { kind: 'reasoning' }),
        think(0, 'a', 0, 'summary'),
        think(0, 'b', 0, 'summary'),
        think(0, 'c', 1, 'summary'),
        close(0),
        open(1, { kind: 'reasoning' }),
        think(1, 'd'),
      ),
    ).toEqual(['a', 'b', '\n\nc', '\n\nd'].map((reasoning_content) => ({ reasoning_content })));
  });

  it('shows the form of reasoning that came first', () => {
    expect(
      deltasOf(
        open(0, { kind: 'reasoning' }),
        think(0, 'a', 0, 'summary'),
        think(0, 'raw'),
        think(0, 'b', 0, 'summary'),
      ),
    ).toEqual([{ reasoning_content: 'a' }, { reasoning_content: 'b' }]);
  });

  it('writes nothing at once for opaque state, what ran at the upstream, and deltas of unknown blocks', () => {
    const opaque = { issuer: 'anthropic', family: '', kind: 'signature', data: 'x' } as const;
    const hosted: BlockHead = { kind: 'hosted', protocol: 'anthropic-messages', raw: {} };
    expect(
      encodeEvents([
        open(0, { kind: 'reasoning' }),
        { type: 'opaque', index: 0, opaque },
        open(1, hosted),
        more(1, 'x'),
        think(1, 'x'),
        more(9, 'x'),
        { type: 'annotation', index: 1, annotation: { kind: 'url', url: 'https://a.example' } },
        close(1),
        close(9),
      ]),
    ).toBe('');
  });

  it('parts remarks on the way from the answer by a blank line, and shifts citations with them', () => {
    const cited = (index: number): StreamEvent => ({
      type: 'annotation',
      index,
      annotation: { kind: 'url', url: 'https://a.example' },
    });
    const block = (index: number, phase: string, ...texts: string[]): StreamEvent[] => [
      open(index, { kind: 'text', phase }),
      cited(index),
      ...texts.map((words) => more(index, words)),
      close(index),
    ];
    const deltas = deltasOf(
      ...block(0, 'commentary', 'Let me ', 'look'),
      ...block(1, 'commentary', '.'),
      ...block(2, 'final_answer', 'Do', 'ne.'),
      END,
    );
    expect(deltas.slice(0, 5)).toEqual(
      ['Let me ', 'look', '.', '\n\nDo', 'ne.'].map((content) => ({ content })),
    );
    expect(deltas[5]).toMatchObject({
      annotations: [
        [0, 11],
        [11, 12],
        [14, 19],
      ].map(([start_index, end_index]) => ({ url_citation: { start_index, end_index } })),
    });
  });

  it('tells citations once, whole, before the finish (C042, C171)', () => {
    const cite = (index: number, url: string): StreamEvent => ({
      type: 'annotation',
      index,
      annotation: { kind: 'url', url, title: 'T' },
    });
    const deltas = deltasOf(
      open(0, { kind: 'text' }),
      more(0, 'Zürich. '),
      cite(0, 'https://a.example'),
      close(0),
      open(1, { kind: 'text' }),
      cite(1, 'https://b.example'),
      more(1, 'Bern.'),
      close(1),
      END,
    );
    const citation = (url: string, start_index: number, end_index: number) => ({
      type: 'url_citation',
      url_citation: { url, title: 'T', start_index, end_index },
    });
    expect(deltas.slice(2)).toEqual([
      { annotations: [citation('https://a.example', 0, 8), citation('https://b.example', 8, 13)] },
      {},
    ]);
  });

  it('tells refusal text apart from content and ends with stop (C040)', () => {
    const chunks = chunksOf(
      START,
      open(0, { kind: 'refusal' }),
      more(0, 'I will '),
      more(0, 'not.'),
      close(0),
      { type: 'reply-end', stop: { reason: 'refusal', explanation: 'unused' } },
    );
    expect(chunks.slice(1, -1)).toMatchObject([
      { choices: [{ delta: { refusal: 'I will ' } }] },
      { choices: [{ delta: { refusal: 'not.' } }] },
      { choices: [{ delta: {}, finish_reason: 'stop' }] },
    ]);
  });

  it.each(['refusal', 'content-filter'] as const)('tells why an answer ended by %s (C036)', (reason) => {
    const chunks = chunksOf(START, { type: 'reply-end', stop: { reason, explanation: 'Not allowed.' } });
    expect(chunks.slice(1)).toMatchObject([
      { choices: [{ delta: { refusal: 'Not allowed.' } }] },
      { choices: [{ delta: {}, finish_reason: 'content_filter' }] },
      '[DONE]',
    ]);
  });

  it('ends with the error and no marker', () => {
    const error = new GatewayError('stream-cut', 'the upstream closed the stream');
    expect(chunksOf(START, open(0, { kind: 'text' }), more(0, 'a'), { type: 'error', error }).at(-1)).toEqual(
      {
        error: {
          message: 'the upstream closed the stream',
          type: 'server_error',
          param: null,
          code: 'stream_incomplete',
        },
      },
    );
  });

  it('beats with a comment', () => {
    expect(client.heartbeat).toBe(': ping\n\n');
  });
});

describe('openai-chat usage towards a client', () => {
  const usage = {
    inputTokens: 125,
    cacheReadTokens: 100,
    cacheWriteTokens: 20,
    outputTokens: 7,
    reasoningTokens: 3,
  };
  const asked = (...events: StreamEvent[]) =>
    chunksOfText(encodeEvents(events, answerContext({ wantUsageChunk: true })));

  it('is not told unless it was asked for (C126)', () => {
    expect(encodeEvents([START, { type: 'usage', usage }, END])).not.toContain('usage');
  });

  it('is one chunk without choices before the marker, and null on all others (C126)', () => {
    const chunks = asked(START, { type: 'usage', usage }, END);
    expect(chunks).toMatchObject([
      { choices: [{}], usage: null },
      { choices: [{}], usage: null },
      {
        choices: [],
        usage: {
          prompt_tokens: 125,
          completion_tokens: 7,
          total_tokens: 132,
          prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 20 },
          completion_tokens_details: { reasoning_tokens: 3 },
        },
      },
      '[DONE]',
    ]);
  });

  it('takes what the start told when nothing newer came', () => {
    expect(asked({ ...START, usage }, END)[2]).toMatchObject({ usage: { prompt_tokens: 125 } });
  });

  it('is what can be guessed of the input when the upstream told none', () => {
    expect(asked(START, END)[2]).toMatchObject({
      usage: { prompt_tokens: 11, completion_tokens: 0, total_tokens: 11 },
    });
  });
});
