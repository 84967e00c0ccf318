import { describe, expect, it } from 'vitest';
import type { Credential } from '../../src/credentials/credential.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { ownWords } from '../../src/pipeline/own-words.ts';

const account: Credential = {
  id: 'acc_1',
  label: 'me@example.com',
  holder: 'gateway',
  isAccount: true,
  token: () => Promise.resolve(createSecret('canary')),
  renew: () => Promise.resolve(undefined),
};
const client: Credential = { ...account, holder: 'client', isAccount: false };
const key: Credential = { ...account, isAccount: false };

const refused = new GatewayError('authentication', 'Token revoked.');
const spent = new GatewayError('billing', 'Resets in 6 days.', { code: 'quota' });
const throttled = new GatewayError('rate-limit', 'Slow down.');
const nothingLeft = new GatewayError('unavailable', 'no account is usable');
const othersWait = new GatewayError('rate-limit', 'all are throttled', { retryAfterSeconds: 40 });

describe('what a client hears of a refused credential', () => {
  it.each([refused, spent, throttled])('is the refusal itself where the credential is its own', (error) => {
    expect(ownWords(error, client, undefined)).toBe(error);
    expect(ownWords(error, undefined, undefined)).toBe(error);
  });

  it('is a 502 for a refused login of the gateway, never a 401', () => {
    expect(ownWords(refused, account, nothingLeft)).toMatchObject({
      status: 502,
      message: expect.stringContaining('me@example.com') as unknown,
    });
  });

  it('is a 402 that must not be tried again when a single key pays', () => {
    expect(ownWords(spent, key, undefined)).toMatchObject({
      status: 402,
      message: 'Resets in 6 days.',
      details: { shouldRetry: false, code: 'quota' },
    });
  });

  it('is a 503 with the reasons when not every account is out of quota', () => {
    expect(ownWords(spent, account, nothingLeft)).toBe(nothingLeft);
  });

  it('is a 402 with the first account to be back when the quota of all is spent', () => {
    const allSpent = new GatewayError('billing', 'All accounts are out of quota, back at noon');
    expect(ownWords(spent, account, allSpent)).toBe(allSpent);
  });

  it('is a 503 that may be tried at once when another account is ready', () => {
    expect(ownWords(spent, account, undefined)).toMatchObject({
      status: 503,
      details: { shouldRetry: true, retryAfterSeconds: 1 },
    });
  });

  it.each([refused, spent])('is a 429 with a time when the others only have to cool down', (error) => {
    expect(ownWords(error, account, othersWait)).toBe(othersWait);
  });

  it('is the 429 of the upstream, with the time of the cool-down where the upstream told none', () => {
    expect(ownWords(throttled, account, othersWait)).toMatchObject({
      status: 429,
      message: 'Slow down.',
      details: { retryAfterSeconds: 40 },
    });
    expect(ownWords(throttled, account, undefined)).toBe(throttled);
    const told = new GatewayError('rate-limit', 'Slow down.', { retryAfterSeconds: 7 });
    expect(ownWords(told, account, othersWait)).toBe(told);
  });

  it('is the time of the first account that is back, where the one that refused has longer to wait', () => {
    const told = new GatewayError('rate-limit', 'Slow down.', { retryAfterSeconds: 3600 });
    expect(ownWords(told, account, othersWait)).toMatchObject({
      status: 429,
      message: 'Slow down.',
      details: { retryAfterSeconds: 40 },
    });
  });

  it.each([refused, spent])('is a 503 with a time when another account is just being tried', (error) => {
    const tried = new GatewayError('unavailable', 'one is being tried', { retryAfterSeconds: 3 });
    expect(ownWords(error, account, tried)).toBe(tried);
  });

  it.each([
    [403, refused, 'permission'],
    [404, spent, 'not-found'],
    [413, throttled, 'too-large'],
    [422, spent, 'invalid-request'],
  ] as const)('is a refusal of the request with its %i, whatever word it uses', (status, error, kind) => {
    expect(ownWords(error, account, undefined, status)).toMatchObject({
      status,
      kind,
      message: error.message,
    });
  });

  it('is no promise of another account where this one is not out of quota', () => {
    expect(ownWords(spent, account, undefined, 400)).toMatchObject({
      status: 402,
      details: { shouldRetry: false },
    });
  });

  it('is whatever the upstream said otherwise', () => {
    const other = new GatewayError('permission', 'Not for you.');
    expect(ownWords(other, account, othersWait)).toBe(other);
  });
});
