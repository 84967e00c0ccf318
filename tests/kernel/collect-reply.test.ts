import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectReply, createReplyCollector } from '../../src/kernel/collect-reply.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { replayReply } from '../../src/kernel/replay-reply.ts';
import type { Reply, TokenLogprob } from '../../src/kernel/reply.ts';
import type { StreamEvent } from '../../src/kernel/stream-event.ts';
import { grammaticalEvents, usage } from '../support/arbitrary-events.ts';
import { findGrammarFault } from '../support/grammar.ts';

function replayed(reply: Reply): StreamEvent[] {
  const events: StreamEvent[] = [];
  replayReply(reply, (event) => events.push(event));
  return events;
}

const start: StreamEvent = { type: 'reply-start', id: 'r1', model: 'm' };
const end: StreamEvent = { type: 'reply-end', stop: { reason: 'stop', raw: 'end_turn' } };
const opaque = { issuer: 'a', family: 'f', kind: 'signature', data: 'sig' } as const;
const token = (text: string): TokenLogprob => ({ token: text, logprob: -0.5, top: [] });
const counts = {
  inputTokens: 5,
  cacheReadTokens: 1,
  cacheWriteTokens: 0,
  outputTokens: 2,
  reasoningTokens: 0,
};

describe('collectReply', () => {
  it('and replayReply undo each other, inside the grammar', () => {
    fc.assert(
      fc.property(grammaticalEvents, (events) => {
        const reply = collectReply(events);
        const again = replayed(reply);
        expect(findGrammarFault(again)).toBeUndefined();
        expect(collectReply(again)).toEqual(reply);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps every piece of text in its block', () => {
    fc.assert(
      fc.property(grammaticalEvents, (events) => {
        const { blocks } = collectReply(events);
        const texts = blocks.map((_, index) => textOfBlock(events, index));
        expect(blocks.map(ownText)).toEqual(texts);
      }),
      { numRuns: 500 },
    );
  });

  it('folds overlapping blocks of every kind', () => {
    const reply = collectReply([
      { type: 'reply-start', id: 'r1', model: 'm', createdAt: 7, usage: { ...counts, inputTokens: 1 } },
      { type: 'block-start', index: 0, block: { kind: 'reasoning' } },
      { type: 'block-start', index: 1, block: { kind: 'text', phase: 'commentary' } },
      { type: 'reasoning-delta', index: 0, form: 'raw', part: 0, text: 'hm' },
      { type: 'block-delta', index: 1, text: 'Zü' },
      { type: 'reasoning-delta', index: 0, form: 'summary', part: 0, text: 'one' },
      { type: 'opaque', index: 0, opaque: { ...opaque, data: 'early' } },
      { type: 'opaque', index: 0, opaque },
      { type: 'block-end', index: 0 },
      { type: 'block-delta', index: 1, text: 'rich' },
      { type: 'annotation', index: 1, annotation: { kind: 'url', url: 'https://x.test' } },
      { type: 'logprobs', index: 1, tokens: [token('Zü')] },
      { type: 'logprobs', index: 1, tokens: [token('ri'), token('ch')] },
      {
        type: 'block-start',
        index: 2,
        block: { kind: 'tool-call', id: 'c', callKind: 'function', name: 'f', opaque },
      },
      { type: 'block-delta', index: 2, text: '{"a": ' },
      { type: 'block-delta', index: 2, text: '1.0}' },
      { type: 'block-end', index: 2 },
      { type: 'block-end', index: 1 },
      { type: 'block-start', index: 3, block: { kind: 'refusal' } },
      { type: 'block-delta', index: 3, text: 'no' },
      { type: 'block-end', index: 3 },
      {
        type: 'block-start',
        index: 4,
        block: { kind: 'hosted', protocol: 'openai-responses', raw: { a: 1 } },
      },
      { type: 'block-end', index: 4 },
      { type: 'usage', usage: counts },
      end,
    ]);
    expect(reply).toEqual({
      id: 'r1',
      model: 'm',
      createdAt: 7,
      blocks: [
        { kind: 'reasoning', raw: 'hm', summary: ['one'], opaque },
        {
          kind: 'text',
          phase: 'commentary',
          text: 'Zürich',
          annotations: [{ kind: 'url', url: 'https://x.test' }],
          logprobs: [token('Zü'), token('ri'), token('ch')],
        },
        { kind: 'tool-call', id: 'c', callKind: 'function', name: 'f', args: '{"a": 1.0}', opaque },
        { kind: 'refusal', text: 'no' },
        { kind: 'hosted', protocol: 'openai-responses', raw: { a: 1 } },
      ],
      stop: { reason: 'stop', raw: 'end_turn' },
      usage: counts,
    });
  });

  it('gives a text without probabilities no list of them', () => {
    const reply = collectReply([
      start,
      { type: 'block-start', index: 0, block: { kind: 'text' } },
      { type: 'logprobs', index: 0, tokens: [] },
      { type: 'block-end', index: 0 },
      end,
    ]);
    expect(reply.blocks).toStrictEqual([{ kind: 'text', text: '', annotations: [] }]);
  });

  it('fills the parts of a summary that never came with nothing', () => {
    const summary = (part: number, text: string): StreamEvent => ({
      type: 'reasoning-delta',
      index: 0,
      form: 'summary',
      part,
      text,
    });
    const reply = collectReply([
      start,
      { type: 'block-start', index: 0, block: { kind: 'reasoning' } },
      summary(3, 'd'),
      summary(1, 'b'),
      summary(3, 'd'),
      { type: 'block-end', index: 0 },
      end,
    ]);
    expect(reply.blocks).toStrictEqual([{ kind: 'reasoning', raw: '', summary: ['', 'b', '', 'dd'] }]);
    expect(collectReply(replayed(reply))).toStrictEqual(reply);
  });

  it.each([
    [4_000_000_000, 1024],
    [-1, 1],
    [0.5, 1],
  ])('keeps the text of a summary part with the absurd number %d in a list of %i', (part, length) => {
    const reply = collectReply([
      start,
      { type: 'block-start', index: 0, block: { kind: 'reasoning' } },
      { type: 'reasoning-delta', index: 0, form: 'summary', part, text: 'x' },
      { type: 'block-end', index: 0 },
      end,
    ]);
    const [block] = reply.blocks;
    const summary = block?.kind === 'reasoning' ? block.summary : [];
    expect([summary.length, summary.join('')]).toEqual([length, 'x']);
  });

  it('lets the last count of tokens stand, whichever event brought it', () => {
    fc.assert(
      fc.property(usage, fc.array(usage), (first, later) => {
        const events = later.map((next): StreamEvent => ({ type: 'usage', usage: next }));
        const reply = collectReply([{ ...start, usage: first }, ...events, end]);
        expect(reply.usage).toEqual(later.at(-1) ?? first);
      }),
    );
  });

  it('names no member that nothing is known of', () => {
    expect(Object.keys(collectReply([start, end]))).toEqual(['id', 'model', 'blocks', 'stop']);
  });

  it('skips block numbers that were never used', () => {
    const reply = collectReply([
      start,
      { type: 'block-start', index: 2, block: { kind: 'refusal' } },
      { type: 'block-delta', index: 1, text: 'nowhere' },
      { type: 'block-end', index: 2 },
      end,
    ]);
    expect(reply.blocks).toEqual([{ kind: 'refusal', text: '' }]);
  });

  it.each<[string, StreamEvent[]]>([
    ['nothing came', []],
    ['there was no end', [start]],
    ['there was no start', [end]],
  ])('throws stream-cut when %s', (_name, events) => {
    expect(() => collectReply(events)).toThrow(expect.objectContaining({ kind: 'stream-cut', status: 502 }));
  });

  it('throws the error that ended the stream, even when an answer had begun', () => {
    const error = new GatewayError('overloaded', 'later');
    expect(() => collectReply([start, { type: 'error', error }])).toThrow(error);
    expect(() => collectReply([{ type: 'error', error }])).toThrow(error);
  });

  it('can be asked while the stream still runs', () => {
    const collector = createReplyCollector();
    collector.push(start);
    expect(() => collector.finish()).toThrow('the upstream closed the stream');
    collector.push(end);
    expect(collector.finish().id).toBe('r1');
  });
});

/** All text that was told of one block. */
const textOfBlock = (events: readonly StreamEvent[], index: number): string =>
  events
    .map((event) => {
      if (event.type !== 'block-delta' && event.type !== 'reasoning-delta') return '';
      const raw = event.type === 'block-delta' || event.form === 'raw';
      return event.index === index && raw ? event.text : '';
    })
    .join('');

function ownText(block: Reply['blocks'][number]): string {
  if (block.kind === 'reasoning') return block.raw;
  if (block.kind === 'tool-call') return block.args;
  return block.kind === 'hosted' ? '' : block.text;
}
