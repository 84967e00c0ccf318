import { describe, expect, it } from 'vitest';
import { callDelta, delta, errorOf, eventsOf, eventsOfBody, replyOf } from './support.ts';

const text = delta({ content: 'a' });
const call = (args: string) => callDelta({ index: 0, id: 'c', function: { name: 'f', arguments: args } });
const whole = call('{"a":1}');
const part = call('{"a":');

describe('openai-chat end of a stream', () => {
  it.each([
    ['text', [text]],
    ['a whole call', [whole]],
    ['a call without its name', [callDelta({ index: 0, id: 'c' })]],
    ['nothing', []],
  ])('reports a stream cut after %s without a finish reason (C133, C134)', (_what, chunks) => {
    expect(errorOf(eventsOf(...chunks))).toMatchObject({
      kind: 'stream-cut',
      message: 'the upstream closed the stream before the answer was complete',
    });
  });

  it('needs no marker after a finish reason', () => {
    expect(replyOf(text, delta({}, 'stop')).stop).toEqual({ reason: 'stop', raw: 'stop' });
  });

  it.each([
    ['whole calls (C136)', [whole, '[DONE]'], 'tool-calls'],
    ['text', [text, '[DONE]'], 'stop'],
    ['a refusal', [delta({ refusal: 'no' }), '[DONE]'], 'refusal'],
  ] as const)('ends %s by the marker alone', (_what, chunks, reason) => {
    expect(replyOf(...chunks).stop).toEqual({ reason });
  });

  it.each([
    ['half a call', [part, '[DONE]']],
    ['text and half a call', [text, part, '[DONE]']],
    ['reasoning alone', [delta({ reasoning: 'hm' }), '[DONE]']],
    ['nothing', ['[DONE]']],
  ] as const)('reports a stream that ends by the marker alone after %s', (_what, chunks) => {
    expect(errorOf(eventsOf(...chunks))).toMatchObject({ kind: 'stream-cut' });
  });

  it.each([
    ['stop', 'stop'],
    ['eos', 'stop'],
    ['STOP', 'stop'],
    ['length', 'length'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'context'],
    ['content_filter', 'content-filter'],
    ['sensitive', 'content-filter'],
    ['tool_calls', 'stop'],
    ['never_heard_of', 'stop'],
  ])('reads the finish reason %s after text as %s', (word, reason) => {
    expect(replyOf(text, delta({}, word)).stop).toEqual({ reason, raw: word });
  });

  it.each([
    ['stop', 'tool-calls'],
    ['tool_calls', 'tool-calls'],
    ['length', 'length'],
    ['content_filter', 'content-filter'],
    ['never_heard_of', 'tool-calls'],
  ])('reads the finish reason %s after a call as %s', (word, reason) => {
    expect(replyOf(whole, delta({}, word)).stop).toEqual({ reason, raw: word });
  });

  it('lets the first of several finish reasons count', () => {
    expect(replyOf(text, delta({}, 'length'), delta({}, 'stop')).stop.reason).toBe('length');
  });

  it.each([
    ['network_error', 'bad-upstream'],
    ['insufficient_system_resource', 'overloaded'],
    ['error', 'server'],
    ['abort', 'server'],
  ])('reports the finish reason %s as a failure', (word, kind) => {
    expect(errorOf(eventsOf(text, delta({}, word)))).toMatchObject({
      kind,
      message: `the upstream ended the answer with "${word}"`,
    });
  });

  it.each([
    ['nothing', []],
    ['half a call', [part]],
  ])('takes an unknown finish reason after %s for a failure', (_what, chunks) => {
    expect(errorOf(eventsOf(...chunks, delta({}, 'never_heard_of')))).toMatchObject({
      kind: 'bad-upstream',
      message: 'the upstream ended the answer with the unknown reason "never_heard_of"',
    });
  });
});

describe('openai-chat decodeReply', () => {
  const body = (message: object, finish?: string) => ({
    id: 'x',
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish ?? null }],
  });

  it('needs no finish reason for an answer that is there', () => {
    expect(eventsOfBody(body({ content: 'a' })).at(-1)).toEqual({
      type: 'reply-end',
      stop: { reason: 'stop' },
    });
  });

  it('numbers calls by their place, whatever index a vendor wrote', () => {
    const entry = (id: string) => ({ index: 0, id, function: { name: 'f', arguments: '' } });
    const events = eventsOfBody(body({ tool_calls: [entry('a'), entry('b')] }, 'tool_calls'));
    expect(events.filter(({ type }) => type === 'block-start')).toHaveLength(2);
  });

  it.each([
    ['an error', { error: { message: 'x', code: 'model_not_found' } }, 'not-found'],
    ['an empty object', {}, 'bad-upstream'],
    ['an object without choices', { id: 'x', choices: [] }, 'bad-upstream'],
    ['a list', [], 'bad-upstream'],
    ['null', null, 'bad-upstream'],
    ['an empty message', { id: 'x', choices: [{ message: {} }] }, 'bad-upstream'],
  ])('reports %s under status 200', (_what, json, kind) => {
    expect(errorOf(eventsOfBody(json))).toMatchObject({ kind });
  });

  it('takes a finished answer without content for an empty one', () => {
    expect(eventsOfBody(body({ content: '' }, 'stop')).map(({ type }) => type)).toEqual([
      'reply-start',
      'reply-end',
    ]);
  });
});
