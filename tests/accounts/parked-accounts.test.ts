import { describe, expect, it } from 'vitest';
import {
  HOUR,
  MINUTE,
  answered,
  broken,
  inconclusive,
  iso,
  members,
  openRoom,
  refused401,
  shares,
  spent,
  throttled,
} from './pool-room.ts';
import type { Room } from './pool-room.ts';

const STANDARD_SPENT = 'Reached the 5-hour limit of the standard pool. Resets in 1h 51min';

/** A room with one account that has just ended so. */
function after(outcome: Parameters<Room['use']>[0]): Room {
  const room = openRoom(['a']);
  room.use(outcome);
  return room;
}

describe('a parked account', () => {
  it.each([
    ['401', refused401, 'Account a@x disabled: its login was refused (expired or revoked)'],
    ['a bare 402', spent('Payment Required'), 'Account a@x disabled: quota is spent (Payment Required)'],
  ])('says so in the log: %s', (_name, outcome, line) => {
    expect(after(outcome).said()).toEqual([`warn: ${line}`]);
  });

  it('says when it is expected back', () => {
    const quota = after(spent(STANDARD_SPENT));
    const back = iso(quota.clock, HOUR + 52.5 * MINUTE);
    expect(quota.said()).toEqual([
      `warn: Account a@x disabled: quota of the standard pool is spent, back at ${back} (${STANDARD_SPENT})`,
    ]);
    expect(quota.logger.lines[0]?.fields).toEqual({ account: 'a@x' });
    const busy = after(throttled(90));
    expect(busy.said()).toEqual([
      `warn: Account a@x cooling down until ${iso(busy.clock, 90_000)}: too many requests (slow down)`,
    ]);
  });

  it.each([
    ['401', refused401, 'login-refused'],
    ['402', spent('spent'), 'quota-spent'],
    ['429', throttled(), 'cooling-down'],
  ])('is not chosen: %s', (_name, outcome, word) => {
    const room = openRoom(['a', 'b']);
    room.use(outcome);
    expect(shares(room, 20)).toEqual({ b: 20 });
    expect(room.pool.report()[0]?.word).toBe(word);
  });

  it('is parked for the spent allowance alone', () => {
    const room = openRoom(['a', 'b']);
    room.use(spent(STANDARD_SPENT));
    expect(shares(room, 20, 'standard')).toEqual({ b: 20 });
    expect(shares(room, 20, 'core')).toEqual({ a: 10, b: 10 });
    expect(room.pool.report()[0]?.word).toBe('partly-parked');
  });

  it('is tried by one request at its time, and is back when that is answered', () => {
    const room = after(throttled(60));
    room.clock.advance(59_999);
    expect(room.ask()).toBeUndefined();
    room.clock.advance(1);
    expect(room.ask({ mayProbe: false })).toBeUndefined();
    expect(room.ask({ tried: new Set(['a']) })).toBeUndefined();
    const probe = room.pick();
    expect(probe).toMatchObject({ id: 'a', isProbe: true });
    expect(room.ask()).toBeUndefined();
    if (probe !== undefined) room.pool.settle(probe, answered, 'standard');
    expect(room.ask()).toBe('a');
    expect(room.said().at(-1)).toBe('info: Account a@x is back');
  });

  it('goes first, one after the other, before the accounts that are well', () => {
    const room = openRoom(['a', 'b', 'c']);
    room.use(throttled(60));
    room.use(throttled(30));
    room.clock.advance(MINUTE);
    expect([room.ask(), room.ask(), room.ask()]).toEqual(['b?', 'a?', 'c']);
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [4, 8],
    [5, 15],
    [6, 15],
  ])('cools down after strike %d for %d minutes', (strike, minutes) => {
    const room = openRoom(['a']);
    Array.from({ length: strike - 1 }, () => {
      room.use(throttled());
      room.clock.advance(15 * MINUTE);
    });
    room.use(throttled());
    expect(room.pool.report()[0]?.parkings).toMatchObject([
      { kind: 'throttle', until: room.clock.now() + minutes * MINUTE, count: strike },
    ]);
  });

  it('counts requests that were under way together as one strike, and the longest wait', () => {
    const room = openRoom(['a']);
    const picks = [30, undefined, 90, 10].map((seconds) => ({ seconds, pick: room.pick() }));
    picks.forEach(({ seconds, pick }) => {
      room.pool.settle(pick ?? { id: 'nobody', isProbe: false }, throttled(seconds), 'standard');
    });
    expect(room.pool.report()[0]?.parkings).toMatchObject([{ until: room.clock.now() + 90_000, count: 1 }]);
    expect(room.said()).toHaveLength(1);
  });

  it('is not parked again by an answer from before it came back', () => {
    const room = openRoom(['a']);
    const slow = room.pick();
    room.use(throttled(1));
    room.clock.advance(1000);
    room.use(answered);
    if (slow !== undefined) room.pool.settle(slow, refused401, 'standard');
    expect(room.ask()).toBe('a');
    expect(room.pool.report()[0]?.failures).toEqual({ 'rate-limit': 1, authentication: 1 });
  });

  it('lets the next request try when the client left in the middle of the trial', () => {
    const room = openRoom(['a', 'b']);
    room.use(throttled(60));
    room.clock.advance(MINUTE);
    expect(room.use(inconclusive)).toBe('a?');
    expect(room.ask()).toBe('a?');
  });

  it('lets another request try when nobody tells how the trial ended', () => {
    const room = openRoom(['a', 'b']);
    room.use(throttled(60));
    room.clock.advance(MINUTE);
    room.ask();
    room.clock.advance(15 * MINUTE - 1);
    expect(room.ask()).toBe('b');
    room.clock.advance(1);
    expect(room.ask()).toBe('a?');
  });

  it.each([
    ['a quota that is back in six days', spent('limit reached, resets in 6 days')],
    ['an absurd Retry-After', throttled(10 ** 9)],
  ])('is tried once an hour before its time: %s', (_name, outcome) => {
    const room = after(outcome);
    room.clock.advance(HOUR - 1);
    expect(room.ask()).toBeUndefined();
    room.clock.advance(1);
    expect(room.use(outcome)).toBe('a?');
    expect(room.ask()).toBeUndefined();
    room.clock.advance(HOUR);
    expect(room.use(answered)).toBe('a?');
    expect(room.ask()).toBe('a');
  });

  it.each([
    ['401', refused401],
    ['a 402 without a reset', spent('Payment Required')],
  ])('waits for a refresh, and is tried after it: %s', (_name, outcome) => {
    const room = after(outcome);
    room.clock.advance(100 * HOUR);
    expect(room.ask()).toBeUndefined();
    room.pool.refreshed('a');
    expect(room.use(answered)).toBe('a?');
    expect(room.ask()).toBe('a');
  });

  it('is back at once when its owner wants it back, whatever parks it, and only once', () => {
    const room = after(refused401);
    room.clock.advance(MINUTE);
    const wanted = members('a').map((member) => ({ ...member, enabledAt: room.clock.now() + 10 * HOUR }));
    room.pool.setMembers(wanted);
    expect(room.ask()).toBe('a');
    room.clock.advance(MINUTE);
    room.use(refused401);
    room.pool.setMembers(wanted);
    expect(room.ask()).toBeUndefined();
    expect(room.said().slice(1)).toEqual([
      'info: Account a@x is back',
      'warn: Account a@x disabled: its login was refused (expired or revoked)',
    ]);
  });

  it('keeps a quota that another failure says nothing of, and drops a cool-down that is over', () => {
    const room = after(throttled(60));
    room.clock.advance(MINUTE);
    room.use(spent(STANDARD_SPENT));
    room.pool.refreshed('a');
    expect(room.pool.report()[0]?.parkings.map(({ kind }) => kind)).toEqual(['quota']);
  });

  it.each([-3 * 24 * HOUR, -HOUR, -1])('comes back in time though the clock is set back by %d ms', (ms) => {
    const room = after(throttled(1800));
    room.clock.advance(20 * MINUTE);
    room.ask();
    room.clock.jump(ms);
    room.ask();
    room.clock.advance(10 * MINUTE - 1);
    expect(room.ask()).toBeUndefined();
    room.clock.advance(1);
    expect(room.ask()).toBe('a?');
  });
});

