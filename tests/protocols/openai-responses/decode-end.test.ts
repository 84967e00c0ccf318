import { describe, expect, it } from 'vitest';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import {
  completed,
  created,
  errorOf,
  eventsOf,
  eventsOfBody,
  eventsOfText,
  replyOf,
  response,
  textDelta,
  textOfEvents,
  upstream,
} from './support.ts';

const incomplete = (reason: Json, output: readonly JsonObject[] = []): JsonObject => ({
  type: 'response.incomplete',
  response: response({
    status: 'incomplete',
    incomplete_details: reason === null ? null : { reason },
    output,
  }),
});
const usage = { input_tokens: 5, output_tokens: 7, input_tokens_details: { cached_tokens: 2 } };

describe('the end of an openai-responses stream', () => {
  it.each([
    ['max_output_tokens', 'length'],
    ['max_messages', 'length'],
    ['content_filter', 'content-filter'],
    ['steered', 'pause'],
  ])('reads the reason %s as %s', (raw, reason) => {
    expect(replyOf(incomplete(raw)).stop).toEqual({ reason, raw });
  });

  it.each([['sunspots'], ['__proto__'], [null]])(
    'takes an answer cut for the reason %s as cut short',
    (reason) => {
      expect(replyOf(textDelta(0, 'partial'), incomplete(reason)).stop).toEqual({
        reason: 'length',
        raw: reason ?? 'incomplete',
      });
    },
  );

  it('fails when an unknown reason brought nothing at all', () => {
    expect(errorOf(eventsOf(incomplete('sunspots')))).toMatchObject({
      kind: 'bad-upstream',
      message: 'the upstream ended without an answer: sunspots',
    });
  });

  it.each(['response.completed', 'response.done'])('ends with %s, and with the usage there', (type) => {
    const reply = replyOf(textDelta(0, 'x'), { type, response: response({ usage }) });
    expect(reply).toMatchObject({
      stop: { reason: 'stop' },
      usage: { inputTokens: 5, cacheReadTokens: 2, outputTokens: 7, reasoningTokens: 0 },
    });
  });

  it('reads response.done by the status inside', () => {
    const end = { type: 'response.done', response: response({ status: 'incomplete' }) };
    expect(replyOf(textDelta(0, 'x'), end).stop.reason).toBe('length');
  });

  it('takes response.incomplete at its name when the status is missing', () => {
    const end = {
      type: 'response.incomplete',
      response: { incomplete_details: { reason: 'max_output_tokens' } },
    };
    expect(replyOf(textDelta(0, 'x'), end).stop.reason).toBe('length');
  });

  it('says nothing more after the end', () => {
    const events = eventsOf(completed(), textDelta(0, 'late'), { type: 'error', message: 'late' });
    expect(events.map((event) => event.type)).toEqual(['reply-start', 'reply-end']);
  });

  it('is done after the end and not before', () => {
    const decoder = upstream.createStreamDecoder({ capabilities: {}, ids: {} as never }, () => undefined);
    const before = decoder.done();
    decoder.push({ event: undefined, data: JSON.stringify(completed()) });
    expect([before, decoder.done()]).toEqual([false, true]);
  });

  it.each([
    ['nothing at all', ''],
    ['text but no end', textOfEvents(created, textDelta(0, 'x'))],
    ['the end word of another dialect', `${textOfEvents(created)}data: [DONE]\n\n`],
  ])('reports a cut stream after %s (C134, C135)', (_name, text) => {
    expect(errorOf(eventsOfText(text))).toMatchObject({ kind: 'stream-cut', status: 502 });
  });

  it.each([
    ['is not JSON', '{"type":'],
    ['is no object', '[1]'],
  ])('reports an event that %s', (_name, data) => {
    expect(errorOf(eventsOfText(`data: ${data}\n\n`))).toMatchObject({ kind: 'bad-upstream' });
  });
});

