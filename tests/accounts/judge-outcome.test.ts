import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeOutcome } from '../../src/accounts/judge-outcome.ts';
import { readQuota } from '../../src/accounts/read-quota.ts';
import type { Outcome } from '../../src/credentials/credential.ts';
import { ERROR_KINDS, GatewayError } from '../../src/kernel/gateway-error.ts';
import { DAY, HOUR, MINUTE, answered, failed, inconclusive, spent } from './pool-room.ts';

const wordOf = (outcome: Outcome): string => {
  const verdict = judgeOutcome(outcome, 'standard');
  return verdict.kind === 'park' ? verdict.grounds.kind : verdict.kind;
};

const withBody = (text: string): Outcome => ({
  kind: 'failed',
  status: 402,
  error: new GatewayError('billing', 'upstream returned HTTP 402'),
  text,
});

const groundsOf = (outcome: Outcome, pool: 'standard' | 'core' = 'standard'): unknown => {
  const verdict = judgeOutcome(outcome, pool);
  return verdict.kind === 'park'
    ? { scopes: verdict.grounds.scopes, waitMs: verdict.grounds.waitMs }
    : verdict;
};

describe('judgeOutcome', () => {
  it.each([
    [200, 'rate-limit', 'throttle'],
    [400, 'billing', 'nothing'],
    [401, 'invalid-request', 'login'],
    [402, 'invalid-request', 'quota'],
    [403, 'authentication', 'nothing'],
    [404, 'server', 'nothing'],
    [407, 'server', 'nothing'],
    [408, 'invalid-request', 'setback'],
    [409, 'server', 'nothing'],
    [413, 'server', 'nothing'],
    [422, 'server', 'nothing'],
    [429, 'billing', 'throttle'],
    [500, 'invalid-request', 'setback'],
    [529, 'overloaded', 'setback'],
  ] as const)('goes by the status first: %d with %s is %s', (status, kind, expected) => {
    expect(wordOf(failed(kind, status))).toBe(expected);
  });

  it('goes by the kind where there was no status', () => {
    expect(ERROR_KINDS.map((kind) => `${kind}: ${wordOf(failed(kind, undefined))}`)).toEqual([
      'invalid-request: nothing',
      'context-length: nothing',
      'content-policy: nothing',
      'authentication: login',
      'billing: quota',
      'permission: nothing',
      'not-found: nothing',
      'conflict: nothing',
      'too-large: nothing',
      'rate-limit: throttle',
      'overloaded: setback',
      'timeout: setback',
      'server: setback',
      'bad-upstream: setback',
      'stream-cut: setback',
      'upstream-auth: nothing',
      'unavailable: nothing',
      'cancelled: nothing',
    ]);
  });

  it('knows success, and what says nothing', () => {
    expect([wordOf(answered), wordOf(inconclusive)]).toEqual(['success', 'nothing']);
  });

  it.each([
    [
      'You have reached your 5-hour limit for the standard pool. It resets in 1h 51min. Switch to Droid Core or enable extra usage.',
      ['standard'],
      HOUR + 52.5 * MINUTE,
    ],
    [
      'You have hit your weekly Droid Core limit. Resets in 6 days',
      ['core', 'standard'],
      6 * DAY + 1.5 * MINUTE,
    ],
    ['Your monthly usage is exhausted, resets in 40 days', ['account'], 31 * DAY],
    ['Weekly limit of the standard pool reached, resets in 206 hours', ['standard'], 7 * DAY],
    ['5-hour limit reached; resets in 6 days', ['account'], 5 * HOUR],
    ['Credit limit reached, resets in 4 hours and 59 minutes', ['account'], 5 * HOUR],
    [
      'Limits of the standard and core pools are exhausted. Resets in 2h',
      ['account'],
      2 * HOUR + 1.5 * MINUTE,
    ],
    ['No active subscription found. Standard plans start at $20; please subscribe', ['account'], undefined],
    ['Payment Required', ['account'], undefined],
  ])('reads of "%s" whose quota and how long', (words, scopes, waitMs) => {
    expect(groundsOf(spent(words))).toEqual({ scopes, waitMs });
  });

  it.each([
    [
      '{"status":402,"title":"Payment Required","detail":"Weekly limit of the core pool reached, resets in 2 days"}',
    ],
    [
      '{"error":{"message":"Weekly limit of the core pool reached, resets in 2 days"},"quoted":"standard limit reached, resets in 9s"}',
    ],
    ['[{"error":"Weekly limit of the core pool reached, resets in 2 days"}]'],
    ['{"errors":[{"detail":"Weekly limit of the core pool reached, resets in 2 days"}]}'],
    ['Weekly limit of the core pool reached, resets in 2 days'],
  ])('reads the body %s', (text) => {
    expect(groundsOf(withBody(text), 'core')).toEqual({ scopes: ['core'], waitMs: 2 * DAY + 90_000 });
  });

  it.each(['', '<html>limit of the core pool reached, resets in 2 days</html>', '{"detail":5}', '[]', '7'])(
    'takes a body that says nothing to people for what it is: %s',
    (text) => {
      expect(groundsOf(withBody(text))).toEqual({ scopes: ['account'], waitMs: undefined });
    },
  );

  it('takes a Retry-After where a spent quota names no reset', () => {
    expect(groundsOf(failed('billing', 402, 'spent', { retryAfterSeconds: 60 }))).toEqual({
      scopes: ['account'],
      waitMs: 60_000,
    });
  });

  it('never waits for longer than a month, for less than nothing, or for NaN', () => {
    const words = fc.array(
      fc.constantFrom(
        'limit reached ',
        'weekly ',
        '5-hour ',
        'resets in ',
        '9'.repeat(30),
        '3',
        ' days',
        'h',
        '. ',
        ' and ',
      ),
    );
    fc.assert(
      fc.property(words, (parts) => {
        const { waitMs = 0 } = readQuota(parts.join(''));
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(31 * DAY);
      }),
    );
  });

  it.each([
    ['a token', 'Bearer abcDEF123456789 was refused'],
    ['a web token', 'token eyJhbGciOiJIUzI1NiJ9.canary.c2ln is old'],
  ])('keeps %s out of the reason, and the reason on one line', (_name, words) => {
    const verdict = judgeOutcome(
      failed('authentication', 401, `${words}\n\u001b[31m${'x'.repeat(900)}`),
      'core',
    );
    const reason = verdict.kind === 'park' ? verdict.grounds.reason : '';
    expect(reason).toMatch(/^its login was refused \(.*\[redacted\] (?:was refused|is old) \[31mx+\)$/);
    expect(reason.length).toBeLessThan(230);
  });
});
