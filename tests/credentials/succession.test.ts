import { describe, expect, it } from 'vitest';
import { createSuccession } from '../../src/credentials/succession.ts';
import type { TokenPair, Tokens } from '../../src/credentials/tokens.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { makeJwt } from './fake-workos.ts';

const pair = (access: string, refresh: string): TokenPair => ({
  accessToken: createSecret(access),
  refreshToken: createSecret(refresh),
  expiresAt: 9,
});
const refreshAlone = (refresh: string): Tokens => ({ refreshToken: createSecret(refresh) });
const accessAlone = (access: string): Tokens => ({ accessToken: createSecret(access) });
/** An access token that says when, in seconds, and in which session it was made. */
const made = (iat: number, sid = 'session_1'): string => makeJwt({ iat, sid });

describe('a succession of tokens', () => {
  it('begins with whatever comes', () => {
    const succession = createSuccession();
    expect([succession.newest(), succession.judge(pair('a', 'A'))]).toEqual([undefined, 'news']);
    succession.follow(pair('a', 'A'));
    expect(succession.judge(pair('a', 'A'))).toBe('same');
  });

  it.each<[string, Tokens, string]>([
    ['the traded pair', pair('a', 'A'), 'superseded'],
    ['the traded refresh token alone', refreshAlone('A'), 'superseded'],
    ['the old access token alone', accessAlone('a'), 'superseded'],
    ['the old access token beside the new refresh token', pair('a', 'B'), 'superseded'],
    ['the old access token beside a new login', pair('a', 'N'), 'news'],
    ['the new access token beside a new login', pair('b', 'N'), 'news'],
    ['a new access token beside the same refresh token', pair('n', 'B'), 'news'],
    ['another login', pair('n', 'N'), 'news'],
    ['the newest', pair('b', 'B'), 'same'],
  ])('after a trade takes %s for what it is', (_what, found, standing) => {
    const succession = createSuccession();
    succession.follow(pair('a', 'A'));
    succession.trade(pair('a', 'A'), pair('b', 'B'));
    expect(succession.judge(found)).toBe(standing);
  });

  it('knows a traded token even when little is left to defend', () => {
    const succession = createSuccession();
    succession.trade(pair('a', 'A'), pair('b', 'B'));
    succession.follow(refreshAlone('C'));
    expect(succession.judge(pair('a', 'A'))).toBe('superseded');
    expect(succession.judge(pair('b', 'B'))).toBe('news');
  });

  it('does not take a refresh token for spent that the trade has left as it was', () => {
    const succession = createSuccession();
    succession.trade(pair('a', 'A'), pair('b', 'A'));
    expect(succession.judge(pair('c', 'A'))).toBe('news');
    expect(succession.judge(pair('a', 'A'))).toBe('superseded');
  });

  it('knows what another process has replaced', () => {
    const succession = createSuccession();
    succession.follow(pair('a', 'A'));
    succession.follow(pair('b', 'B'));
    expect(succession.judge(pair('a', 'A'))).toBe('superseded');
  });

  it('takes the replaced tokens back when those that came after them are refused', () => {
    const succession = createSuccession();
    succession.follow(pair('a', 'A'));
    succession.follow(pair('b', 'B'));
    succession.doubt();
    expect(succession.judge(pair('a', 'A'))).toBe('news');
    succession.follow(pair('a', 'A'));
    expect(succession.judge(pair('b', 'B'))).toBe('superseded');
  });

  it.each<[string, Tokens, Tokens]>([
    ['of another session', { sessionId: 'session_1' }, { sessionId: 'session_2' }],
    ['of another person', { userId: 'user_1' }, { userId: 'user_2' }],
  ])('can go back to a login that was replaced by one %s', (_what, first, second) => {
    const succession = createSuccession();
    succession.follow({ ...pair('a', 'A'), ...first });
    succession.follow({ ...pair('b', 'B'), ...second });
    expect(succession.judge(pair('a', 'A'))).toBe('news');
  });

  it.each<[string, string, string]>([
    ['older, of the same session', made(99), 'superseded'],
    ['as old, of the same session', `${made(100)}x`, 'news'],
    ['younger, of the same session', made(101), 'news'],
    ['older, of another session', made(99, 'session_2'), 'news'],
    ['of unknown age', makeJwt({ sid: 'session_1' }), 'news'],
    ['not even a web token', 'opaque', 'news'],
  ])('judges an access token that was never seen before and is %s', (_what, access, standing) => {
    const succession = createSuccession();
    succession.follow(pair(made(100), 'B'));
    expect(succession.judge(pair(access, 'unknown'))).toBe(standing);
  });

  it('counts an ancestor as spent, unless it is still in use', () => {
    const succession = createSuccession();
    succession.follow(pair('b', 'B'), createSecret('A'));
    expect(succession.judge(refreshAlone('A'))).toBe('superseded');
    succession.follow(pair('c', 'C'), createSecret('C'));
    expect(succession.judge(pair('d', 'C'))).toBe('news');
  });

  it('forgets what is long past', () => {
    const succession = createSuccession();
    const chain = Array.from({ length: 52 }, (_, index) => pair(`a${index}`, `r${index}`));
    chain.slice(1).forEach((next, index) => succession.trade(chain[index] ?? next, next));
    expect(['r0', 'r1', 'r50'].map((name) => succession.judge(refreshAlone(name)))).toEqual([
      'news',
      'superseded',
      'superseded',
    ]);
  });
});