describe('an error inside an openai-responses stream', () => {
  const rate = { code: 'rate_limit_exceeded', message: 'Please try again in 6s.' };

  it.each<[string, JsonObject]>([
    ['flat', { type: 'error', ...rate, param: null, sequence_number: 4 }],
    ['nested', { type: 'error', error: { type: 'tokens', ...rate } }],
    ['a failed response', { type: 'response.failed', response: response({ status: 'failed', error: rate }) }],
    [
      'a response that is done and failed',
      { type: 'response.done', response: response({ status: 'failed', error: rate }) },
    ],
    ['a bare error object', { error: rate }],
  ])('is read when it comes as %s (C138)', (_name, event) => {
    expect(errorOf(eventsOf(textDelta(0, 'x'), event))).toMatchObject({
      kind: 'rate-limit',
      message: 'Please try again in 6s.',
      details: { code: 'rate_limit_exceeded' },
    });
  });

  it('is read from a cancelled response', () => {
    const event = { type: 'response.cancelled', response: response({ status: 'cancelled', error: null }) };
    expect(errorOf(eventsOf(event))).toMatchObject({
      kind: 'bad-upstream',
      message: 'the upstream cancelled the response',
    });
  });

  it('has words of its own when the upstream gave none', () => {
    expect(errorOf(eventsOf({ type: 'response.failed', response: response({ error: null }) }))).toMatchObject(
      {
        kind: 'server',
        message: 'the upstream reported an error without a message',
      },
    );
  });

  it('keeps the code for a context that is too long', () => {
    const error = { code: 'context_length_exceeded', message: 'Your input exceeds the context window.' };
    expect(errorOf(eventsOf({ type: 'response.failed', response: { error } })).kind).toBe('context-length');
  });
});

describe('openai-responses decodeReply', () => {
  it.each<[string, Json, object]>([
    [
      'a failed response',
      response({ status: 'failed', error: { code: 'server_error', message: 'no' } }),
      { kind: 'server', message: 'no' },
    ],
    ['a cancelled response', response({ status: 'cancelled' }), { kind: 'bad-upstream' }],
    ['a response still in progress', response({ status: 'in_progress' }), { kind: 'bad-upstream' }],
    ['a queued response', response({ status: 'queued' }), { kind: 'bad-upstream' }],
    [
      'an error object',
      { error: { message: 'slow', code: 'slow_down' } },
      { kind: 'overloaded', message: 'slow' },
    ],
    ['something else', { hello: 'world' }, { kind: 'bad-upstream' }],
    ['no object', ['x'], { kind: 'bad-upstream' }],
    ['nothing', null, { kind: 'bad-upstream' }],
  ])('fails on %s', (_name, body, expected) => {
    expect(errorOf(eventsOfBody(body))).toMatchObject(expected);
  });

  it('reads a body without a status as a finished answer', () => {
    const output = [{ type: 'message', content: [{ type: 'output_text', text: 'x' }] }];
    expect(collectReply(eventsOfBody({ output }))).toEqual({
      id: '',
      model: '',
      blocks: [{ kind: 'text', text: 'x', annotations: [] }],
      stop: { reason: 'stop', raw: 'completed' },
    });
  });

  it('leaves out members of the wrong kind', () => {
    const output: Json = [null, 'x', { type: 'message', content: [null, { type: 'output_text', text: 4 }] }];
    expect(collectReply(eventsOfBody(response({ output, usage: [] }))).blocks).toEqual([]);
  });

  it('reads citations without offsets or title, and none without an address', () => {
    const annotations = [{ type: 'url_citation', url: 'https://example.com/' }, { type: 'url_citation' }];
    const output = [{ type: 'message', content: [{ type: 'output_text', text: 'x', annotations }] }];
    expect(collectReply(eventsOfBody(response({ output }))).blocks).toMatchObject([
      { annotations: [{ kind: 'url', url: 'https://example.com/' }] },
    ]);
  });
});
