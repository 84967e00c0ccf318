import { describe, expect, it } from 'vitest';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import { decodeContext, delta, errorOf, eventsOf, eventsOfText, replyOf, upstream } from './support.ts';

const text = (content: string) => delta({ content });
const finish = (word: string) => delta({}, word);

describe('openai-chat createStreamDecoder', () => {
  it('starts one answer when the first chunk comes twice (C020)', () => {
    const events = eventsOf(
      delta({ role: 'assistant', content: '' }),
      delta({ role: 'assistant', content: '' }),
      text('hi'),
      finish('stop'),
      '[DONE]',
    );
    expect(events.filter(({ type }) => type === 'reply-start')).toHaveLength(1);
  });

  it('tells the start at the first chunk, with id, model and time', () => {
    expect(eventsOf(delta({ role: 'assistant' }))[0]).toEqual({
      type: 'reply-start',
      id: 'chatcmpl-1',
      model: 'm',
      createdAt: 1795800000,
    });
  });

  it('waits for a named chunk when Azure opens with an anonymous one', () => {
    const anonymous = { id: '', model: '', choices: [], prompt_filter_results: [] };
    expect(eventsOf(anonymous, text('hi'))[0]).toMatchObject({ type: 'reply-start', id: 'chatcmpl-1' });
  });

  it('closes reasoning before text and text before a call', () => {
    const events = eventsOf(
      delta({ reasoning_content: 'hm' }),
      text('a'),
      delta({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '{"a":1}' } }] }),
    );
    expect(events.map(({ type }) => type)).toEqual([
      'reply-start',
      ...['block-start', 'reasoning-delta', 'block-end'],
      ...['block-start', 'block-delta', 'block-end'],
      ...['block-start', 'block-delta', 'error'],
    ]);
  });

  it('keeps the order of reasoning and text that alternate', () => {
    const reply = replyOf(
      delta({ reasoning: 'a' }),
      text('b'),
      delta({ reasoning_text: 'c' }),
      text('d'),
      finish('stop'),
    );
    expect(reply.blocks).toMatchObject([
      { kind: 'reasoning', raw: 'a' },
      { text: 'b' },
      { kind: 'reasoning', raw: 'c' },
      { text: 'd' },
    ]);
  });

  it('lets an empty content open and close nothing', () => {
    const reply = replyOf(
      delta({ reasoning_content: 'a', content: '' }),
      delta({ reasoning_content: 'b', content: null }),
      text('c'),
      finish('stop'),
    );
    expect(reply.blocks).toMatchObject([{ raw: 'ab' }, { text: 'c' }]);
  });

  it('reads the delta of the chunk that finishes', () => {
    expect(replyOf(delta({ content: 'all' }, 'stop')).blocks).toMatchObject([{ text: 'all' }]);
  });

  it('takes an empty finish reason for none', () => {
    expect(replyOf(delta({ content: 'a' }, ''), delta({ content: 'b' }, 'stop')).blocks).toMatchObject([
      { text: 'ab' },
    ]);
  });

  it('ignores all choices but the first', () => {
    const second = { choices: [{ index: 1, delta: { content: 'x' }, finish_reason: 'length' }] };
    expect(replyOf(text('a'), second, finish('stop'))).toMatchObject({
      blocks: [{ text: 'a' }],
      stop: { reason: 'stop' },
    });
  });

  it('keeps the state that follows readable reasoning, with who can verify it', () => {
    const chunk = { reasoning_details: [{ type: 'reasoning.text', text: 'a', signature: 'sig' }] };
    const lines = `data: ${JSON.stringify(delta(chunk, 'stop'))}\n\n`;
    const events = eventsOfText(lines, { issuer: 'anthropic', family: 'claude-5' });
    expect(collectReply(events).blocks).toEqual([
      {
        kind: 'reasoning',
        raw: 'a',
        summary: [],
        opaque: { issuer: 'anthropic', family: 'claude-5', kind: 'signature', data: 'sig' },
      },
    ]);
  });

  it('keeps the signature that Google puts on a call, also when it comes before the name', () => {
    const signed = { index: 0, extra_content: { google: { thought_signature: 'sig' } } };
    const named = { index: 0, id: 'c', function: { name: 'f', arguments: '{}' } };
    expect(
      replyOf(delta({ tool_calls: [signed] }), delta({ tool_calls: [named] }), finish('stop')).blocks,
    ).toMatchObject([{ opaque: { kind: 'thoughtSignature', data: 'sig', issuer: 'openai-chat' } }]);
  });

  it('drops the signature of a call that comes when the call has begun', () => {
    const named = { index: 0, id: 'c', function: { name: 'f', arguments: '{}' } };
    const late = { index: 0, extra_content: { google: { thought_signature: 'sig' } } };
    expect(
      replyOf(delta({ tool_calls: [named] }), delta({ tool_calls: [late] }), finish('stop')).blocks,
    ).toEqual([{ kind: 'tool-call', id: 'c', callKind: 'function', name: 'f', args: '{}' }]);
  });

  it('keeps several states of reasoning apart', () => {
    const signed = (words: string, signature: string) =>
      delta({ reasoning: words, reasoning_details: [{ type: 'reasoning.text', text: words, signature }] });
    const sealed = (data: string) => ({ type: 'reasoning.encrypted', data });
    const reply = replyOf(
      signed('a', 's1'),
      signed('b', 's2'),
      delta({ reasoning_details: [sealed('s2'), sealed('e1'), sealed('e2')] }),
      finish('stop'),
    );
    expect(reply.blocks).toMatchObject([
      { raw: 'a', opaque: { data: 's1' } },
      { raw: 'b', opaque: { data: 's2' } },
      { raw: '', opaque: { data: 'e1' } },
      { raw: '', opaque: { data: 'e2' } },
    ]);
  });

  it('reads a whole message that stands where a delta should', () => {
    const message = { role: 'assistant', content: 'whole' };
    expect(replyOf({ id: 'x', choices: [{ message, finish_reason: 'stop' }] }).blocks).toMatchObject([
      { text: 'whole' },
    ]);
  });

  it('does not read the message again that repeats the deltas at the end', () => {
    const repeated = { choices: [{ index: 0, message: { content: 'a' }, finish_reason: 'stop' }] };
    expect(replyOf(text('a'), repeated).blocks).toMatchObject([{ text: 'a' }]);
  });

  it('ignores frames without meaning', () => {
    const lines = 'data: \n\ndata: 17\n\ndata: {"type":"ping"}\n\n';
    expect(eventsOfText(lines)).toMatchObject([{ type: 'error', error: { kind: 'stream-cut' } }]);
  });

  it('says nothing after its end', () => {
    const reply = eventsOf(text('a'), finish('stop'), '[DONE]', text('b'), '[DONE]');
    expect(reply.at(-1)).toMatchObject({ type: 'reply-end' });
  });

  it('is done after the end marker and not before', () => {
    const decoder = upstream.createStreamDecoder(decodeContext(), () => undefined);
    decoder.push({ event: undefined, data: JSON.stringify(delta({ content: 'a' }, 'stop')) });
    const before = decoder.done();
    decoder.push({ event: undefined, data: '[DONE]' });
    expect([before, decoder.done()]).toEqual([false, true]);
  });

  it('drops citations that come after their text has closed', () => {
    const late = { annotations: [{ type: 'url_citation', url_citation: { url: 'https://a.example' } }] };
    expect(replyOf(text('a'), delta({ refusal: 'no' }), delta(late, 'stop')).blocks).toMatchObject([
      { annotations: [] },
      { kind: 'refusal' },
    ]);
  });
});

