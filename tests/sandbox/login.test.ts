import { describe, expect, it } from 'vitest';
import type { LoginOptions } from '../../src/sandbox/login/device-logins.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { ask, jsonOf, openSandbox } from './raw-client.ts';

const AUTHENTICATE = '/user_management/authenticate';
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

interface Answer {
  readonly status: number | undefined;
  readonly body: Record<string, unknown>;
}

async function post(sandbox: Sandbox, path: string, form: Record<string, string>): Promise<Answer> {
  const body = new URLSearchParams(form).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await ask(sandbox, { path, body, headers });
  return { status: answer.status, body: jsonOf(answer) as Record<string, unknown> };
}

const refresh = (sandbox: Sandbox, token: unknown, more: Record<string, string> = {}): Promise<Answer> =>
  post(sandbox, AUTHENTICATE, {
    grant_type: 'refresh_token',
    refresh_token: String(token),
    client_id: 'c',
    ...more,
  });

const start = (sandbox: Sandbox): Promise<Answer> =>
  post(sandbox, '/user_management/authorize/device', { client_id: 'c' });

const poll = (sandbox: Sandbox, code: unknown): Promise<Answer> =>
  post(sandbox, AUTHENTICATE, { grant_type: DEVICE_GRANT, device_code: String(code), client_id: 'c' });

interface Login {
  readonly clock: FakeClock;
  readonly sandbox: Sandbox;
  readonly code: unknown;
}

async function startedLogin(login: LoginOptions = {}): Promise<Login> {
  const clock = createFakeClock();
  const sandbox = await openSandbox({ clock, login });
  return { clock, sandbox, code: (await start(sandbox)).body['device_code'] };
}

const claimsOf = (token: unknown): unknown =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());

