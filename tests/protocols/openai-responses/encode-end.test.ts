import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import type { Stop, StopReason } from '../../../src/kernel/reply.ts';
import type { StreamEvent } from '../../../src/kernel/stream-event.ts';
import {
  answerContext,
  ask,
  callBlock,
  client,
  encodeEvents,
  encodeStreamed,
  replyWith,
  textBlock,
  wireEvents,
} from './support.ts';

const start: StreamEvent = { type: 'reply-start', id: 'u', model: 'm' };
const cut: StreamEvent = { type: 'error', error: new GatewayError('stream-cut', 'the upstream closed') };
const usage = {
  inputTokens: 10,
  cacheReadTokens: 4,
  cacheWriteTokens: 1,
  outputTokens: 7,
  reasoningTokens: 2,
};
const bodyOf = (stop: Stop, blocks = [textBlock('x')]) =>
  client.encodeReply(replyWith(blocks, stop), answerContext());

describe('the end of an openai-responses answer', () => {
  it.each<[StopReason, string, string | undefined]>([
    ['stop', 'completed', undefined],
    ['stop-sequence', 'completed', undefined],
    ['tool-calls', 'completed', undefined],
    ['length', 'incomplete', 'max_output_tokens'],
    ['context', 'incomplete', 'max_output_tokens'],
    ['content-filter', 'incomplete', 'content_filter'],
    ['refusal', 'incomplete', 'content_filter'],
    ['pause', 'incomplete', 'max_output_tokens'],
  ])('tells %s as %s', (reason, status, detail) => {
    expect(bodyOf({ reason })).toMatchObject({
      status,
      incomplete_details: detail === undefined ? null : { reason: detail },
      completed_at: detail === undefined ? 1795800123 : null,
    });
  });

  it('marks the item that was cut short, and the ones before it as whole (C130)', () => {
    const events = encodeStreamed(
      replyWith([textBlock('x'), callBlock('call_1', '{"a')], { reason: 'length' }),
    );
    expect(events.slice(-3)).toMatchObject([
      { type: 'response.function_call_arguments.done', arguments: '{"a' },
      { type: 'response.output_item.done', item: { status: 'incomplete', arguments: '{"a' } },
      {
        type: 'response.incomplete',
        response: {
          status: 'incomplete',
          output: [{ status: 'completed' }, { status: 'incomplete' }],
          incomplete_details: { reason: 'max_output_tokens' },
        },
      },
    ]);
  });

  it('leaves the arguments of a call empty that was cut before the first of them', () => {
    expect(bodyOf({ reason: 'length' }, [callBlock('call_1', '')])).toMatchObject({
      output: [{ arguments: '', status: 'incomplete' }],
    });
  });

  it('completes an answer in which the model refused in its own words', () => {
    const reply = replyWith([{ kind: 'refusal', text: 'No.' }], { reason: 'refusal' });
    expect(client.encodeReply(reply, answerContext())).toMatchObject({
      status: 'completed',
      output: [{ content: [{ type: 'refusal', refusal: 'No.' }] }],
    });
  });

  it('tells the explanation of a refusal from outside as a refusal part', () => {
    expect(bodyOf({ reason: 'refusal', explanation: 'Not this.' })).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
      output: [{ content: [{ type: 'output_text' }, { type: 'refusal', refusal: 'Not this.' }] }],
    });
  });

  it('tells usage with its sum, or as an estimate where the upstream told none', () => {
    const guess = client.encodeReply(
      replyWith([textBlock('twelve signs')]),
      answerContext(undefined, { estimatedInput: 90 }),
    );
    const known = client.encodeReply({ ...replyWith([]), usage }, answerContext());
    expect([known['usage'], guess['usage']]).toEqual([
      {
        input_tokens: 10,
        input_tokens_details: { cached_tokens: 4, cache_write_tokens: 1 },
        output_tokens: 7,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 17,
      },
      {
        input_tokens: 90,
        input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
        output_tokens: 3,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 93,
      },
    ]);
  });

  it('takes usage that came with the start', () => {
    const events = wireEvents(
      encodeEvents([
        { type: 'reply-start', id: 'u', model: 'm', usage },
        { type: 'reply-end', stop: { reason: 'stop' } },
      ]),
    );
    expect(events.at(-1)).toMatchObject({ response: { usage: { input_tokens: 10 } } });
  });
});

