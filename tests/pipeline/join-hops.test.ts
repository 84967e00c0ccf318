import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectReply } from '../../src/kernel/collect-reply.ts';
import type { Edit } from '../../src/kernel/edit.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { NO_USAGE } from '../../src/kernel/reply.ts';
import type { Block, Usage } from '../../src/kernel/reply.ts';
import type { StreamEvent } from '../../src/kernel/stream-event.ts';
import { createHopJoiner } from '../../src/pipeline/join-hops.ts';
import { grammaticalEvents } from '../support/arbitrary-events.ts';
import { findGrammarFault } from '../support/grammar.ts';

const RESUME: readonly Edit[] = [{ kind: 'set', key: 'continue', value: true }];

const start: StreamEvent = { type: 'reply-start', id: 'r', model: 'm' };
const said = (index: number, text: string): StreamEvent[] => [
  { type: 'block-start', index, block: { kind: 'text' } },
  { type: 'block-delta', index, text },
  { type: 'block-end', index },
];
const usage = (outputTokens: number): Usage => ({ ...NO_USAGE, inputTokens: 10, outputTokens });
const used = (outputTokens: number): StreamEvent => ({ type: 'usage', usage: usage(outputTokens) });
const end: StreamEvent = { type: 'reply-end', stop: { reason: 'stop' } };
const pause: StreamEvent = { type: 'reply-end', stop: { reason: 'pause', resume: RESUME } };

interface Joined {
  readonly events: readonly StreamEvent[];
  /** Whether the answer waited to be resumed, after each hop. */
  readonly pauses: readonly boolean[];
}

/** Hops one after the other, as far as the joiner wants them. */
function join(...hops: readonly (readonly StreamEvent[])[]): Joined {
  const events: StreamEvent[] = [];
  const joiner = createHopJoiner((event) => events.push(event));
  const pauses: boolean[] = [];
  for (const hop of hops) {
    hop.forEach(joiner.push);
    pauses.push(joiner.paused() !== undefined);
    if (pauses.at(-1) === false) break;
    joiner.next();
  }
  return { events, pauses };
}

/** A stream that is broken off where it would have ended. */
const brokenOff = (events: readonly StreamEvent[]): readonly StreamEvent[] => [...events.slice(0, -1), pause];

const blocksOf = (events: readonly StreamEvent[]): readonly Block[] => collectReply(events).blocks;

describe('createHopJoiner', () => {
  it('makes one grammatical answer of all hops, with the blocks of each in their order', () => {
    const hops = fc.array(grammaticalEvents, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(hops, (streams) => {
        const last = streams.length - 1;
        const { events, pauses } = join(...streams.map((each, hop) => (hop < last ? brokenOff(each) : each)));
        expect(findGrammarFault(events)).toBeUndefined();
        expect(blocksOf(events)).toEqual(streams.flatMap(blocksOf));
        expect(pauses).toEqual(streams.map((_, hop) => hop < last));
      }),
      { numRuns: 300 },
    );
  });

  it('passes an answer of one hop on as it is', () => {
    fc.assert(
      fc.property(grammaticalEvents, (events) => {
        expect(join(events).events).toEqual(events);
      }),
    );
  });

  it('asks once more when the model slipped before its first word, and tells only what comes then', () => {
    const slip: StreamEvent = {
      type: 'error',
      error: new GatewayError('bad-upstream', 'slipped', { mayRepeat: true }),
    };
    const good = [start, ...said(0, 'a'), end];
    expect(join([start, slip], good)).toEqual({ events: good, pauses: [true, false] });
    expect(join([start, slip], [start, slip]).events).toEqual([start, slip]);
    expect(join([start, ...said(0, 'a'), slip]).pauses).toEqual([false]);
  });

  it('sums the usage of all hops up', () => {
    const { events } = join(
      [start, used(1), ...said(0, 'a'), used(2), pause],
      [start, ...said(0, 'b'), pause],
      [{ ...start, usage: usage(0) }, ...said(0, 'c'), used(5), end],
    );
    const counts = events.flatMap((event) => (event.type === 'usage' ? [event.usage] : []));
    expect(counts.map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens])).toEqual([
      [10, 1],
      [10, 2],
      [20, 2],
      [20, 7],
    ]);
  });

  it('counts what the start of the first hop told', () => {
    const { events } = join([{ ...start, usage: usage(1) }, pause], [start, used(2), end]);
    expect(collectReply(events).usage).toEqual({ ...NO_USAGE, inputTokens: 20, outputTokens: 3 });
  });

  it('gives out the edits for the next hop while it waits, and only then', () => {
    const joiner = createHopJoiner(() => undefined);
    const seen = [joiner.paused()];
    [start, ...said(0, 'a'), pause].forEach(joiner.push);
    seen.push(joiner.paused());
    joiner.next();
    seen.push(joiner.paused());
    expect(seen).toEqual([undefined, RESUME, undefined]);
  });

  it('ends the answer when it is broken off for the sixth time', () => {
    const hop = [start, ...said(0, 'x'), pause];
    const { events, pauses } = join(...Array.from({ length: 9 }, () => hop));
    expect(pauses).toEqual([true, true, true, true, true, false]);
    expect(findGrammarFault(events)).toBeUndefined();
    expect(blocksOf(events)).toHaveLength(6);
  });

  it('passes an error of a later hop on as the end', () => {
    const error: StreamEvent = { type: 'error', error: new GatewayError('overloaded', 'later') };
    const { events, pauses } = join([start, ...said(0, 'a'), pause], [error]);
    expect([events.at(-1), findGrammarFault(events), pauses]).toEqual([error, undefined, [true, false]]);
  });
});
