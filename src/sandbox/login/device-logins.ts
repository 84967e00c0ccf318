import type { JsonObject } from '../../kernel/json.ts';
import type { NextId } from '../counting-ids.ts';
import type { SandboxClock } from '../wall-clock.ts';
import { refuse } from './refuse.ts';

const SLOWER_BY_SECONDS = 5;

/** `expire`: nobody comes before the code is too old. */
type LoginOutcome = 'approve' | 'deny' | 'expire';

/** How a login in the browser goes. */
export interface LoginOptions {
  /** Seconds to keep between two polls; 5 unless told. */
  readonly intervalSeconds?: number | undefined;
  /** Seconds until the code is too old; 300 unless told. */
  readonly expiresInSeconds?: number | undefined;
  /** Polls that are told to wait before the user has decided; 1 unless told. */
  readonly pendingPolls?: number | undefined;
  /** What the user decides; of a list, the n-th login takes the n-th or the last. `approve` unless told. */
  readonly outcome?: LoginOutcome | readonly LoginOutcome[] | undefined;
  /** Seconds that an access token is good for; 8 hours unless told. */
  readonly accessTokenSeconds?: number | undefined;
  /** Who logs in; the n-th login is `sandbox-n@example.com` unless told. */
  readonly email?: string | undefined;
  /** A fresh login belongs to no organisation until it is refreshed into one. */
  readonly withoutOrganization?: boolean | undefined;
}

/** Logins that wait for somebody in a browser. */
export interface DeviceLogins {
  readonly start: () => JsonObject;
  /**
   * The e-mail address of the login that this code stands for; the code is spent then.
   *
   * @throws Refusal `authorization_pending`, `slow_down`, `expired_token`, `access_denied` or `invalid_grant`.
   */
  readonly finish: (deviceCode: string) => string;
}

interface Login {
  readonly email: string;
  readonly expiresAt: number;
  readonly outcome: LoginOutcome;
  pendingPolls: number;
  intervalMs: number;
  polledAt: number;
}

export interface DeviceLoginsDeps {
  readonly clock: SandboxClock;
  readonly nextId: NextId;
  readonly options: LoginOptions;
  /** Where the user is sent. */
  readonly pageUrl: () => string;
}

export function createDeviceLogins({ clock, nextId, options, pageUrl }: DeviceLoginsDeps): DeviceLogins {
  const { intervalSeconds = 5, expiresInSeconds = 300, pendingPolls = 1 } = options;
  const logins = new Map<string, Login>();
  let count = 0;
  return {
    start: () => {
      count += 1;
      for (const [code, login] of logins) if (login.expiresAt < clock.now()) logins.delete(code);
      const deviceCode = nextId('device_');
      const userCode = `SAND-${String(count).padStart(4, '0')}`;
      logins.set(deviceCode, {
        email: options.email ?? `sandbox-${count}@example.com`,
        expiresAt: clock.now() + expiresInSeconds * 1000,
        outcome: outcomeOf(options, count),
        pendingPolls,
        intervalMs: intervalSeconds * 1000,
        polledAt: -Infinity,
      });
      return {
        device_code: deviceCode,
        user_code: userCode,
        verification_uri: pageUrl(),
        verification_uri_complete: `${pageUrl()}?user_code=${userCode}`,
        expires_in: expiresInSeconds,
        interval: intervalSeconds,
      };
    },
    finish: (deviceCode) => {
      const login = logins.get(deviceCode);
      if (login === undefined) refuse('invalid_grant', 'The device code is unknown or has been used.');
      checkPoll(login, clock.now());
      logins.delete(deviceCode);
      return login.email;
    },
  };
}

function outcomeOf({ outcome = 'approve' }: LoginOptions, count: number): LoginOutcome {
  if (typeof outcome === 'string') return outcome;
  return outcome[count - 1] ?? outcome.at(-1) ?? 'approve';
}

/** @throws Refusal unless the user has approved by now. */
function checkPoll(login: Login, now: number): void {
  const sincePollMs = now - login.polledAt;
  login.polledAt = now;
  if (now > login.expiresAt) expire();
  if (sincePollMs < login.intervalMs) {
    login.intervalMs += SLOWER_BY_SECONDS * 1000;
    refuse('slow_down', 'You are polling too often.');
  }
  if (login.pendingPolls > 0) {
    login.pendingPolls -= 1;
    refuse('authorization_pending', 'The authorization request is still pending.');
  }
  if (login.outcome === 'deny') refuse('access_denied', 'The user has denied the request.');
  if (login.outcome === 'expire') expire();
}

const expire = (): never => refuse('expired_token', 'The device code has expired.');
