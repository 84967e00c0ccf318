import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { createReplyWriter } from '../../src/kernel/reply-writer.ts';
import type { ReplyWriter } from '../../src/kernel/reply-writer.ts';
import { NO_USAGE } from '../../src/kernel/reply.ts';
import type { BlockHead, StreamEvent } from '../../src/kernel/stream-event.ts';
import * as arbitrary from '../support/arbitrary-events.ts';
import { findGrammarFault } from '../support/grammar.ts';

const boom = new GatewayError('server', 'boom');

function recorded(): { writer: ReplyWriter; events: StreamEvent[] } {
  const events: StreamEvent[] = [];
  return { writer: createReplyWriter((event) => events.push(event)), events };
}

/** One call of a decoder that may be out of its mind about order and blocks, but not about what a block holds. */
const call = fc.record({
  method: fc.constantFrom(
    'begin',
    'open',
    'open',
    'inside',
    'inside',
    'inside',
    'close',
    'usage',
    'finish',
    'fail',
  ),
  index: fc.integer({ min: -1, max: 6 }),
  head: arbitrary.head,
  text: fc.string({ maxLength: 3 }),
  form: fc.constantFrom('raw', 'summary'),
  opaque: arbitrary.opaque,
  annotation: arbitrary.annotation,
  logprobs: arbitrary.logprobs,
});
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

function perform(writer: ReplyWriter, kinds: Map<number, BlockHead['kind']>, next: Call): void {
  const { index } = next;
  if (next.method === 'begin') writer.begin({ id: next.text, model: 'm' });
  if (next.method === 'open') kinds.set(writer.open(next.head), next.head.kind);
  if (next.method === 'close') writer.close(index);
  if (next.method === 'usage') writer.usage(NO_USAGE);
  if (next.method === 'finish') writer.finish({ reason: 'stop' });
  if (next.method === 'fail') writer.fail(boom);
  if (next.method === 'inside') performInside(writer, kinds.get(index), next);
}

function performInside(writer: ReplyWriter, kind: BlockHead['kind'] | undefined, next: Call): void {
  const { index, text } = next;
  if (kind !== 'reasoning' && kind !== 'hosted') writer.text(index, text);
  if (kind === 'reasoning' || kind === undefined) writer.reasoning(index, text, next.form, 1);
  if (kind === 'reasoning' || kind === undefined) writer.opaque(index, next.opaque);
  if (kind === 'text' || kind === undefined) {
    writer.annotate(index, next.annotation);
    writer.logprobs(index, next.logprobs);
  }
}

