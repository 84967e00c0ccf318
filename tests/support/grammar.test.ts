import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import type { StreamEvent } from '../../src/kernel/stream-event.ts';
import { grammaticalEvents } from './arbitrary-events.ts';
import { findGrammarFault } from './grammar.ts';

const start: StreamEvent = { type: 'reply-start', id: '', model: '' };
const end: StreamEvent = { type: 'reply-end', stop: { reason: 'stop' } };
const error: StreamEvent = { type: 'error', error: new GatewayError('server', 'x') };
const open = (index: number): StreamEvent => ({ type: 'block-start', index, block: { kind: 'text' } });
const delta = (index: number): StreamEvent => ({ type: 'block-delta', index, text: 'x' });
const close = (index: number): StreamEvent => ({ type: 'block-end', index });
const call: StreamEvent = {
  type: 'block-start',
  index: 0,
  block: { kind: 'tool-call', id: 'c', callKind: 'function', name: 'f' },
};
const state: StreamEvent = {
  type: 'opaque',
  index: 0,
  opaque: { issuer: 'i', family: 'f', kind: 'signature', data: 'x' },
};
const logprobs: StreamEvent = { type: 'logprobs', index: 0, tokens: [] };
const reasoning: StreamEvent = { type: 'reasoning-delta', index: 0, form: 'raw', part: 0, text: 'x' };

describe('findGrammarFault', () => {
  it('finds nothing wrong with streams that keep to the grammar', () => {
    fc.assert(fc.property(grammaticalEvents, (events) => findGrammarFault(events) === undefined));
  });

  it.each<[string, StreamEvent[]]>([
    ['a lone error', [error]],
    ['an error inside a block', [start, open(0), error]],
    ['blocks that overlap', [start, open(0), open(1), delta(0), close(1), delta(0), close(0), end]],
  ])('accepts %s', (_name, events) => {
    expect(findGrammarFault(events)).toBeUndefined();
  });

  it.each<[string, StreamEvent[], string]>([
    ['no events', [], 'the events stop without an end'],
    ['no end', [start], 'the events stop without an end'],
    ['no start', [open(0)], 'event 0, block-start: comes before the start'],
    ['two starts', [start, start], 'event 1, reply-start: is the second start'],
    ['two ends', [start, end, error], 'event 2, error: comes after the end'],
    ['a block out of order', [start, open(1)], 'event 1, block-start: has index 1, not 0'],
    [
      'a piece outside of its block',
      [start, open(0), close(0), delta(0)],
      'event 3, block-delta: is outside of block 0',
    ],
    ['a piece of no block', [start, delta(0)], 'event 1, block-delta: is outside of block 0'],
    [
      'a piece of the wrong kind',
      [start, open(0), reasoning],
      'event 2, reasoning-delta: has no place in a text block',
    ],
    [
      'state that is not in the head of its call',
      [start, call, state],
      'event 2, opaque: has no place in a tool-call block',
    ],
    [
      'probabilities of arguments',
      [start, call, logprobs],
      'event 2, logprobs: has no place in a tool-call block',
    ],
    [
      'a block that ends twice',
      [start, open(0), close(0), close(0)],
      'event 3, block-end: ends no open block',
    ],
    ['a block left open', [start, open(0), end], 'event 2, reply-end: leaves a block open'],
  ])('names the fault of %s', (_name, events, fault) => {
    expect(findGrammarFault(events)).toBe(fault);
  });
});