describe('a failure in an openai-responses answer', () => {
  it('ends the response as failed, with what was told of it (C134)', () => {
    const events = wireEvents(
      encodeEvents([
        start,
        { type: 'block-start', index: 0, block: { kind: 'text' } },
        { type: 'block-delta', index: 0, text: 'par' },
        { type: 'usage', usage },
        cut,
        { type: 'block-delta', index: 0, text: 'late' },
      ]),
    );
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      response: {
        status: 'failed',
        error: { code: 'stream_incomplete', message: 'the upstream closed' },
        output: [{ status: 'incomplete', content: [{ type: 'output_text', text: 'par' }] }],
        usage: { input_tokens: 10 },
        completed_at: null,
      },
    });
  });

  it('does not say that an open item is done: clients would run a call that was cut', () => {
    const text = encodeEvents([
      start,
      {
        type: 'block-start',
        index: 0,
        block: { kind: 'tool-call', id: 'c', callKind: 'function', name: 'rm' },
      },
      { type: 'block-delta', index: 0, text: '{"path":"/' },
      cut,
    ]);
    expect(text).not.toContain('output_item.done');
  });

  it('creates the response first when it fails before its start', () => {
    const events = wireEvents(encodeEvents([cut]));
    expect(events.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.failed',
    ]);
    expect(events.at(-1)).toMatchObject({ response: { usage: null, output: [] } });
  });

  it('names a failure by its type where it has no code', () => {
    const error = new GatewayError('invalid-request', 'no');
    expect(wireEvents(encodeEvents([{ type: 'error', error }])).at(-1)).toMatchObject({
      response: { error: { code: 'invalid_request_error', message: 'no' } },
    });
  });
});

describe('the response object', () => {
  it('has every member at its default when the request is unknown', () => {
    expect(bodyOf({ reason: 'stop' }, [])).toEqual({
      id: expect.stringMatching(/^resp_\w{24}$/) as string,
      object: 'response',
      created_at: 1795800000,
      status: 'completed',
      completed_at: 1795800123,
      error: null,
      incomplete_details: null,
      model: 'asked-model',
      output: [],
      usage: expect.objectContaining({ total_tokens: 0 }) as object,
      background: false,
      instructions: null,
      max_output_tokens: null,
      metadata: {},
      parallel_tool_calls: true,
      previous_response_id: null,
      reasoning: { effort: null, summary: null },
      service_tier: 'default',
      store: false,
      temperature: 1,
      text: { format: { type: 'text' } },
      tool_choice: 'auto',
      tools: [],
      top_p: 1,
      truncation: 'disabled',
    });
  });

  it('echoes the request', () => {
    const request = ask({
      system: [
        { role: 'system', text: 'a' },
        { role: 'developer', text: 'b' },
      ],
      tools: [{ kind: 'function', at: 'tools[0]', name: 'f', schema: { type: 'object' } }],
      toolChoice: { type: 'tool', name: 'f' },
      parallelToolCalls: false,
      sampling: { temperature: 0.5, topP: 0.9 },
      maxTokens: 100,
      format: { type: 'json-object' },
      verbosity: 'low',
      reasoning: { mode: 'on', budget: 20000, show: true, from: 'client' },
      metadata: { a: 'b' },
      serviceTier: 'flex',
      store: true,
    });
    expect(client.encodeReply(replyWith([]), answerContext(request))).toMatchObject({
      instructions: 'a\n\nb',
      tools: [{ type: 'function', name: 'f', parameters: { type: 'object' }, strict: false }],
      tool_choice: { type: 'function', name: 'f' },
      parallel_tool_calls: false,
      temperature: 0.5,
      top_p: 0.9,
      max_output_tokens: 100,
      text: { format: { type: 'json_object' }, verbosity: 'low' },
      reasoning: { effort: 'high', summary: 'auto' },
      metadata: { a: 'b' },
      service_tier: 'flex',
      store: false,
    });
  });

  it.each([
    [{ mode: 'off', from: 'client' } as const, { effort: 'none', summary: null }],
    [{ mode: 'on', from: 'client' } as const, { effort: null, summary: null }],
  ])('echoes the reasoning wish %o', (reasoning, expected) => {
    expect(client.encodeReply(replyWith([]), answerContext(ask({ reasoning })))['reasoning']).toEqual(
      expected,
    );
  });

  it('is the same in the stream and in the whole body', () => {
    const reply = replyWith([textBlock('Zürich'), callBlock('call_1', '{}')], { reason: 'tool-calls' });
    const streamed = encodeStreamed(reply, answerContext(ask())).at(-1)?.['response'];
    expect(client.encodeReply(reply, answerContext(ask()))).toEqual(streamed);
  });

  it('never completes before it was created', () => {
    const reply = { ...replyWith([]), createdAt: 1795900000 };
    expect(client.encodeReply(reply, answerContext())).toMatchObject({
      created_at: 1795900000,
      completed_at: 1795900000,
    });
  });
});