describe('createReplyWriter', () => {
  it('keeps any sequence of calls inside the grammar', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 40 }), (calls) => {
        const { writer, events } = recorded();
        const kinds = new Map<number, BlockHead['kind']>();
        calls.forEach((next) => perform(writer, kinds, next));
        writer.finish({ reason: 'stop' });
        expect(findGrammarFault(events)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  it('passes everything on that keeps to the grammar', () => {
    const { writer, events } = recorded();
    writer.begin({ id: 'r', model: 'm', createdAt: 1 });
    const [thought, call] = [
      writer.open({ kind: 'reasoning' }),
      writer.open({ kind: 'tool-call', id: 'c', callKind: 'function', name: 'f' }),
    ];
    writer.reasoning(thought, 'hm');
    writer.reasoning(thought, 'so', 'summary', 2);
    const opaque = { issuer: 'a', family: 'f', kind: 'signature', data: 's' } as const;
    writer.opaque(thought, opaque);
    writer.text(call, '{}');
    writer.close(thought);
    writer.usage(NO_USAGE);
    writer.finish({ reason: 'tool-calls' });
    expect(events).toEqual([
      { type: 'reply-start', id: 'r', model: 'm', createdAt: 1 },
      { type: 'block-start', index: 0, block: { kind: 'reasoning' } },
      {
        type: 'block-start',
        index: 1,
        block: { kind: 'tool-call', id: 'c', callKind: 'function', name: 'f' },
      },
      { type: 'reasoning-delta', index: 0, form: 'raw', part: 0, text: 'hm' },
      { type: 'reasoning-delta', index: 0, form: 'summary', part: 2, text: 'so' },
      { type: 'opaque', index: 0, opaque },
      { type: 'block-delta', index: 1, text: '{}' },
      { type: 'block-end', index: 0 },
      { type: 'usage', usage: NO_USAGE },
      { type: 'block-end', index: 1 },
      { type: 'reply-end', stop: { reason: 'tool-calls' } },
    ]);
  });

  it('passes on what a text cites and how likely its tokens are', () => {
    const { writer, events } = recorded();
    const annotation = { kind: 'url', url: 'https://x.test' } as const;
    const tokens = [{ token: 'a', logprob: -1, top: [] }];
    const index = writer.open({ kind: 'text' });
    writer.annotate(index, annotation);
    writer.logprobs(index, tokens);
    expect(events.slice(2)).toEqual([
      { type: 'annotation', index: 0, annotation },
      { type: 'logprobs', index: 0, tokens },
    ]);
  });

  it('gives every call an id of its own, whatever the upstream gave', () => {
    const { writer, events } = recorded();
    const call = (id: string): BlockHead => ({ kind: 'tool-call', id, callKind: 'function', name: 'f' });
    ['c', 'c', 'c_2', 'c'].map(call).forEach(writer.open);
    const ids = events.flatMap((event) =>
      event.type === 'block-start' && event.block.kind === 'tool-call' ? [event.block.id] : [],
    );
    expect(ids).toEqual(['c', 'c_2', 'c_2_2', 'c_3']);
  });

  it('begins by itself when a block or a count of tokens comes first', () => {
    const [block, count] = [recorded(), recorded()];
    block.writer.open({ kind: 'text' });
    count.writer.usage(NO_USAGE);
    const start = { type: 'reply-start', id: '', model: '' };
    expect([block.events[0], count.events[0]]).toEqual([start, start]);
  });

  it('lets the first of several starts count', () => {
    const { writer, events } = recorded();
    writer.begin({ id: 'a', model: 'm' });
    writer.begin({ id: 'b', model: 'n' });
    expect(events).toEqual([{ type: 'reply-start', id: 'a', model: 'm' }]);
  });

  it('tells nothing of empty pieces', () => {
    const { writer, events } = recorded();
    const index = writer.open({ kind: 'text' });
    writer.text(index, '');
    writer.reasoning(index, '');
    writer.logprobs(index, []);
    expect(events.map(({ type }) => type)).toEqual(['reply-start', 'block-start']);
  });

  it('gives blocks opened after the end a number, and tells nothing of them', () => {
    const { writer, events } = recorded();
    writer.open({ kind: 'text' });
    writer.finish({ reason: 'stop' });
    const late = writer.open({ kind: 'text' });
    writer.text(late, 'late');
    expect(late).toBe(1);
    expect(events.at(-1)).toEqual({ type: 'reply-end', stop: { reason: 'stop' } });
  });

  it('fails before any start without one, and leaves open blocks open', () => {
    const [early, late] = [recorded(), recorded()];
    early.writer.fail(boom);
    late.writer.open({ kind: 'text' });
    late.writer.fail(boom);
    expect(early.events).toEqual([{ type: 'error', error: boom }]);
    expect(late.events.map(({ type }) => type)).toEqual(['reply-start', 'block-start', 'error']);
  });

  it('tells whether it has begun and whether it is done', () => {
    const { writer } = recorded();
    const states = [[writer.begun(), writer.done()]];
    writer.begin({ id: '', model: '' });
    states.push([writer.begun(), writer.done()]);
    writer.fail(boom);
    states.push([writer.begun(), writer.done()]);
    expect(states).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ]);
  });
});
