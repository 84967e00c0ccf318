import { describe, expect, it } from 'vitest';
import { readFixture } from '../../support/read-fixture.ts';
import { eventsOf, replyOf, sseOf } from './setup.ts';
import { args, close, end, openCall, START, STOP, TEXT } from './wire-events.ts';

describe('anthropic-messages stop reasons', () => {
  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop-sequence'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'context'],
    ['refusal', 'refusal'],
    ['pause_turn', 'pause'],
    ['compaction', 'pause'],
    ['tool_use', 'tool-calls'],
    ['brand_new', 'stop'],
  ])('%s is %s (C128)', (raw, reason) => {
    expect(replyOf(sseOf(START, ...TEXT, end(raw), STOP)).stop).toEqual({ reason, raw });
  });

  it.each(['end_turn', 'brand_new'])('%s with a call is tool-calls', (raw) => {
    expect(replyOf(sseOf(START, openCall(), args('{"a":1}'), close(), end(raw), STOP)).stop).toEqual({
      reason: 'tool-calls',
      raw,
    });
  });

  it('tells which sequence matched, and why a model refused', () => {
    expect(replyOf(readFixture('anthropic-messages/stop-sequence.2026-11.sse')).stop).toEqual({
      reason: 'stop-sequence',
      raw: 'stop_sequence',
      sequence: 'three',
    });
    expect(replyOf(readFixture('anthropic-messages/refusal.2026-11.sse')).stop).toEqual({
      reason: 'refusal',
      raw: 'refusal',
      explanation: 'This request could enable cyber harm.',
    });
  });

  it('never calls a cut call a finished one (C091)', () => {
    const reply = replyOf(sseOf(START, openCall(), args('{"city":"Zü'), close(), end('max_tokens'), STOP));
    expect(reply).toMatchObject({ blocks: [{ args: '{"city":"Zü' }], stop: { reason: 'length' } });
  });

  it.each([
    ['nothing was delivered', []],
    ['a call is broken', [openCall(), args('{"a":'), close()]],
  ])('an unknown reason is a failure when %s', (_what, blocks) => {
    expect(eventsOf(sseOf(START, ...blocks, end('brand_new'), STOP)).at(-1)).toMatchObject({
      type: 'error',
      error: { kind: 'bad-upstream', message: expect.stringContaining('brand_new') as string },
    });
  });

  it('no reason at all is judged by what was delivered', () => {
    expect(replyOf(sseOf(START, ...TEXT, STOP)).stop).toEqual({ reason: 'stop' });
    expect(eventsOf(sseOf(START, STOP)).at(-1)).toMatchObject({ type: 'error' });
  });
});
