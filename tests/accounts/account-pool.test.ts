import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../src/kernel/reply.ts';
import { HOUR, MINUTE, answered, broken, failed, members, openRoom, shares } from './pool-room.ts';
import type { Room } from './pool-room.ts';

/** Brings the accounts down to these healths. */
const weaken = (room: Room, states: Readonly<Record<string, number>>): void => {
  const snapshot = room.pool.snapshot();
  room.pool.restore(
    new Map(
      [...snapshot].map(([id, state]) => [
        id,
        { ...state, health: states[id] ?? 100, healthAt: room.clock.now() },
      ]),
    ),
  );
};

describe('the account pool', () => {
  it('knows nobody before it is told', () => {
    const room = openRoom([]);
    expect([room.ask(), room.pool.refusal('core'), room.pool.isUsable()]).toEqual([
      undefined,
      undefined,
      false,
    ]);
  });

  it('gives two of three requests to the account of full health beside one of half', () => {
    const room = openRoom();
    weaken(room, { b: 50 });
    expect(shares(room, 3000)).toEqual({ a: 2000, b: 1000 });
  });

  it('starves no account, however weak', () => {
    const room = openRoom(['a', 'b', 'c']);
    weaken(room, { c: 1 });
    expect(shares(room, 3000)['c']).toBeGreaterThanOrEqual(14);
  });

  it('gives an account that keeps failing less, and its share back as time heals it', () => {
    const room = openRoom();
    const fail = (): void => {
      const pick = room.pick();
      if (pick !== undefined) room.pool.settle(pick, pick.id === 'b' ? broken : answered, 'standard');
    };
    Array.from({ length: 60 }, fail);
    expect(shares(room, 300)['b']).toBeLessThan(40);
    room.clock.advance(2 * HOUR);
    expect(shares(room, 300)['b']).toBeGreaterThan(145);
  });

  it.each([400, 403, 404, 409, 413, 422])('touches no account for a %d', (status) => {
    const room = openRoom(['a']);
    room.use(failed('invalid-request', status));
    expect(room.pool.report()).toMatchObject([{ health: 100, parkings: [], word: 'ready', requests: 1 }]);
  });

  it('passes over what was tried, what is off and what is gone', () => {
    const room = openRoom(['a', 'b', 'c']);
    room.pool.setMembers([...members('a', 'b'), { id: 'd', label: 'd', enabled: false }]);
    expect(room.ask({ tried: new Set(['a', 'elsewhere']) })).toBe('b');
    expect(room.ask({ tried: new Set(['a', 'b']) })).toBeUndefined();
    expect(Object.keys(shares(room, 30))).toEqual(['a', 'b']);
    expect(room.pool.report().map(({ word }) => word)).toEqual(['ready', 'ready', 'off']);
  });

  it('keeps what it knows of an account that is gone for a while', () => {
    const room = openRoom(['a']);
    room.use(broken);
    room.pool.setMembers([]);
    room.pool.setMembers(members('a'));
    expect(room.pool.report()).toMatchObject([{ id: 'a', requests: 1, health: 80 }]);
  });

  it('passes over an account without a token while another has one', () => {
    const room = openRoom(['a', 'b']);
    room.poor.add('a');
    expect(shares(room, 30)).toEqual({ b: 30 });
    expect(room.pool.report()[0]?.word).toBe('no-token');
    room.poor.clear();
    room.pool.refreshed('a');
    expect(shares(room, 30)).toEqual({ a: 15, b: 15 });
  });

  it('asks again after a second whether it has one by now', () => {
    const room = openRoom(['a', 'b']);
    room.poor.add('a');
    shares(room, 3);
    room.poor.clear();
    room.clock.advance(1001);
    expect(shares(room, 30)).toEqual({ a: 15, b: 15 });
  });

  it('lets requests wait for a refresh, on one account after the other, when none has a token', () => {
    const room = openRoom(['a', 'b']);
    room.poor.add('a').add('b');
    expect(shares(room, 30)).toEqual({ a: 15, b: 15 });
    expect(room.ask({ tried: new Set(['a', 'b']) })).toBeUndefined();
    expect([room.pool.isUsable(), room.pool.isUsable(() => true)]).toEqual([false, true]);
  });

  it('counts requests, failures, tokens and the last error', () => {
    const room = openRoom(['a']);
    const usage = { ...NO_USAGE, inputTokens: 10, cacheReadTokens: 4, outputTokens: 3 };
    room.use({ kind: 'answered', usage });
    room.use({ kind: 'inconclusive', usage });
    room.use({ kind: 'unused' });
    room.clock.advance(MINUTE);
    room.use(failed('timeout', undefined, 'nothing came\nat all'));
    expect(room.pool.report()).toMatchObject([
      {
        requests: 3,
        failures: { timeout: 1 },
        tokens: { input: 20, output: 6, cached: 8 },
        lastUsedAt: room.clock.now(),
        lastError: { at: room.clock.now(), kind: 'timeout', message: 'nothing came at all' },
      },
    ]);
    expect(room.changes()).toBe(4);
  });

  it('ignores what it hears of an account that it does not know', () => {
    const room = openRoom(['a']);
    room.pool.settle({ id: 'x', isProbe: false }, broken, 'core');
    room.pool.refreshed('x');
    expect(room.pool.report()).toHaveLength(1);
  });
});

