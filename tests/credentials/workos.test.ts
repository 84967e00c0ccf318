import { describe, expect, it } from 'vitest';
import { readClaims } from '../../src/credentials/jwt.ts';
import { describeTokenError } from '../../src/credentials/redact.ts';
import { isRefusal, refreshTokens } from '../../src/credentials/workos.ts';
import type { Post, PostAnswer, WorkosDeps } from '../../src/credentials/workos.ts';
import { createSecret } from '../../src/kernel/secret.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakeWorkos, makeJwt } from './fake-workos.ts';

const NOW = 1_700_000_000_000;
const clock = createFakeClock(NOW);
const sent = createSecret('canary-login');

const deps = (post: Post): WorkosDeps => ({
  post,
  baseUrl: 'https://workos.test/',
  clientId: 'client_1',
  clock,
});
const answering = (body: object | string, status = 200): WorkosDeps =>
  deps(() => Promise.resolve({ status, text: typeof body === 'string' ? body : JSON.stringify(body) }));
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );

describe('refreshTokens', () => {
  it('sends the refresh grant as a form', async () => {
    const calls: unknown[] = [];
    const post: Post = (url, form, timeoutMs) => {
      calls.push({ url, form, hasLimit: timeoutMs > 0 });
      return Promise.resolve({ status: 200, text: '{"access_token":"a","refresh_token":"r"}' });
    };
    await refreshTokens(sent, deps(post));
    const form = { grant_type: 'refresh_token', refresh_token: 'canary-login', client_id: 'client_1' };
    expect(calls).toEqual([
      { url: 'https://workos.test/user_management/authenticate', form, hasLimit: true },
    ]);
  });

  it('reads the pair with its owner', async () => {
    const who = { sub: 'user_jwt', sid: 'session_jwt' };
    const access = makeJwt({ exp: 1_700_003_600, email: 'jwt@example.com', org_id: 'org_jwt', ...who });
    const pair = await refreshTokens(sent, answering({ access_token: access, refresh_token: 'r2' }));
    expect(pair.accessToken.reveal()).toBe(access);
    expect(pair.refreshToken.reveal()).toBe('r2');
    expect(pair).toMatchObject({
      expiresAt: NOW + 3_600_000,
      email: 'jwt@example.com',
      organizationId: 'org_jwt',
      userId: 'user_jwt',
      sessionId: 'session_jwt',
    });
  });

  it('believes the answer rather than the claims', async () => {
    const access = makeJwt({ email: 'jwt@example.com', org_id: 'org_jwt' });
    const body = {
      access_token: access,
      user: { id: 'user_body', email: 'user@example.com' },
      organization_id: 'org_body',
    };
    const pair = await refreshTokens(sent, answering(body));
    expect(pair).toMatchObject({
      email: 'user@example.com',
      organizationId: 'org_body',
      userId: 'user_body',
    });
  });

  it('keeps the token it sent when the service does not rotate', async () => {
    const pair = await refreshTokens(sent, answering({ access_token: 'a' }));
    expect(pair.refreshToken.reveal()).toBe('canary-login');
  });

  it.each([
    ['exp', { access_token: makeJwt({ exp: NOW / 1000 + 60 }), expires_in: 3600 }, 60_000],
    ['expires_in without exp', { access_token: 'opaque', expires_in: 3600 }, 3_600_000],
    [
      'expires_in when exp is over already',
      { access_token: makeJwt({ exp: NOW / 1000 - 60 }), expires_in: 300 },
      300_000,
    ],
    ['eight hours when nothing is said', { access_token: 'opaque' }, 28_800_000],
    ['eight hours instead of nonsense', { access_token: 'opaque', expires_in: 1e300 }, 28_800_000],
  ])('takes the end of the token from %s', async (_from, body, lifetimeMs) => {
    expect((await refreshTokens(sent, answering(body))).expiresAt).toBe(NOW + lifetimeMs);
  });

  it('asks again at once with the same token when the answer is lost', async () => {
    const workos = createFakeWorkos({ clock, logins: ['canary-login'] });
    workos.next('lost');
    const pair = await refreshTokens(sent, deps(workos.post));
    expect(pair.accessToken.reveal()).toBe(workos.made[0]);
    expect(workos.asked).toEqual(['canary-login', 'canary-login']);
  });

  it.each([
    ['is not JSON', '<html>'],
    ['holds no token', '{}'],
    ['is cut', '{"access_token":"a'],
  ])('asks again at once when a success %s', async (_what, text) => {
    const workos = createFakeWorkos({ clock, logins: ['canary-login'] });
    workos.next({ status: 200, text });
    expect((await refreshTokens(sent, deps(workos.post))).accessToken.reveal()).toBe(workos.made[0]);
  });

  it('gives up for now after two lost answers', async () => {
    const workos = createFakeWorkos({ clock, logins: ['canary-login'] });
    workos.next('unreachable', 'unreachable');
    const failure = await failureOf(refreshTokens(sent, deps(workos.post)));
    expect(failure).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('refused the connection') as string,
    });
    expect(workos.asked).toHaveLength(2);
  });

  it('tells a system error by its code alone', async () => {
    const post: Post = () =>
      Promise.reject(Object.assign(new Error('canary in a message'), { code: 'ECONNRESET' }));
    const failure = await failureOf(refreshTokens(sent, deps(post)));
    expect(failure).toMatchObject({ message: 'WorkOS gave no answer (ECONNRESET)' });
  });

  it.each<[string, PostAnswer, boolean]>([
    ['invalid_grant', { status: 400, text: '{"error":"invalid_grant"}' }, true],
    ['401', { status: 401, text: '' }, true],
    ['403', { status: 403, text: '{"message":"no"}' }, true],
    ['429', { status: 429, text: '{}' }, false],
    ['408', { status: 408, text: '' }, false],
    ['a proxy that wants a password', { status: 407, text: '' }, false],
    ['a page of something in between', { status: 403, text: ' <html>blocked</html>' }, false],
    ['500', { status: 500, text: '{"error":"server_error"}' }, false],
    ['a redirect', { status: 302, text: '' }, false],
  ])('knows whether %s is final', async (_what, answer, isFinal) => {
    const failure = await failureOf(
      refreshTokens(
        sent,
        deps(() => Promise.resolve(answer)),
      ),
    );
    expect(isRefusal(failure)).toBe(isFinal);
    expect(failure).toMatchObject({ kind: isFinal ? 'upstream-auth' : 'unavailable' });
  });

  it('names the reason of a refusal without the token it quotes', async () => {
    const workos = createFakeWorkos({ clock, logins: [] });
    const failure = await failureOf(refreshTokens(sent, deps(workos.post)));
    expect(failure).toMatchObject({
      message:
        'WorkOS refused the refresh token (HTTP 400, invalid_grant, Token [redacted] already exchanged.)',
      details: { code: 'invalid_grant' },
    });
  });
});