describe('openai-chat usage in a stream', () => {
  const usage = (prompt: number, completion: number) => ({
    usage: { prompt_tokens: prompt, completion_tokens: completion },
  });

  it('takes the usage of a chunk without choices (C125)', () => {
    expect(replyOf(text('a'), finish('stop'), { choices: [], ...usage(5, 2) }).usage).toMatchObject({
      inputTokens: 5,
      outputTokens: 2,
    });
  });

  it('lets usage on every chunk close nothing and the last one count (C048)', () => {
    const piece = (args: string, used: number) => ({
      ...delta({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: args } }] }),
      ...usage(7, used),
    });
    expect(replyOf(piece('{"a"', 1), piece(':1}', 2), finish('tool_calls'))).toMatchObject({
      blocks: [{ args: '{"a":1}' }],
      usage: { inputTokens: 7, outputTokens: 2 },
    });
  });
});

describe('openai-chat errors in a stream', () => {
  it.each([
    ['at the top (C139)', { error: { code: 400, message: 'no' } }, 'invalid-request'],
    ['with empty choices (C140)', { choices: [], error: { message: 'x', code: 429 } }, 'rate-limit'],
    ['in the choice', { choices: [{ error: { message: 'x', code: 503 }, delta: {} }] }, 'overloaded'],
    ['as a sentence', { error: 'something broke' }, 'server'],
    ['by its type', { error: { type: 'invalid_request_error', message: 'x' } }, 'invalid-request'],
    ['by its code', { error: { code: 'context_length_exceeded', message: 'x' } }, 'context-length'],
    ['without an envelope', { object: 'error', message: 'x', code: 404 }, 'not-found'],
    ['in a vendor wrapper', { base_resp: { status_code: 1002, status_msg: 'x' } }, 'rate-limit'],
    ['in a vendor wrapper without words', { base_resp: { status_code: 1000 } }, 'server'],
    ['beside a code', { code: 500, msg: 'x', success: false }, 'server'],
  ])('reports an error %s', (_where, chunk, kind) => {
    expect(errorOf(eventsOf(chunk))).toMatchObject({ kind });
  });

  it('reports an error as the only event when nothing came before', () => {
    expect(eventsOf({ error: { message: 'x' } })).toHaveLength(1);
  });

  it.each([
    { error: null },
    { error: '' },
    { error: {} },
    { choices: [{ error: {} }] },
    { base_resp: { status_code: 0, status_msg: '' } },
  ])('takes %j for no error', (members) => {
    expect(replyOf(members, delta({ content: 'a' }, 'stop'), members).blocks).toHaveLength(1);
    expect(replyOf({ ...members, ...delta({ content: 'a' }, 'stop') }).blocks).toHaveLength(1);
  });

  it.each([{ message: 'still at it' }, { detail: 'busy', code: 102 }, { msg: 'ok' }])(
    'takes %j for no error once the answer has begun',
    (chunk) => {
      expect(replyOf(text('a'), chunk, delta({ content: 'b' }, 'stop')).blocks).toMatchObject([
        { text: 'ab' },
      ]);
    },
  );

  it.each([{ object: 'error' }, { type: 'error' }])(
    'reports what calls itself one at any time: %j',
    (name) => {
      expect(errorOf(eventsOf(text('a'), { ...name, message: 'x', code: 404 }))).toMatchObject({
        kind: 'not-found',
      });
    },
  );

  it('reports a chunk that is not JSON', () => {
    expect(errorOf(eventsOfText('data: {"choices":[}\n\n'))).toMatchObject({
      kind: 'bad-upstream',
      message: 'the upstream sent a chunk that is not JSON',
    });
  });

  it('ends with the error, and never with success after it', () => {
    const events = eventsOf(text('a'), { error: { message: 'x' } }, finish('stop'), '[DONE]');
    expect(events.map(({ type }) => type)).toEqual(['reply-start', 'block-start', 'block-delta', 'error']);
  });
});
