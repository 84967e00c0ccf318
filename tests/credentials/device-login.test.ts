import { describe, expect, it } from 'vitest';
import { awaitDeviceLogin, startDeviceLogin } from '../../src/credentials/device-login.ts';
import type { DeviceCode, DeviceOutcome } from '../../src/credentials/device-login.ts';
import type { Post, PostAnswer, WorkosDeps } from '../../src/credentials/workos.ts';
import { GatewayError } from '../../src/kernel/gateway-error.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/until.ts';
import { makeJwt } from './fake-workos.ts';

type Fate = PostAnswer | Error | 'silence';

interface Service extends WorkosDeps {
  readonly clock: FakeClock;
  /** Requests so far, with the milliseconds since the beginning. */
  readonly seen: { readonly url: string; readonly form: Record<string, string>; readonly at: number }[];
}

const json = (status: number, body: object): PostAnswer => ({ status, text: JSON.stringify(body) });
const refusal = (error: string, error_description = 'because'): PostAnswer =>
  json(400, { error, error_description });
const STAYING = new AbortController().signal;
const PENDING = refusal('authorization_pending');
const TOKENS = json(200, {
  access_token: makeJwt({ exp: 1_700_010_000, email: 'jwt@example.com', org_id: 'org_1' }),
  refresh_token: 'canary-refresh',
  user: { email: 'me@example.com' },
});
const START = {
  device_code: 'canary-device',
  user_code: 'ABCD-EFGH',
  verification_uri: 'https://auth.example.com/device',
  verification_uri_complete: 'https://auth.example.com/device?user_code=ABCD-EFGH',
  expires_in: 300,
  interval: 5,
};

function serve(...fates: readonly Fate[]): Service {
  const clock = createFakeClock();
  const begun = clock.now();
  const seen: Service['seen'] = [];
  const queue = [...fates];
  const post: Post = (url, form) => {
    seen.push({ url, form: { ...form }, at: clock.now() - begun });
    const fate = queue.shift() ?? PENDING;
    if (fate === 'silence') return new Promise(() => undefined);
    return fate instanceof Error ? Promise.reject(fate) : Promise.resolve(fate);
  };
  return { post, clock, seen, baseUrl: 'https://workos.example.com/', clientId: 'client_1' };
}

interface Waited {
  readonly outcome: DeviceOutcome;
  readonly troubles: readonly (string | undefined)[];
  readonly polledAt: readonly number[];
}

