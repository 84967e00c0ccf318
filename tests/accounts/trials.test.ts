import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, answered, broken, failed, openRoom, spent, throttled } from './pool-room.ts';
import type { Room } from './pool-room.ts';

const SPENT = 'Reached the 5-hour limit. Resets in 10min';

/** A room in which `a` cooled down and may be tried, beside others that are well. */
function roomWithDue(...others: readonly string[]): Room {
  const room = openRoom(['a', ...others]);
  room.use(throttled(60));
  room.clock.advance(MINUTE);
  return room;
}

describe('a trial that tells nothing', () => {
  it.each([
    ['the upstream refuses the request', failed('permission', 403)],
    ['the request is at fault', failed('invalid-request', 400)],
    ['the upstream is broken', broken],
  ])('is not repeated while others are well: %s', (_name, outcome) => {
    const room = roomWithDue('b', 'c');
    expect(room.use(outcome)).toBe('a?');
    const served = Array.from({ length: 20 }, () => {
      room.clock.advance(1000);
      return room.use(answered);
    });
    expect(served).not.toContain('a?');
    room.clock.advance(10_000);
    expect(room.ask()).toBe('a?');
  });

  it.each([
    ['the upstream refuses the request', failed('permission', 403)],
    ['the upstream is broken', broken],
  ])('is repeated at once where nobody else is left: %s', (_name, outcome) => {
    const room = roomWithDue();
    room.use(outcome);
    expect(room.use(answered)).toBe('a?');
    expect(room.ask()).toBe('a');
  });

  it('has the others that wait tried first', () => {
    const room = openRoom(['a', 'b']);
    room.use(throttled(60));
    room.use(throttled(60));
    room.clock.advance(MINUTE);
    expect([room.use(broken), room.use(broken), room.use(broken)]).toEqual(['a?', 'b?', 'a?']);
  });

  it('is repeated in time though the clock is set back', () => {
    const room = roomWithDue('b');
    room.use(broken);
    room.clock.jump(-HOUR);
    expect(room.ask()).toBe('b');
    room.clock.advance(30_000);
    expect(room.ask()).toBe('a?');
  });
});

describe('a trial that takes long', () => {
  it('keeps other requests away while others are well', () => {
    const room = roomWithDue('b');
    expect(room.ask()).toBe('a?');
    room.clock.advance(15 * MINUTE - 1);
    expect(room.ask()).toBe('b');
  });

  it('has not been refused, and so keeps nobody away for longer than a moment where nobody else is left', () => {
    const room = roomWithDue();
    const first = room.pick();
    expect(room.ask()).toBeUndefined();
    room.clock.advance(5000);
    expect(room.ask()).toBe('a?');
    if (first !== undefined) room.pool.settle(first, answered, 'standard');
    expect(room.ask()).toBe('a');
  });

  it('does not end as spent quota for those who come meanwhile: they are to ask again', () => {
    const room = openRoom(['a']);
    room.use(spent(SPENT));
    expect(room.pool.refusal('standard')?.status).toBe(402);
    room.clock.advance(20 * MINUTE);
    room.ask();
    room.clock.advance(2000);
    expect(room.pool.refusal('standard')).toMatchObject({
      status: 503,
      details: { retryAfterSeconds: 3, shouldRetry: true },
    });
  });

  it('is not what those are told to wait for whose login is over: nobody will try it', () => {
    const room = openRoom(['a']);
    room.use(spent('limit reached, resets in 3h'));
    room.clock.advance(2 * HOUR);
    expect(room.pool.refusal('standard')?.status).toBe(503);
    expect(room.pool.refusal('standard', () => false)?.status).toBe(402);
    room.clock.advance(2 * HOUR);
    expect(room.pool.refusal('standard', () => false)).toBeUndefined();
  });
});
