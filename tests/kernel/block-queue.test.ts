import { describe, expect, it } from 'vitest';
import { createBlockQueue } from '../../src/kernel/block-queue.ts';
import type { BlockEvent } from '../../src/kernel/block-queue.ts';

const start = (index: number): BlockEvent => ({ type: 'block-start', index, block: { kind: 'text' } });
const delta = (index: number, text: string): BlockEvent => ({ type: 'block-delta', index, text });
const end = (index: number): BlockEvent => ({ type: 'block-end', index });

/** The events in their new order, and how many had come out after each one that went in. */
function run(events: readonly BlockEvent[]): { out: BlockEvent[]; counts: number[] } {
  const out: BlockEvent[] = [];
  const push = createBlockQueue((event) => out.push(event));
  const counts = events.map((event) => {
    push(event);
    return out.length;
  });
  return { out, counts };
}

describe('createBlockQueue', () => {
  it('lets the events of one block through at once', () => {
    expect(run([start(0), delta(0, 'a'), end(0)]).counts).toEqual([1, 2, 3]);
  });

  it('streams the first of two that overlap and tells the other one whole behind it', () => {
    const { out, counts } = run([start(0), start(1), delta(1, 'b'), delta(0, 'a'), end(1), end(0)]);
    expect(out).toEqual([start(0), delta(0, 'a'), end(0), start(1), delta(1, 'b'), end(1)]);
    expect(counts).toEqual([1, 1, 1, 2, 2, 6]);
  });

  it('streams a waiting block on from the moment it is the first', () => {
    const { out } = run([start(0), start(1), delta(1, 'b'), end(0), delta(1, 'c'), end(1)]);
    expect(out).toEqual([start(0), end(0), start(1), delta(1, 'b'), delta(1, 'c'), end(1)]);
  });

  it('keeps the order of the starts among those that wait', () => {
    const { out } = run([start(0), start(1), start(2), end(2), delta(1, 'b'), end(0), end(1)]);
    expect(out).toEqual([start(0), end(0), start(1), delta(1, 'b'), end(1), start(2), end(2)]);
  });
});