/** Starts a login and waits for its end, second by second. */
async function wait(...fates: readonly Fate[]): Promise<Waited> {
  const service = serve(json(200, START), ...fates);
  const troubles: (string | undefined)[] = [];
  const code = await startDeviceLogin(service, STAYING);
  let outcome: DeviceOutcome | undefined;
  void awaitDeviceLogin(code, {
    ...service,
    signal: new AbortController().signal,
    onTrouble: (words) => void troubles.push(words),
  }).then((end) => {
    outcome = end;
  });
  await until(() => {
    if (outcome === undefined) service.clock.advance(1000);
    return outcome !== undefined;
  });
  const polledAt = service.seen.slice(1).map(({ at }) => at / 1000);
  return { outcome: outcome ?? { kind: 'cancelled' }, troubles, polledAt };
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('startDeviceLogin', () => {
  it('asks for a code and understands the answer', async () => {
    const service = serve(json(200, START));
    const code = await startDeviceLogin(service, STAYING);
    expect(service.seen).toEqual([
      {
        url: 'https://workos.example.com/user_management/authorize/device',
        form: { client_id: 'client_1' },
        at: 0,
      },
    ]);
    expect({ ...code, secret: code.secret.reveal() }).toEqual({
      userCode: 'ABCD-EFGH',
      url: START.verification_uri_complete,
      expiresAt: service.clock.now() + 300_000,
      intervalMs: 5000,
      secret: 'canary-device',
    });
    expect(JSON.stringify(code)).not.toContain('canary');
  });

  it.each<[string, object, Partial<DeviceCode>]>([
    ['a plain link', { verification_uri_complete: undefined }, { url: START.verification_uri }],
    [
      'a link that no browser should be sent to',
      { verification_uri_complete: 'file:///etc/passwd' },
      { url: START.verification_uri },
    ],
    [
      'no times',
      { interval: undefined, expires_in: 'soon' },
      { intervalMs: 5000, expiresAt: 1_700_000_300_000 },
    ],
    ['absurd times', { interval: -1, expires_in: 1e12 }, { intervalMs: 5000, expiresAt: 1_700_086_400_000 }],
  ])('makes do with %s', async (_, change, expected) => {
    expect(await startDeviceLogin(serve(json(200, { ...START, ...change })), STAYING)).toMatchObject(
      expected,
    );
  });

  it.each<[string, Fate, string, RegExp]>([
    [
      'no answer',
      new GatewayError('bad-upstream', 'the upstream refused the connection'),
      'unavailable',
      /refused the connection/,
    ],
    ['a broken socket', new Error('ECONNRESET with details'), 'unavailable', /no answer \(Error\)/],
    ['a server error', json(503, { error: 'down' }), 'unavailable', /HTTP 503, down/],
    ['a page in between', { status: 403, text: '<html>' }, 'unavailable', /HTTP 403/],
    [
      'a refusal',
      refusal('invalid_client', 'no such client'),
      'upstream-auth',
      /invalid_client, no such client/,
    ],
    ['something else', json(200, { hello: 1 }), 'bad-upstream', /without a code/],
    [
      'no good link',
      json(200, { ...START, verification_uri: 'javascript:1', verification_uri_complete: 7 }),
      'bad-upstream',
      /link/,
    ],
  ])('tells of %s', async (_, fate, kind, words) => {
    expect(await failure(startDeviceLogin(serve(fate), STAYING))).toMatchObject({
      kind,
      message: expect.stringMatching(words) as string,
    });
  });

  it.each<[string, AbortSignal | undefined]>([
    ['before', AbortSignal.abort()],
    ['while WorkOS is silent', undefined],
  ])('stops at once when it is cancelled %s', async (_, already) => {
    const leaving = new AbortController();
    const work = failure(startDeviceLogin(serve('silence'), already ?? leaving.signal));
    leaving.abort();
    expect(await work).toMatchObject({ kind: 'cancelled' });
  });
});

describe('awaitDeviceLogin', () => {
  it('polls at the interval it was told until the person has confirmed', async () => {
    const { outcome, polledAt } = await wait(PENDING, PENDING, TOKENS);
    expect(polledAt).toEqual([5, 10, 15]);
    expect(outcome).toMatchObject({
      kind: 'approved',
      pair: { email: 'me@example.com', organizationId: 'org_1', expiresAt: 1_700_010_000_000 },
    });
    expect(outcome.kind === 'approved' && outcome.pair.refreshToken.reveal()).toBe('canary-refresh');
  });

  it('polls five seconds more slowly each time it is told to', async () => {
    const { polledAt } = await wait(refusal('slow_down'), PENDING, refusal('slow_down'), TOKENS);
    expect(polledAt).toEqual([5, 15, 25, 40]);
  });

  it.each<[string, Fate, object]>([
    ['expired', refusal('expired_token'), { kind: 'expired' }],
    ['denied', refusal('access_denied'), { kind: 'denied' }],
    [
      'refused',
      refusal('invalid_grant', 'used canary-device'),
      { kind: 'refused', reason: 'HTTP 400, invalid_grant, used [redacted]' },
    ],
    ['refused', refusal('something_new'), { kind: 'refused', reason: 'HTTP 400, something_new, because' }],
  ])('ends as %s', async (_, fate, outcome) => {
    expect((await wait(PENDING, fate)).outcome).toEqual(outcome);
  });

  it('goes on through everything that may pass, and says so', async () => {
    const { outcome, troubles, polledAt } = await wait(
      new GatewayError('timeout', 'the account service did not answer within 15 s'),
      json(502, { error: 'bad_gateway' }),
      json(429, {}),
      { status: 403, text: '<html>log in to the airport</html>' },
      json(503, { error: 'access_denied' }),
      json(200, { access_token: 'half' }),
      PENDING,
      TOKENS,
    );
    expect(outcome.kind).toBe('approved');
    expect(troubles).toEqual([
      'the account service did not answer within 15 s',
      'HTTP 502, bad_gateway',
      'HTTP 429',
      'HTTP 403',
      'HTTP 503, access_denied',
      'an answer without tokens',
      undefined,
    ]);
    expect(polledAt).toEqual([5, 10, 15, 20, 25, 30, 35, 40]);
  });

  it('is over when the code is, whether WorkOS says so or cannot be reached', async () => {
    const lost = Array.from({ length: 100 }, () => new Error('lost'));
    const { outcome, polledAt } = await wait(...lost);
    expect(outcome).toEqual({ kind: 'expired' });
    expect(polledAt.at(-1)).toBe(300);
  });

  it.each<[string, boolean]>([
    ['while it waits', false],
    ['while an answer is under way', true],
  ])('stops at once when it is cancelled %s, and leaves no timer', async (_, isAsking) => {
    const service = serve(json(200, START), 'silence');
    const leaving = new AbortController();
    const code = await startDeviceLogin(service, STAYING);
    const end = awaitDeviceLogin(code, { ...service, signal: leaving.signal, onTrouble: () => undefined });
    await until(() => {
      if (isAsking) service.clock.advance(5000);
      return !isAsking || service.seen.length > 1;
    });
    leaving.abort();
    expect(await end).toEqual({ kind: 'cancelled' });
    expect(service.clock.pending()).toBe(0);
  });

  it('does not even ask when it was cancelled before', async () => {
    const service = serve(json(200, START));
    const code = await startDeviceLogin(service, STAYING);
    const outcome = await awaitDeviceLogin(code, {
      ...service,
      signal: AbortSignal.abort(),
      onTrouble: () => undefined,
    });
    expect(outcome).toEqual({ kind: 'cancelled' });
    expect(service.seen).toHaveLength(1);
  });
});
