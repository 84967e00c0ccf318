import { describe, expect, it } from 'vitest';
import { collectReply } from '../../../src/kernel/collect-reply.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import {
  callChunk,
  chunk,
  decodeContext,
  errorOf,
  eventsOf,
  eventsOfBody,
  eventsOfText,
  finish,
  replyOf,
  upstream,
} from './support.ts';

describe('google-generate streams', () => {
  it('sends text on at once', () => {
    expect(eventsOf(chunk([{ text: 'a' }]), chunk([{ text: 'b' }])).slice(0, 4)).toEqual([
      { type: 'reply-start', id: 'r-1', model: 'gemini-test' },
      { type: 'block-start', index: 0, block: { kind: 'text' } },
      { type: 'block-delta', index: 0, text: 'a' },
      { type: 'block-delta', index: 0, text: 'b' },
    ]);
  });

  it('tells usage again whenever it changes, on top of what was told before', () => {
    const events = eventsOf(
      { ...chunk([{ text: 'a' }]), usageMetadata: { promptTokenCount: 9, thoughtsTokenCount: 4 } },
      { ...finish(), usageMetadata: { candidatesTokenCount: 2, thoughtsTokenCount: null } },
    );
    expect(events.filter(({ type }) => type === 'usage' || type === 'reply-start')).toMatchObject([
      { type: 'reply-start', usage: { inputTokens: 9, outputTokens: 4, reasoningTokens: 4 } },
      { type: 'usage', usage: { inputTokens: 9, outputTokens: 6, reasoningTokens: 4 } },
    ]);
  });

  it('reports a stream that was cut, whatever it held', () => {
    expect(errorOf(eventsOf(chunk([{ text: 'a' }])))).toMatchObject({ kind: 'stream-cut' });
    expect(errorOf(eventsOf())).toMatchObject({ kind: 'stream-cut' });
    expect(errorOf(eventsOfBody(chunk([{ text: 'a' }])))).toMatchObject({ kind: 'stream-cut' });
    expect(errorOf(eventsOfBody('nonsense'))).toMatchObject({ kind: 'stream-cut' });
  });

  it('reports an event that is not JSON', () => {
    const events = eventsOf(chunk([{ text: 'a' }]), '{"candidates":[', finish());
    expect(errorOf(events)).toMatchObject({ kind: 'bad-upstream', status: 502 });
  });

  it.each([
    ['an object', { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }],
    ['a list', [{ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }]],
  ])('ends with an error that comes as %s, and is silent afterwards', (_form, error) => {
    const events = eventsOf(chunk([{ text: 'a' }]), error, finish());
    expect(errorOf(events)).toMatchObject({ kind: 'overloaded', message: 'The model is overloaded.' });
    expect(events).toHaveLength(4);
  });

  it('is done after an error, and not before the stream closes', () => {
    const decoder = upstream.createStreamDecoder(decodeContext({}), () => undefined);
    decoder.push({ event: undefined, data: JSON.stringify(finish()) });
    expect(decoder.done()).toBe(false);
    decoder.push({ event: undefined, data: '{"error":"no"}' });
    expect(decoder.done()).toBe(true);
    decoder.end();
    expect(decoder.done()).toBe(true);
  });

  it('gives calls that came without an id distinct ones that every client takes (C060)', () => {
    const parts = [{ functionCall: { name: 'f' } }, { functionCall: { name: 'f', id: '' } }];
    const ids = replyOf(chunk(parts), finish()).blocks.map((block) => ('id' in block ? block.id : ''));
    expect(new Set(ids).size).toBe(2);
    expect(ids.join()).toMatch(/^call_[0-9A-Za-z]{24},call_[0-9A-Za-z]{24}$/);
  });

  it('fails on a call without a name', () => {
    const events = eventsOf(callChunk({ args: { a: 1 } }), finish());
    expect(errorOf(events)).toMatchObject({ kind: 'bad-upstream' });
  });

  it('passes over what it does not know', () => {
    const reply = replyOf(
      { modelStatus: {}, candidates: [] },
      { candidates: [{ content: { parts: [{ videoMetadata: {} }, null, 3] } }], promptFeedback: {} },
      { candidates: [{ content: {} }] },
      7,
      chunk([{ text: 'a', partMetadata: {} }]),
      finish(),
    );
    expect(reply.blocks).toEqual([{ kind: 'text', text: 'a', annotations: [] }]);
  });

  it('answers nothing with an empty reply when the upstream says that it stopped', () => {
    expect(replyOf(finish())).toEqual({
      id: '',
      model: '',
      blocks: [],
      stop: { reason: 'stop', raw: 'STOP' },
    });
  });

  it('reads the list of chunks of a call that did not ask for events', () => {
    const body = [chunk([{ text: 'a' }]), 'noise', chunk([{ text: 'b' }]), finish()];
    expect(collectReply(eventsOfBody(body)).blocks).toMatchObject([{ text: 'ab' }]);
  });

  it('takes the origin of signatures from what is known of the model', () => {
    const text = `data: ${JSON.stringify(callChunk({ name: 'f' }, { thoughtSignature: 'S' }))}\n\ndata: ${JSON.stringify(finish())}\n\n`;
    const reply = collectReply(eventsOfText(text, { issuer: 'gemini', family: 'gemini-3' }));
    expect(reply.blocks[0]).toMatchObject({
      opaque: { issuer: 'gemini', family: 'gemini-3', kind: 'thoughtSignature', data: 'S' },
    });
  });
});

