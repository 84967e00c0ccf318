import { describe, expect, it } from 'vitest';
import { callChunk, chunk, errorOf, eventsOf, finish, replyOf } from './support.ts';

const text = chunk([{ text: 'a' }]);

describe('google-generate finish reasons', () => {
  it.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['CONTINUATION', 'length'],
    ['SAFETY', 'content-filter'],
    ['RECITATION', 'content-filter'],
    ['LANGUAGE', 'content-filter'],
    ['BLOCKLIST', 'content-filter'],
    ['PROHIBITED_CONTENT', 'content-filter'],
    ['SPII', 'content-filter'],
    ['IMAGE_SAFETY', 'content-filter'],
    ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
    ['IMAGE_RECITATION', 'content-filter'],
  ])('reads %s as %s (C131)', (raw, reason) => {
    expect(replyOf(text, finish(raw)).stop).toEqual({ reason, raw });
  });

  it('tell how to go on with an answer that was broken off (C132)', () => {
    expect(replyOf(text, finish('CONTINUATION', { continuationToken: 'Q29udA==' })).stop).toEqual({
      reason: 'length',
      raw: 'CONTINUATION',
      resume: [{ kind: 'set', key: 'continuationToken', value: 'Q29udA==' }],
    });
  });

  it('go on with no answer that ended for another reason', () => {
    expect(replyOf(text, finish('MAX_TOKENS', { continuationToken: 'Q29udA==' })).stop).toEqual({
      reason: 'length',
      raw: 'MAX_TOKENS',
    });
  });

  it.each([
    'MALFORMED_FUNCTION_CALL',
    'UNEXPECTED_TOOL_CALL',
    'TOO_MANY_TOOL_CALLS',
    'MALFORMED_RESPONSE',
    'NO_IMAGE',
    'IMAGE_OTHER',
    'OTHER',
    'FINISH_REASON_UNSPECIFIED',
  ])('fails on %s, naming it (C131)', (raw) => {
    const error = errorOf(eventsOf(text, finish(raw)));
    expect(error).toMatchObject({ kind: 'bad-upstream', details: { code: raw } });
    expect(String(error)).toContain(raw);
  });

  it("fails with the upstream's own words where it has some, without the keys in them", () => {
    const message = 'Malformed function call: print(api_key="sk-abcdef123456")';
    const error = errorOf(eventsOf(finish('MALFORMED_FUNCTION_CALL', { finishMessage: message })));
    expect(String(error)).toContain('Malformed function call');
    expect(String(error)).not.toContain('abcdef');
  });

  it.each([
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content-filter'],
  ])('never reports an answer cut by %s as one of calls', (raw, reason) => {
    expect(replyOf(callChunk({ name: 'f', id: 'a' }), finish(raw)).stop.reason).toBe(reason);
  });

  it('tells why the filter ended the answer', () => {
    expect(replyOf(text, finish('SAFETY', { finishMessage: 'Not nice.' })).stop).toEqual({
      reason: 'content-filter',
      raw: 'SAFETY',
      explanation: 'Not nice.',
    });
  });

  it('takes an unknown word for the end of an answer that is there', () => {
    expect(replyOf(text, finish('BRAND_NEW')).stop).toEqual({ reason: 'stop', raw: 'BRAND_NEW' });
    expect(replyOf(callChunk({ name: 'f', id: 'a' }), finish('BRAND_NEW')).stop.reason).toBe('tool-calls');
  });

  it('takes an unknown word for a failure where there is no answer', () => {
    const events = eventsOf(chunk([{ text: 'hm', thought: true }]), finish('BRAND_NEW'));
    expect(errorOf(events)).toMatchObject({ kind: 'bad-upstream' });
  });
});
