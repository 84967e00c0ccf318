import { GatewayError } from '../../src/kernel/gateway-error.ts';
import type { Clock } from '../../src/kernel/ports.ts';
import type { Post, PostAnswer } from '../../src/credentials/workos.ts';

const REPLAY_MS = 30_000;

/** A token endpoint with single-use refresh tokens, and the window in which a spent one brings the same pair again. */
export interface FakeWorkos {
  readonly post: Post;
  /** Access tokens made so far, the newest last; each is a JSON web token with a canary in it. */
  readonly made: readonly string[];
  /** Refresh tokens as they came in. */
  readonly asked: readonly string[];
  /** True when this refresh token would be honoured now. */
  readonly honours: (refreshToken: string) => boolean;
  /** What happens to the next calls, one each; then all is normal again. */
  readonly next: (...fates: readonly Fate[]) => void;
}

/** `lost`: the pair is made but the answer never arrives. `unreachable`: nothing arrives at all. */
type Fate = 'lost' | 'unreachable' | PostAnswer;

export interface FakeWorkosOptions {
  readonly clock: Clock;
  readonly lifetimeMs?: number;
  /** Refresh tokens of logins that exist from the beginning. */
  readonly logins: readonly string[];
}

interface Made {
  readonly access: string;
  readonly refresh: string;
  readonly at: number;
}

export function createFakeWorkos({
  clock,
  lifetimeMs = 8 * 3_600_000,
  logins,
}: FakeWorkosOptions): FakeWorkos {
  const live = new Map(logins.map((login, index) => [login, `session_${index + 1}`]));
  const spent = new Map<string, Made>();
  const asked: string[] = [];
  const made: string[] = [];
  const fates: Fate[] = [];

  const trade = (token: string): Made | undefined => {
    const earlier = spent.get(token);
    if (earlier !== undefined) return clock.now() - earlier.at <= REPLAY_MS ? earlier : undefined;
    const session = live.get(token);
    if (session === undefined) return undefined;
    live.delete(token);
    const pair = {
      access: makeJwt({
        exp: (clock.now() + lifetimeMs) / 1000,
        iat: clock.now() / 1000,
        jti: `canary-${made.length}`,
        sid: session,
      }),
      refresh: `canary-refresh-${made.length + 1}`,
      at: clock.now(),
    };
    made.push(pair.access);
    live.set(pair.refresh, session);
    spent.set(token, pair);
    return pair;
  };

  return {
    made,
    asked,
    honours: (token) => live.has(token) || clock.now() - (spent.get(token)?.at ?? -Infinity) <= REPLAY_MS,
    next: (...list) => void fates.push(...list),
    post: async (_url, form) => {
      await Promise.resolve();
      const token = form['refresh_token'] ?? '';
      asked.push(token);
      const fate = fates.shift();
      if (fate === 'unreachable')
        throw new GatewayError('bad-upstream', 'the upstream refused the connection');
      if (typeof fate === 'object') return fate;
      const pair = trade(token);
      if (fate === 'lost') throw new GatewayError('bad-upstream', 'the upstream reset the connection');
      return pair === undefined ? refusal(token) : success(pair);
    },
  };
}

const success = ({ access, refresh }: Made): PostAnswer => ({
  status: 200,
  text: JSON.stringify({ access_token: access, refresh_token: refresh, user: { email: 'me@example.com' } }),
});

/** Quotes the token, as a careless service might. */
const refusal = (token: string): PostAnswer => ({
  status: 400,
  text: JSON.stringify({
    error: 'invalid_grant',
    error_description: `Token ${token} already exchanged.`,
    token,
  }),
});

/** An unsigned token with these claims. */
export function makeJwt(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.canary-signature`;
}