describe('google-generate signatures', () => {
  const signed = (data: string) => ({ kind: 'reasoning', raw: '', summary: [], opaque: { data } });

  const call = (id: string): JsonObject => ({ functionCall: { name: 'f', id } });
  const head = (id: string, members: object = {}): object => ({
    type: 'block-start',
    block: { kind: 'tool-call', id, callKind: 'function', name: 'f', ...members },
  });
  const opaque = { issuer: 'gemini', family: '', kind: 'thoughtSignature', data: 'S' };

  it('stand in the start of the call that they come with, which is told at once', () => {
    const events = eventsOf(chunk([{ ...call('a'), thoughtSignature: 'S' }]));
    expect(events.slice(1, 4)).toMatchObject([
      head('a', { opaque }),
      { type: 'block-delta', text: '{}' },
      { type: 'block-end' },
    ]);
  });

  it('leave calls alone that are told beside a signed one', () => {
    const events = eventsOf(chunk([{ ...call('a'), thoughtSignature: 'S' }, call('b')]));
    expect(events.filter(({ type }) => type === 'block-start')).toEqual([
      { ...head('a', { opaque }), index: 0 },
      { ...head('b'), index: 1 },
    ]);
  });

  it.each<[string, JsonObject]>([
    ['text', { text: 'a' }],
    ['another call', call('b')],
    ['a part of a hosted tool', { executableCode: { code: '1' } }],
  ])('are not waited for when %s follows the call', (_case, part) => {
    const [, first, , , second] = eventsOf(chunk([call('a')]), chunk([part]), finish());
    expect([first, second]).toEqual([{ ...head('a'), index: 0 }, expect.objectContaining({ index: 1 })]);
  });

  it('puts the signature of an empty last part on the call before it', () => {
    const reply = replyOf(
      callChunk({ name: 'f', id: 'a' }),
      chunk([{ text: '', thoughtSignature: 'S' }]),
      finish(),
    );
    expect(reply.blocks).toMatchObject([{ kind: 'tool-call', opaque: { data: 'S' } }]);
  });

  it('puts the signature of a thought on its reasoning', () => {
    const reply = replyOf(chunk([{ text: 'hm', thought: true, thoughtSignature: 'S' }]), finish());
    expect(reply.blocks).toMatchObject([{ summary: ['hm'], opaque: { data: 'S' } }]);
  });

  it('keeps a signature that belongs to nothing before it', () => {
    const reply = replyOf(chunk([{ thoughtSignature: 'S' }]), chunk([{ text: 'a' }]), finish());
    expect(reply.blocks).toMatchObject([signed('S'), { kind: 'text', text: 'a' }]);
  });

  it('keeps both signatures when one call gets two', () => {
    const reply = replyOf(
      callChunk({ name: 'f', id: 'a' }, { thoughtSignature: 'S' }),
      chunk([{ text: '', thoughtSignature: 'T' }]),
      finish(),
    );
    expect(reply.blocks).toMatchObject([{ kind: 'tool-call', opaque: { data: 'S' } }, signed('T')]);
  });

  it('never joins two texts that are signed apart', () => {
    const reply = replyOf(
      chunk([{ text: 'a', thoughtSignature: 'S' }]),
      chunk([{ text: 'b', thoughtSignature: 'T' }]),
      finish(),
    );
    expect(reply.blocks).toMatchObject([{ text: 'a' }, signed('S'), { text: 'b' }, signed('T')]);
  });
});
