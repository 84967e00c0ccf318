import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTokenCache } from '../../src/credentials/token-cache.ts';
import type { Tokens } from '../../src/credentials/tokens.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { until } from '../support/until.ts';

const HOUR = 3_600_000;
const refused = new GatewayError('upstream-auth', 'WorkOS refused the refresh token (invalid_grant)');
const unreachable = new GatewayError('unavailable', 'WorkOS gave no answer (ECONNRESET)');

/** A cache over a service that answers when the test says so. */
function makeCache({ lifetimeMs = 8 * HOUR } = {}) {
  const clock = createFakeClock();
  const logger = createRecordingLogger();
  const waiting: { held: Tokens; resolve: (tokens: Tokens) => void; reject: (error: unknown) => void }[] = [];
  let calls = 0;
  const cache = createTokenCache({
    label: () => 'the login',
    advice: 'Log in again.',
    intervalMs: 6 * HOUR,
    refresh: (held) => {
      calls += 1;
      return new Promise((resolve, reject) => waiting.push({ held, resolve, reject }));
    },
    clock,
    logger,
  });
  const made = (name: string): Tokens => ({
    accessToken: createSecret(name),
    refreshToken: createSecret(`refresh of ${name}`),
    expiresAt: clock.now() + lifetimeMs,
    issuedAt: clock.now(),
  });
  const settle = async (act: (one: (typeof waiting)[number]) => void): Promise<void> => {
    await until(() => waiting.length > 0);
    waiting.splice(0).forEach(act);
    await setImmediate();
  };
  return {
    cache,
    clock,
    logger,
    made,
    calls: () => calls,
    grant: (name: string) => settle(({ resolve }) => resolve(made(name))),
    fail: (error: unknown) => settle(({ reject }) => reject(error)),
    shown: async () => (await cache.token()).reveal(),
  };
}

const messages = (lines: readonly { message: string }[]): string =>
  lines.map(({ message }) => message).join('\n');

describe('a token cache', () => {
  it('hands out a valid token without a call', async () => {
    const { cache, made, shown, calls } = makeCache();
    cache.adopt(made('one'));
    expect(await shown()).toBe('one');
    expect(calls()).toBe(0);
  });

  it('makes callers wait for one refresh when there is no token', async () => {
    const { cache, grant, calls } = makeCache();
    cache.adopt({ refreshToken: createSecret('login') });
    const callers = Array.from({ length: 50 }, () => cache.token());
    await grant('one');
    expect(new Set((await Promise.all(callers)).map((token) => token.reveal()))).toEqual(new Set(['one']));
    expect(calls()).toBe(1);
  });

  it('makes callers wait when the token has ended', async () => {
    const { cache, made, clock, grant, shown } = makeCache();
    cache.adopt(made('one'));
    clock.advance(8 * HOUR);
    const caller = shown();
    await grant('two');
    expect(await caller).toBe('two');
  });

  it.each([
    ['older than the interval', 8 * HOUR, 6 * HOUR],
    ['two minutes from its end', HOUR, HOUR - 120_000],
    ['past the middle of a short life', 60_000, 30_000],
  ])('refreshes beside the callers a token that is %s', async (_what, lifetimeMs, afterMs) => {
    const { cache, made, clock, grant, shown, calls } = makeCache({ lifetimeMs });
    cache.adopt(made('one'));
    clock.advance(afterMs - 1);
    expect(await shown()).toBe('one');
    expect(calls()).toBe(0);
    clock.advance(1);
    expect([await shown(), await shown()]).toEqual(['one', 'one']);
    expect(calls()).toBe(1);
    await grant('two');
    expect(await shown()).toBe('two');
  });

  it('uses a token of unknown age at once and refreshes it', async () => {
    const { cache, calls, shown } = makeCache();
    cache.adopt({ accessToken: createSecret('one'), refreshToken: createSecret('login') });
    expect(await shown()).toBe('one');
    expect(calls()).toBe(1);
  });

  it('refreshes by itself once it is started, and again after that', async () => {
    const { cache, made, clock, grant, calls } = makeCache();
    cache.adopt(made('one'));
    await cache.start();
    clock.advance(6 * HOUR);
    expect(calls()).toBe(1);
    await grant('two');
    clock.advance(6 * HOUR);
    expect(calls()).toBe(2);
  });

  it('leaves a login alone that nobody uses', () => {
    const { cache, made, clock, calls } = makeCache();
    cache.adopt(made('one'));
    clock.advance(20 * HOUR);
    expect([calls(), clock.pending()]).toEqual([0, 0]);
  });

  it('waits at the start only for a refresh that is due', async () => {
    const { cache, made, calls, grant } = makeCache();
    cache.adopt(made('one'));
    await cache.start();
    expect(calls()).toBe(0);
    cache.adopt({ refreshToken: createSecret('login') });
    const start = cache.start();
    await grant('two');
    await start;
    expect((await cache.token()).reveal()).toBe('two');
  });

  it('stops its timer, and waits for the refresh under way', async () => {
    const { cache, made, clock, grant } = makeCache();
    cache.adopt(made('one'));
    await cache.start();
    clock.advance(6 * HOUR);
    const stop = cache.stop();
    await grant('two');
    await stop;
    expect(clock.pending()).toBe(0);
  });
});

