import { describe, expect, it } from 'vitest';
import { createPulse } from '../../src/pipeline/pulse.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('createPulse', () => {
  it('beats for everyone who joined, with the time', () => {
    const clock = createFakeClock(1000);
    const pulse = createPulse(clock, 100);
    const beats: string[] = [];
    pulse.join((now) => beats.push(`a${now}`));
    pulse.join((now) => beats.push(`b${now}`));
    clock.advance(250);
    expect(beats).toEqual(['a1100', 'b1100', 'a1200', 'b1200']);
  });

  it('needs one timer however many listen, and none when nobody does', () => {
    const clock = createFakeClock();
    const pulse = createPulse(clock, 100);
    const leave = [pulse.join(() => undefined), pulse.join(() => undefined)];
    expect(clock.pending()).toBe(1);
    leave.forEach((go) => go());
    expect(clock.pending()).toBe(0);
  });

  it('starts again for the next one who joins', () => {
    const clock = createFakeClock();
    const pulse = createPulse(clock, 100);
    pulse.join(() => undefined)();
    let beats = 0;
    pulse.join(() => beats++);
    clock.advance(100);
    expect(beats).toBe(1);
  });
});