describe('the refusal', () => {
  const park = (...outcomes: Parameters<Room['use']>[0][]): Room => {
    const room = openRoom(outcomes.map((_, index) => `acc${index}`));
    for (const outcome of outcomes) room.use(outcome);
    return room;
  };

  it.each([
    ['the soonest of two', [throttled(90), throttled(40)], 40],
    ['with a spent one beside', [spent('spent, resets in 1 min'), throttled(90)], 90],
    ['with one that has no login beside', [refused401, throttled(90)], 90],
  ])('is 429 with the time to wait: %s', (_name, outcomes, seconds) => {
    expect(park(...outcomes).pool.refusal('standard')).toMatchObject({
      kind: 'rate-limit',
      status: 429,
      details: { retryAfterSeconds: seconds },
      message: `The accounts that could serve this are cooling down, the first for ${seconds} s: too many requests (slow down)`,
    });
  });

  it('is 402 with the soonest reset when all quota is spent', () => {
    const room = park(spent(STANDARD_SPENT), spent('limit reached, resets in 3h'), spent('Payment Required'));
    const back = iso(room.clock, HOUR + 52.5 * MINUTE);
    expect(room.pool.refusal('standard')).toMatchObject({
      kind: 'billing',
      status: 402,
      details: { shouldRetry: false },
      message: `All accounts are out of quota: quota of the standard pool is spent, back at ${back} (${STANDARD_SPENT})`,
    });
    expect(room.pool.refusal('core')).toBeUndefined();
  });

  it.each([
    ['one has no login', [spent('spent'), refused401]],
    ['one is well', [spent('spent'), answered]],
    ['none is parked', [broken]],
  ])('is left to others when %s', (_name, outcomes) => {
    expect(park(...outcomes).pool.refusal('standard')).toBeUndefined();
  });

  it('asks for one second at least', () => {
    const room = park(throttled(1));
    room.clock.advance(HOUR);
    expect(room.pool.refusal('core')?.details.retryAfterSeconds).toBe(1);
  });

  it('has nobody wait for one whose login is over', () => {
    const { pool } = park(throttled(40), throttled(90));
    expect(pool.refusal('core', (id) => id !== 'acc0')?.details.retryAfterSeconds).toBe(90);
    expect(pool.refusal('core', () => false)).toBeUndefined();
  });
});