describe('affinity', () => {
  const session = 'conversation 1';

  function bonded(): { room: Room; first: string; other: string } {
    const room = openRoom();
    room.setAffinity('conversation');
    const first = room.pick({ session })?.id ?? '';
    return { room, first, other: first === 'a' ? 'b' : 'a' };
  }

  it('is off unless it is wanted', () => {
    const room = openRoom();
    expect([room.ask({ session }), room.ask({ session })]).toEqual(['a', 'b']);
  });

  it('keeps a conversation with its account, and lets others have the other one', () => {
    const { room, first, other } = bonded();
    expect([room.ask({ session }), room.ask({ session })]).toEqual([first, first]);
    expect([room.ask(), room.ask()]).toEqual([other, other]);
  });

  it('does not starve the account of a busy conversation afterwards', () => {
    const { room, first } = bonded();
    Array.from({ length: 5000 }, () => room.ask({ session }));
    expect(shares(room, 20)[first]).toBeGreaterThan(3);
  });

  it.each<[string, (room: Room, first: string, other: string) => void]>([
    ['is gone', (room, _first, other) => room.pool.setMembers(members(other))],
    ['has no token', (room, first) => void room.poor.add(first)],
    ['is not healthy', (room, first) => weaken(room, { [first]: 49 })],
    ['has been tried', () => undefined],
    [
      'is parked',
      (room, first) => {
        const pick = { ...room.pick({ session }), id: first, isProbe: true };
        room.pool.settle(pick, failed('authentication', 401), 'standard');
      },
    ],
  ])('moves the conversation for good when its account %s', (_name, spoil) => {
    const { room, first, other } = bonded();
    spoil(room, first, other);
    expect(room.ask({ session, tried: new Set([first]) })).toBe(other);
    expect(room.ask({ session })).toBe(other);
  });

  it.each([
    [59 * MINUTE, true],
    [HOUR, false],
  ])('after a rest of %d ms the bond holds: %s', (rest, holds) => {
    const { room, first } = bonded();
    room.clock.advance(rest);
    const stays = [room.ask({ session }), room.ask({ session }), room.ask({ session })];
    expect(stays[0] === first).toBe(holds);
    expect(new Set(stays).size).toBe(1);
  });

  it('does not keep names of any length', () => {
    const room = openRoom();
    room.setAffinity('conversation');
    const long = 'x'.repeat(257);
    expect([room.ask({ session: long }), room.ask({ session: long })]).toEqual(['a', 'b']);
  });
});
