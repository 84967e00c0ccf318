import { describe, expect, it } from 'vitest';
import { createFakeClock } from './fake-clock.ts';

describe('createFakeClock', () => {
  it('runs what falls due in the order of its time, each at its own time', () => {
    const clock = createFakeClock(1000);
    const seen: [string, number][] = [];
    clock.after(30, () => seen.push(['late', clock.now()]));
    clock.after(10, () => seen.push(['early', clock.now()]));
    clock.every(20, () => seen.push(['again', clock.now()]));
    clock.advance(45);
    expect(seen).toEqual([
      ['early', 1010],
      ['again', 1020],
      ['late', 1030],
      ['again', 1040],
    ]);
    expect(clock.now()).toBe(1045);
  });

  it('runs nothing that was taken back', () => {
    const clock = createFakeClock();
    const seen: string[] = [];
    const stop = clock.every(10, () => seen.push('tick'));
    clock.after(5, () => seen.push('never'))();
    clock.after(25, stop);
    clock.advance(100);
    expect(seen).toEqual(['tick', 'tick']);
    expect(clock.pending()).toBe(0);
  });

  it('runs what was asked for on the way', () => {
    const clock = createFakeClock(0);
    const seen: number[] = [];
    clock.after(10, () => clock.after(10, () => seen.push(clock.now())));
    clock.advance(20);
    expect(seen).toEqual([20]);
  });
});