describe('describeTokenError', () => {
  it('shows only the three fields of the standard', () => {
    const text = JSON.stringify({
      error: 'a',
      error_description: 'b',
      error_uri: 'c',
      refresh_token: 'canary',
    });
    expect(describeTokenError(400, text, [])).toEqual({ code: 'a', message: 'HTTP 400, a, b, c' });
  });

  it('shows nothing of a body that is no JSON object', () => {
    expect(describeTokenError(502, 'canary', [])).toEqual({ message: 'HTTP 502' });
  });

  it('puts a long description on one short line', () => {
    const text = JSON.stringify({ error_description: `a\n\n${'b'.repeat(1000)}` });
    expect(describeTokenError(400, text, []).message).toBe(`HTTP 400, a ${'b'.repeat(298)}`);
  });
});

describe('readClaims', () => {
  it.each([
    ['an opaque key', 'fk-abc'],
    ['two parts', 'a.b'],
    ['a payload that is no JSON', 'a.b.c'],
    ['claims of the wrong type', makeJwt({ exp: 'soon', iat: null, email: 1 })],
    ['a time that no clock can show', makeJwt({ exp: 1e300 })],
  ])('is empty for %s', (_what, token) => {
    expect(readClaims(createSecret(token))).toEqual({});
  });

  it('reads times in milliseconds', () => {
    expect(readClaims(createSecret(makeJwt({ exp: 2, iat: 1 })))).toEqual({
      expiresAt: 2000,
      issuedAt: 1000,
    });
  });
});