describe('a device login', () => {
  it('starts with codes, a page and how to poll', async () => {
    const sandbox = await openSandbox();
    expect((await start(sandbox)).body).toEqual({
      device_code: expect.stringMatching(/^device_/) as string,
      user_code: 'SAND-0001',
      verification_uri: `${sandbox.url}/device`,
      verification_uri_complete: `${sandbox.url}/device?user_code=SAND-0001`,
      expires_in: 300,
      interval: 5,
    });
    expect((await ask(sandbox, { path: '/device?user_code=SAND-0001', method: 'GET' })).status).toBe(200);
  });

  it('is pending at first and then brings tokens and the user, once', async () => {
    const { clock, sandbox, code } = await startedLogin();
    expect((await poll(sandbox, code)).body).toMatchObject({ error: 'authorization_pending' });
    clock.advance(5_000);
    expect(await poll(sandbox, code)).toMatchObject({
      status: 200,
      body: {
        user: { email: 'sandbox-1@example.com' },
        organization_id: 'org_sandbox',
        refresh_token: expect.any(String) as string,
      },
    });
    expect((await poll(sandbox, code)).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('slows down who polls too often, more each time', async () => {
    const { clock, sandbox, code } = await startedLogin();
    await poll(sandbox, code);
    clock.advance(4_999);
    expect(await poll(sandbox, code)).toMatchObject({ status: 400, body: { error: 'slow_down' } });
    clock.advance(9_999);
    expect((await poll(sandbox, code)).body).toMatchObject({ error: 'slow_down' });
    clock.advance(15_000);
    expect((await poll(sandbox, code)).status).toBe(200);
  });

  it('grows too old', async () => {
    const { clock, sandbox, code } = await startedLogin({ expiresInSeconds: 10 });
    clock.advance(10_001);
    expect((await poll(sandbox, code)).body).toMatchObject({ error: 'expired_token' });
  });

  it('may be denied', async () => {
    const { sandbox, code } = await startedLogin({ outcome: 'deny', pendingPolls: 0 });
    expect((await poll(sandbox, code)).body).toMatchObject({ error: 'access_denied' });
  });

  it('ends as the list has it, the last word counting for all that follow', async () => {
    const sandbox = await openSandbox({ login: { pendingPolls: 0, outcome: ['expire', 'deny'] } });
    const end = async (): Promise<unknown> =>
      (await poll(sandbox, (await start(sandbox)).body['device_code'])).body['error'];
    expect([await end(), await end(), await end()]).toEqual([
      'expired_token',
      'access_denied',
      'access_denied',
    ]);
  });

  it('may belong to no organisation until it is refreshed into one', async () => {
    const { sandbox, code } = await startedLogin({ pendingPolls: 0, withoutOrganization: true });
    const { body } = await poll(sandbox, code);
    expect(body).not.toHaveProperty('organization_id');
    expect(claimsOf(body['access_token'])).not.toHaveProperty('org_id');
    const moved = await refresh(sandbox, body['refresh_token'], { organization_id: 'org_sandbox' });
    expect(moved.body).toMatchObject({ organization_id: 'org_sandbox' });
    expect(claimsOf(moved.body['access_token'])).toMatchObject({ org_id: 'org_sandbox' });
    expect((await refresh(sandbox, moved.body['refresh_token'])).body).toMatchObject({
      organization_id: 'org_sandbox',
    });
  });

  it('is the same person under the same address', async () => {
    const sandbox = await openSandbox();
    const [one, two, other] = ['a@x', 'a@x', 'b@x'].map((email) => {
      const { sub } = claimsOf(sandbox.issueTokens(email).accessToken) as { sub: string };
      return sub;
    });
    expect(two).toBe(one);
    expect(other).not.toBe(one);
  });

  it('is forgotten after it expired, when another one starts', async () => {
    const { clock, sandbox, code } = await startedLogin({ email: 'me@example.com', pendingPolls: 0 });
    clock.advance(300_001);
    const next = (await start(sandbox)).body['device_code'];
    expect((await poll(sandbox, code)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await poll(sandbox, next)).body).toMatchObject({ user: { email: 'me@example.com' } });
  });
});

describe('a refresh', () => {
  it('brings a new pair whose access token tells its expiry and its owner', async () => {
    const clock = createFakeClock(1_700_000_000_000);
    const sandbox = await openSandbox({ clock });
    const { refreshToken, accessToken } = sandbox.issueTokens('me@example.com');
    const { body } = await refresh(sandbox, refreshToken);
    expect(body['refresh_token']).not.toBe(refreshToken);
    expect(body['access_token']).not.toBe(accessToken);
    expect(claimsOf(body['access_token'])).toMatchObject({
      email: 'me@example.com',
      exp: 1_700_000_000 + 8 * 3600,
      iat: 1_700_000_000,
    });
  });

  it('brings the same pair again within 30 s, and nothing after that', async () => {
    const clock = createFakeClock();
    const sandbox = await openSandbox({ clock });
    const { refreshToken } = sandbox.issueTokens();
    const first = await refresh(sandbox, refreshToken);
    clock.advance(30_000);
    expect((await refresh(sandbox, refreshToken)).body).toEqual(first.body);
    clock.advance(1);
    expect(await refresh(sandbox, refreshToken)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect((await refresh(sandbox, first.body['refresh_token'])).status).toBe(200);
  });

  it('rotates although its answer is lost on the way', async () => {
    const clock = createFakeClock();
    const sandbox = await openSandbox({ clock });
    const { refreshToken } = sandbox.issueTokens();
    sandbox.script({ failure: 'cut-before-first', path: AUTHENTICATE });
    const body = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: 'c' };
    expect((await ask(sandbox, { path: AUTHENTICATE, body })).end).toBe('cut');
    clock.advance(30_001);
    expect((await refresh(sandbox, refreshToken)).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('does not rotate when it is refused', async () => {
    const clock = createFakeClock();
    const sandbox = await openSandbox({ clock });
    const { refreshToken } = sandbox.issueTokens();
    sandbox.script({ failure: 'server-500' });
    await ask(sandbox, {
      path: AUTHENTICATE,
      body: { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: 'c' },
    });
    clock.advance(60_000);
    expect((await refresh(sandbox, refreshToken)).status).toBe(200);
  });

  it.each<[string, Record<string, string>, string]>([
    ['an unknown token', {}, 'invalid_grant'],
    ['another organisation', { organization_id: 'org_x' }, 'organization_not_found'],
    ['another grant', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['no client', { client_id: '' }, 'invalid_request'],
  ])('is refused for %s', async (name, form, error) => {
    const sandbox = await openSandbox();
    const token = name === 'an unknown token' ? 'x' : sandbox.issueTokens().refreshToken;
    expect(await refresh(sandbox, token, form)).toMatchObject({ status: 400, body: { error } });
  });
});
