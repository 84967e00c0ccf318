import { describe, expect, it } from 'vitest';
import { collectReply } from '../../src/kernel/collect-reply.ts';
import { replayReply } from '../../src/kernel/replay-reply.ts';
import type { StreamEvent } from '../../src/kernel/stream-event.ts';
import { chunksOf } from '../support/chunks.ts';
import { findGrammarFault } from '../support/grammar.ts';
import { eventsOf, fixtures, wholeReply } from './fixtures.ts';
import type { Fixture } from './fixtures.ts';

/** What an answer says, without what only a stream's trailer tells. */
const content = ({ blocks, stop }: ReturnType<typeof wholeReply>) => ({ blocks, stop });

/** What comes of the first `length` bytes: `cut` for an error, else the content of the answer. */
function outcomeOfCut(fixture: Fixture, length: number): unknown {
  const events = eventsOf(fixture, 'sse', [fixture.stream.subarray(0, length)]);
  const fault = findGrammarFault(events);
  if (fault !== undefined) return `after ${length} bytes: ${fault}`;
  const last = events.at(-1);
  return last?.type === 'error' ? 'cut' : content(collectReply(events));
}

describe.each(fixtures)('$name', (fixture) => {
  it('folds its stream to the reply that the whole body gives', () => {
    expect(collectReply(eventsOf(fixture, 'sse', [fixture.stream]))).toEqual(wholeReply(fixture));
  });

  it.each([1, 2, 3, 7, 61, 1024])('C002 reads the same events from chunks of %i bytes', (size) => {
    expect(eventsOf(fixture, 'sse', chunksOf(fixture.stream, size))).toEqual(
      eventsOf(fixture, 'sse', [fixture.stream]),
    );
  });

  it.each(['sse', 'json'] as const)('keeps to the grammar of events when read as %s', (form) => {
    const bytes = form === 'sse' ? fixture.stream : fixture.body;
    expect(findGrammarFault(eventsOf(fixture, form, [bytes]))).toBeUndefined();
  });

  it('ends with an error wherever its stream is cut, unless the whole answer had come', () => {
    const whole = content(wholeReply(fixture));
    const outcomes = Array.from(fixture.stream.keys(), (length) => outcomeOfCut(fixture, length));
    const first = outcomes.findIndex((outcome) => outcome !== 'cut');
    const complete = first < 0 ? [] : outcomes.slice(first);
    expect(complete).toEqual(complete.map(() => whole));
  });

  it('survives being folded and told again', () => {
    const reply = wholeReply(fixture);
    const events: StreamEvent[] = [];
    replayReply(reply, (event) => events.push(event));
    expect(findGrammarFault(events)).toBeUndefined();
    expect(collectReply(events)).toEqual(reply);
  });
});
