import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { makeCache } from './make-cache.ts';

const HOUR = 3_600_000;

describe('renewal after a 401', () => {
  it('refreshes a token that is not due, once for all who ask', async () => {
    const { renew, calls } = makeCache();
    const answers = await Promise.all(Array.from({ length: 50 }, () => renew('token 0')));
    expect(new Set(answers)).toEqual(new Set(['token 1']));
    expect(calls()).toBe(1);
  });

  it('hands out the token that is there when another one was refused', async () => {
    const { renew, calls } = makeCache();
    expect(await renew('an older token')).toBe('token 0');
    expect(calls()).toBe(0);
  });

  it('joins a refresh that is under way', async () => {
    const { cache, clock, renew, calls } = makeCache();
    clock.advance(6 * HOUR);
    await cache.token();
    expect(await renew('token 0')).toBe('token 1');
    expect(calls()).toBe(1);
  });

  it('ends in nothing, and the token stays, when WorkOS is out of reach', async () => {
    const { cache, renew, failNext } = makeCache();
    failNext(new GatewayError('unavailable', 'no answer'));
    expect(await renew('token 0')).toBeUndefined();
    expect(cache.isUsable()).toBe(true);
    expect((await cache.token()).reveal()).toBe('token 0');
  });

  it('ends the token when both sides refuse it', async () => {
    const { cache, renew, failNext } = makeCache();
    failNext(new GatewayError('upstream-auth', 'refused'));
    expect(await renew('token 0')).toBeUndefined();
    expect(cache.isUsable()).toBe(false);
    await expect(cache.token()).rejects.toMatchObject({ kind: 'upstream-auth' });
  });

  it('comes back by itself after a refusal that was not final', async () => {
    const { cache, clock, renew, failNext } = makeCache();
    failNext(new GatewayError('upstream-auth', 'refused'));
    await renew('token 0');
    clock.advance(60_000);
    expect(await renew('token 0')).toBe('token 2');
    expect(cache.isUsable()).toBe(true);
  });

  it('ends an access token that has no refresh token', async () => {
    const { cache, renew, calls } = makeCache();
    cache.adopt({ accessToken: createSecret('lonely') });
    expect(await renew('lonely')).toBeUndefined();
    expect(cache.isUsable()).toBe(false);
    expect(calls()).toBe(0);
  });

  it('does not become a stream of refreshes when every token is refused', async () => {
    const { clock, renew, calls } = makeCache();
    await renew('token 0');
    await renew('token 1');
    await renew('token 2');
    expect(await renew('token 3')).toBeUndefined();
    expect(calls()).toBe(3);
    clock.advance(5 * 60_000);
    expect(await renew('token 3')).toBe('token 4');
  });
});
