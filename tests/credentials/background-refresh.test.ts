import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { dueTime } from '../../src/credentials/due-time.ts';
import { countFailure } from '../../src/credentials/refresh-failure.ts';
import type { RefreshFailure } from '../../src/credentials/refresh-failure.ts';
import type { RefreshTurns } from '../../src/credentials/refresh-turns.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { until } from '../support/until.ts';
import { makeCache } from './make-cache.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const refused = new GatewayError('upstream-auth', 'WorkOS refused the refresh token (invalid_grant)');
const unreachable = new GatewayError('unavailable', 'WorkOS gave no answer (ECONNRESET)');

/** A queue in which turns come when the test says so. */
function makeQueue() {
  const queue: { isUrgent: boolean; come: () => Promise<void> }[] = [];
  const turns: RefreshTurns = {
    request: (refresh, isUrgent) => {
      let finish = (): void => undefined;
      const done = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const turn = { isUrgent, come: () => refresh().finally(finish) };
      queue.push(turn);
      const giveUp = (): void => {
        if (queue.includes(turn)) queue.splice(queue.indexOf(turn), 1);
        finish();
      };
      return { done, giveUp };
    },
  };
  return { turns, queue, come: () => queue.shift()?.come() };
}

describe('a refresh that nobody waits for', () => {
  it('waits for its turn', async () => {
    const { turns, queue, come } = makeQueue();
    const { cache, clock, calls } = makeCache({ turns });
    await cache.start();
    clock.advance(6 * HOUR);
    expect([queue.length, calls()]).toEqual([1, 0]);
    await come();
    expect([(await cache.token()).reveal(), queue.length]).toEqual(['token 1', 0]);
  });

  it('keeps its place however many requests see that it is due', async () => {
    const { turns, queue } = makeQueue();
    const { cache, clock } = makeCache({ turns });
    clock.advance(6 * HOUR);
    expect((await cache.token()).reveal()).toBe('token 0');
    const [first] = queue;
    await cache.token();
    expect(queue).toEqual([first]);
  });

  it('is given up when a request that could not wait has refreshed', async () => {
    const { turns, queue } = makeQueue();
    const { cache, clock, calls, renew } = makeCache({ turns });
    await cache.start();
    clock.advance(6 * HOUR);
    expect(await renew('token 0')).toBe('token 1');
    await setImmediate();
    expect([queue.length, calls()]).toEqual([0, 1]);
  });

  it('is given up when another process has refreshed, and ends the waiting at the start', async () => {
    const { turns, queue } = makeQueue();
    const { cache, clock, tokensOf, calls } = makeCache({ turns });
    clock.advance(6 * HOUR);
    const start = cache.start();
    expect(queue).toHaveLength(1);
    cache.adopt(tokensOf("the peer's"));
    await start;
    expect([queue.length, calls()]).toEqual([0, 0]);
  });

  it('is given up when the gateway stops', async () => {
    const { turns, queue } = makeQueue();
    const { cache, clock } = makeCache({ turns });
    clock.advance(6 * HOUR);
    const start = cache.start();
    await cache.stop();
    await start;
    expect([queue.length, clock.pending()]).toEqual([0, 0]);
  });

  it.each([
    ['urgent while the token may be half-spent', unreachable, 5_000, true],
    ['not urgent when the token was refused', refused, MINUTE, false],
  ])('is %s', async (_what, failure, laterMs, isUrgent) => {
    const { turns, queue, come } = makeQueue();
    const { cache, clock, failNext } = makeCache({ turns });
    failNext(failure);
    await cache.start();
    clock.advance(6 * HOUR);
    await come();
    clock.advance(laterMs);
    expect(queue).toMatchObject([{ isUrgent }]);
  });
});

describe('a refresh that somebody waits for', () => {
  it('is made after the gateway has stopped too, and starts nothing anew', async () => {
    const { cache, clock } = makeCache();
    await cache.start();
    await cache.stop();
    clock.advance(8 * HOUR);
    expect((await cache.token()).reveal()).toBe('token 1');
    await setImmediate();
    expect(clock.pending()).toBe(0);
  });

  it('takes no turn', async () => {
    const { turns, queue } = makeQueue();
    const { cache, clock } = makeCache({ turns });
    clock.advance(8 * HOUR);
    expect((await cache.token()).reveal()).toBe('token 1');
    expect(queue).toEqual([]);
  });

  it('takes none either when it was interrupted, though it is not due', async () => {
    const { turns, queue } = makeQueue();
    const { cache, calls } = makeCache({ turns });
    await cache.start(true);
    expect([queue.length, calls()]).toEqual([0, 1]);
  });
});

