import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectReply } from '../../src/kernel/collect-reply.ts';
import { createStopFilter } from '../../src/kernel/stop-filter.ts';
import type { StreamEvent } from '../../src/kernel/stream-event.ts';

const start: StreamEvent = { type: 'reply-start', id: 'r', model: 'm' };
const end: StreamEvent = { type: 'reply-end', stop: { reason: 'stop' } };

const textBlock = (pieces: readonly string[], index = 0): StreamEvent[] => [
  { type: 'block-start', index, block: { kind: 'text' } },
  ...pieces.map((text): StreamEvent => ({ type: 'block-delta', index, text })),
  { type: 'block-end', index },
];

function run(sequences: readonly string[], events: readonly StreamEvent[]): StreamEvent[] {
  const out: StreamEvent[] = [];
  const filter = createStopFilter(sequences, (event) => out.push(event));
  for (const event of events) filter.push(event);
  return out;
}

const replyOf = (sequences: readonly string[], pieces: readonly string[]) =>
  collectReply(run(sequences, [start, ...textBlock(pieces), end]));

describe('createStopFilter', () => {
  it('C097 ends the answer in front of a sequence that spans two pieces', () => {
    const reply = replyOf(['END'], ['one two E', 'ND three']);
    expect(reply.blocks).toEqual([{ kind: 'text', text: 'one two ', annotations: [] }]);
    expect(reply.stop).toEqual({ reason: 'stop-sequence', sequence: 'END' });
  });

  it('holds back no more than what may still become a sequence', () => {
    const out: StreamEvent[] = [];
    const filter = createStopFilter(['END'], (event) => out.push(event));
    for (const event of [start, ...textBlock(['abc E']).slice(0, 2)]) filter.push(event);
    expect(out.at(-1)).toEqual({ type: 'block-delta', index: 0, text: 'abc ' });
  });

  it('lets out what it held back when the block ends without a match', () => {
    expect(replyOf(['END'], ['abc EN']).blocks).toMatchObject([{ text: 'abc EN' }]);
  });

  it('takes the sequence that comes first, and the longest of several at one place', () => {
    expect(replyOf(['zzz', 'b', 'bc'], ['abcd']).stop).toMatchObject({ sequence: 'bc' });
  });

  it('does not search reasoning and tool arguments', () => {
    const events: StreamEvent[] = [
      start,
      { type: 'block-start', index: 0, block: { kind: 'reasoning' } },
      { type: 'reasoning-delta', index: 0, form: 'raw', part: 0, text: 'END' },
      { type: 'block-end', index: 0 },
      {
        type: 'block-start',
        index: 1,
        block: { kind: 'tool-call', id: 'c', callKind: 'function', name: 'f' },
      },
      { type: 'block-delta', index: 1, text: '{"END":1}' },
      { type: 'block-end', index: 1 },
      end,
    ];
    expect(run(['END'], events)).toEqual(events);
  });

  it('closes every open block and stays silent after the match', () => {
    const events: StreamEvent[] = [
      start,
      { type: 'block-start', index: 0, block: { kind: 'refusal' } },
      { type: 'block-start', index: 1, block: { kind: 'text' } },
      { type: 'block-delta', index: 1, text: 'END' },
      { type: 'block-delta', index: 1, text: 'more' },
      { type: 'block-end', index: 1 },
      end,
    ];
    expect(run(['END'], events).map(({ type }) => type)).toEqual([
      'reply-start',
      'block-start',
      'block-start',
      'block-end',
      'block-end',
      'reply-end',
    ]);
  });

  it('cuts where a search of the whole text would, whatever the pieces', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    const sequence = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 6 }), sequence, (pieces, stop) => {
        const whole = pieces.join('');
        const at = whole.indexOf(stop);
        const reply = replyOf([stop], pieces);
        const text = reply.blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('');
        expect(text).toBe(at < 0 ? whole : whole.slice(0, at));
        expect(reply.stop.reason).toBe(at < 0 ? 'stop' : 'stop-sequence');
      }),
    );
  });
});