describe('a refresh that fails for now', () => {
  it('leaves the token in use until its end', async () => {
    const { cache, made, clock, fail, shown, logger } = makeCache();
    cache.adopt(made('one'));
    await cache.start();
    clock.advance(6 * HOUR);
    await fail(unreachable);
    expect(await shown()).toBe('one');
    expect(cache.isUsable()).toBe(true);
    expect(logger.lines).toMatchObject([
      { level: 'warn', message: expect.stringContaining('the token in use stays') as string },
    ]);
  });

  it('is tried again by itself, later each time', async () => {
    const { cache, clock, fail, calls } = makeCache();
    cache.adopt({ refreshToken: createSecret('login') });
    void cache.start();
    await fail(unreachable);
    clock.advance(4_999);
    expect(calls()).toBe(1);
    clock.advance(1);
    expect(calls()).toBe(2);
    await fail(unreachable);
    clock.advance(9_999);
    expect(calls()).toBe(2);
    clock.advance(1);
    expect(calls()).toBe(3);
  });

  it('answers callers at once in between, without another call', async () => {
    const { cache, fail, calls } = makeCache();
    cache.adopt({ refreshToken: createSecret('login') });
    const first = expect(cache.token()).rejects.toMatchObject({ kind: 'unavailable' });
    await fail(unreachable);
    await first;
    await expect(cache.token()).rejects.toThrow(
      /the login: WorkOS gave no answer \(ECONNRESET\); the next try is at 20/,
    );
    expect(calls()).toBe(1);
    expect(cache.isUsable()).toBe(false);
  });

  it('is forgotten after a success', async () => {
    const { cache, clock, fail, grant, shown } = makeCache();
    cache.adopt({ refreshToken: createSecret('login') });
    void cache.start();
    await fail(unreachable);
    clock.advance(5_000);
    await grant('one');
    expect(await shown()).toBe('one');
    expect(cache.reason()).toBeUndefined();
  });

  it('shows an unforeseen error by its code alone', async () => {
    const { cache, fail, logger } = makeCache();
    cache.adopt({ refreshToken: createSecret('login') });
    void cache.start();
    await fail(Object.assign(new Error('canary'), { code: 'EIO' }));
    expect(cache.reason()).toContain('EIO');
    expect(messages(logger.lines)).not.toContain('canary');
  });
});

describe('a refresh that is refused', () => {
  it('leaves the token in use, tells the owner, and backs off', async () => {
    const { cache, made, clock, fail, shown, calls, logger } = makeCache();
    cache.adopt(made('one'));
    await cache.start();
    clock.advance(6 * HOUR);
    await fail(refused);
    clock.advance(59_999);
    expect(await shown()).toBe('one');
    expect(calls()).toBe(1);
    clock.advance(1);
    expect(calls()).toBe(2);
    expect(logger.lines).toMatchObject([
      { level: 'error', message: expect.stringMatching(/invalid_grant.*Log in again\./) as string },
    ]);
  });

  it("is the gateway's failure once no token is left", async () => {
    const { cache, fail } = makeCache();
    cache.adopt({ refreshToken: createSecret('login') });
    const caller = expect(cache.token()).rejects.toMatchObject({
      kind: 'upstream-auth',
      message: expect.stringContaining('Log in again.') as string,
    });
    await fail(refused);
    await caller;
    expect(cache.isUsable()).toBe(false);
  });

  it('is over as soon as new tokens come from outside', async () => {
    const { cache, made, fail, shown } = makeCache();
    cache.adopt({ refreshToken: createSecret('login') });
    void cache.start();
    await fail(refused);
    cache.adopt(made('mended'));
    expect(await shown()).toBe('mended');
    expect(cache.isUsable()).toBe(true);
  });

  it.each([
    ['has ended', -1, 'the access token has ended and there is no refresh token'],
    ['lives', 1, undefined],
  ])('is never tried for an access token alone that %s', async (_what, expiresInMs, reason) => {
    const { cache, clock, calls } = makeCache();
    cache.adopt({ accessToken: createSecret('one'), expiresAt: clock.now() + expiresInMs });
    await cache.start();
    expect(calls()).toBe(0);
    expect(cache.isUsable()).toBe(reason === undefined);
    expect(cache.reason()).toEqual(reason && `the login: ${reason}. Log in again.`);
  });
});