describe('a refresh at the wish of the owner', () => {
  it('comes though it is not due, and succeeds', async () => {
    const { cache, calls } = makeCache();
    expect([await cache.refresh(), calls()]).toEqual([true, 1]);
    expect((await cache.token()).reveal()).toBe('token 1');
  });

  it('comes though the last failure was a moment ago', async () => {
    const { cache, failNext } = makeCache();
    failNext(refused);
    expect([await cache.refresh(), await cache.refresh()]).toEqual([false, true]);
  });

  it('fails for an access token alone', async () => {
    const { cache, calls } = makeCache();
    cache.adopt({ accessToken: createSecret('lonely') });
    expect([await cache.refresh(), calls()]).toEqual([false, 0]);
  });
});

describe('a refusal', () => {
  it('is told loudly once, and softly as long as it lasts', async () => {
    const { cache, clock, logger, failNext, calls } = makeCache();
    failNext(refused, refused, refused);
    await cache.refresh();
    clock.advance(MINUTE);
    await until(() => logger.lines.length === 2);
    clock.advance(2 * MINUTE);
    await until(() => logger.lines.length === 3);
    expect(logger.lines.map(({ level }) => level)).toEqual(['error', 'warn', 'warn']);
    expect(calls()).toBe(3);
  });

  it('is told loudly again after a success', async () => {
    const { cache, logger, failNext } = makeCache();
    failNext(refused);
    await cache.refresh();
    await cache.refresh();
    failNext(refused);
    await cache.refresh();
    expect(logger.lines.map(({ level }) => level)).toEqual(['error', 'error']);
  });
});

describe('failures in a row', () => {
  const after = (...errors: readonly Error[]): RefreshFailure | undefined =>
    errors.reduce<RefreshFailure | undefined>((before, error) => countFailure(before, error, 0), undefined);

  it.each([
    ['one outage', [unreachable], 5_000],
    ['three outages', [unreachable, unreachable, unreachable], 20_000],
    ['outages without end', Array.from({ length: 40 }, () => unreachable), 5 * MINUTE],
    ['one refusal', [refused], MINUTE],
    ['refusals without end', Array.from({ length: 40 }, () => refused), 6 * HOUR],
    ['an outage after refusals', [refused, refused, unreachable], 5_000],
  ])('wait after %s', (_what, errors, waitMs) => {
    expect(after(...errors)?.retryAt).toBe(waitMs);
  });
});

describe('a clock that is set back after a failure', () => {
  it('does not put off the next try for as long', async () => {
    const { cache, clock, failNext } = makeCache();
    clock.advance(9 * HOUR);
    failNext(unreachable);
    await cache.token().catch(() => undefined);
    clock.advance(-HOUR / 2);
    expect((await cache.token()).reveal()).toBe('token 2');
  });
});

describe('the time at which a token is due', () => {
  it.each([
    [undefined, 6 * HOUR],
    [0, 6 * HOUR],
    [0.5, 5.7 * HOUR],
    [1, 5.4 * HOUR],
  ])('is brought forward by a spread of %s', (spread, due) => {
    expect(dueTime({}, 0, { intervalMs: 6 * HOUR, spread })).toBeCloseTo(due);
  });

  it('is never later than shortly before the end', () => {
    expect(dueTime({ expiresAt: HOUR }, 0, { intervalMs: 6 * HOUR })).toBe(HOUR - 2 * MINUTE);
  });
});

describe('what hears of refreshes', () => {
  it('hears of those that succeed, not of tokens that are handed in', async () => {
    let heard = 0;
    const { cache, failNext } = makeCache({ onRefreshed: () => (heard += 1) });
    expect(heard).toBe(0);
    failNext(unreachable);
    await cache.refresh();
    expect(heard).toBe(0);
    await cache.refresh();
    expect(heard).toBe(1);
  });
});
